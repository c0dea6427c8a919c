import { ApiProblem, api, type ListQuery } from '../../../../kernel/ui/api.ts';
import type { Filter } from '../../../../kernel/ui/types.ts';
import type { Sellable } from './sale.ts';

/** So many products are known without the network; a larger shop finds those that were asked for. */
const most = 5000;
const known = new Map<string, Map<string, Sellable>>();

/** Finds what a store sells; where the server doesn't answer, among what this page knows. */
export async function find(store: string, q: string, signal?: AbortSignal): Promise<Sellable[]> {
  const patience = AbortSignal.timeout(6000);
  const either = signal ? AbortSignal.any([signal, patience]) : patience;
  try {
    return keep(store, (await ask(store, { q, limit: 40 }, either)).rows);
  } catch (error) {
    const away = error instanceof ApiProblem && [0, 502, 503, 504].includes(error.status);
    if (!away && !(patience.aborted && !signal?.aborted)) throw error;
    return among(store, q);
  }
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

function among(store: string, q: string): Sellable[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...(known.get(store)?.values() ?? [])];
  const fits = ({ name, number, barcode }: Sellable) => {
    const text = `${name} ${number ?? ''} ${barcode ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return all.filter(fits).slice(0, 40);
}
