import { ApiProblem, api, type ListQuery } from '../../../kernel/ui/base/api.ts';
import type { Filter } from '../../../kernel/ui/base/types.ts';
import type { Sellable } from './sale.ts';

export type Shelf = { id: string; name: string };

/** So many products are known without the network; a larger shop finds those that were asked for. */
const most = 5000;
const known = new Map<string, Map<string, Sellable>>();
const quick = new Map<string, Sellable[]>();
const shelves = new Map<string, Shelf[]>();

/** Finds what a store sells; where the server doesn't answer, among what this page knows. */
export function find(store: string, q: string, signal?: AbortSignal): Promise<Sellable[]> {
  return orKnown(
    async (patient) => keep(store, (await ask(store, { q, limit: 40 }, patient)).rows),
    () => among(store, q),
    signal,
  );
}

/** What a store's tills show before anything is typed, of a category or of all. */
export function findQuick(
  store: string,
  shelf: string | null,
  signal?: AbortSignal,
): Promise<Sellable[]> {
  const key = `${store} ${shelf}`;
  const filter: Filter[] = [
    ['store_id', '=', store],
    shelf ? ['shelf_id', '=', shelf] : ['shelf_id', 'is_null'],
  ];
  return orKnown(
    async (patient) => {
      const { rows } = await api.list('pos.quick_sellable', { filter, limit: 200 }, patient);
      const inOrder = rows.toSorted((a, b) => Number(a.place) - Number(b.place));
      const found = keep(store, inOrder as unknown as Sellable[]);
      quick.set(key, found);
      return found;
    },
    () => quick.get(key) ?? among(store, '', shelf),
    signal,
  );
}

/** The categories that a store sells from. */
export function findShelves(store: string, signal?: AbortSignal): Promise<Shelf[]> {
  const filter: Filter[] = [['store_id', '=', store]];
  return orKnown(
    async (patient) => {
      const query = { filter, sort: 'name', limit: 200 };
      const { rows } = await api.list('pos.sellable_category', query, patient);
      const found = rows.map(({ id, name }) => ({ id: String(id), name: String(name) }));
      shelves.set(store, found);
      return found;
    },
    () => shelves.get(store) ?? [],
    signal,
  );
}

/** Learns what a store sells while the server is there, so that selling goes on without it. */
export async function learn(store: string, signal: AbortSignal): Promise<void> {
  let cursor: string | undefined;
  for (let count = 0; count < most; count += 200) {
    const page = await ask(store, { limit: 200, ...(cursor && { cursor }) }, signal);
    keep(store, page.rows);
    if (!page.next) return;
    cursor = page.next;
  }
}

async function orKnown<T>(
  asked: (patient: AbortSignal) => Promise<T>,
  here: () => T,
  signal?: AbortSignal,
): Promise<T> {
  const patience = AbortSignal.timeout(6000);
  try {
    return await asked(signal ? AbortSignal.any([signal, patience]) : patience);
  } catch (error) {
    const away = error instanceof ApiProblem && [0, 502, 503, 504].includes(error.status);
    if (!away && !(patience.aborted && !signal?.aborted)) throw error;
    return here();
  }
}

async function ask(store: string, query: ListQuery, signal?: AbortSignal) {
  const filter: Filter[] = [['store_id', '=', store]];
  const { rows, next } = await api.list('pos.sellable', { ...query, filter }, signal);
  return { rows: rows as unknown as Sellable[], next };
}

function keep(store: string, rows: Sellable[]): Sellable[] {
  const own = known.get(store) ?? new Map<string, Sellable>();
  for (const row of rows) own.set(row.product_id, row);
  known.set(store, own);
  return rows;
}

function among(store: string, q: string, shelf?: string | null): Sellable[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...(known.get(store)?.values() ?? [])];
  const fits = ({ name, number, barcode, category_id }: Sellable) => {
    const text = `${name} ${number ?? ''} ${barcode ?? ''}`.toLowerCase();
    return (!shelf || category_id === shelf) && words.every((word) => text.includes(word));
  };
  return all.filter(fits).slice(0, 40);
}
