import { useMemo } from 'react';
import { useAddress } from './address.tsx';
import type { ListQuery } from './api.ts';
import type { Column, Filter, Table } from './types.ts';

export type ListState = {
  q: string;
  sort: string;
  filter: Filter[];
  columns: Column[];
  query: ListQuery;
  set: (patch: { q?: string; sort?: string; filter?: Filter[]; columns?: string[] }) => void;
};

const most = 9;

/** What a list shows, kept in the address so that it can be sent and comes back as it was left. */
export function useListState(table: Table, store: string): ListState {
  const [address, change] = useAddress();
  const text = address.toString();
  return useMemo(() => {
    const read = new URLSearchParams(text);
    const filter = filtersOf(read.get('filter'));
    const q = read.get('q') ?? '';
    const sort = read.get('sort') ?? table.default_sort ?? '';
    const columns = columnsOf(table, read.get('columns'));
    const names = new Set(['id', table.title, ...columns.map(({ name }) => name)]);
    const ofStore = store && table.columns.some(({ name }) => name === 'store_id');
    const narrowed: Filter[] = ofStore ? [...filter, ['store_id', '=', store]] : filter;
    return {
      q,
      sort,
      filter,
      columns,
      query: { q, sort, filter: narrowed, columns: [...names] },
      set: (patch) =>
        change({
          ...('q' in patch && { q: patch.q }),
          ...('sort' in patch && { sort: patch.sort }),
          ...('filter' in patch && {
            filter: patch.filter?.length ? JSON.stringify(patch.filter) : '',
          }),
          ...('columns' in patch && { columns: patch.columns?.join(',') }),
        }),
    };
  }, [table, text, change, store]);
}

function filtersOf(text: string | null): Filter[] {
  try {
    const read = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? read.filter((one) => Array.isArray(one) && one.length > 1) : [];
  } catch {
    return [];
  }
}

/** What may stand in a list; ids of other records only by their label. */
export function pickable(table: Table): Column[] {
  return table.columns.filter(
    ({ type, refers_to, name }) =>
      name !== 'id' && type !== 'json' && (type !== 'uuid' || Boolean(refers_to)),
  );
}

function columnsOf(table: Table, chosen: string | null): Column[] {
  const all = pickable(table);
  if (chosen) {
    const wanted = chosen.split(',');
    const picked = all.filter(({ name }) => wanted.includes(name));
    if (picked.length) return picked;
  }
  const bookkeeping = ['version', 'recorded_at', 'recorded_by', 'is_active', 'made_in'];
  const plain = all.filter(({ hidden, name }) => !hidden && !bookkeeping.includes(name));
  const title = plain.filter(({ name }) => name === 'number' || name === table.title);
  const rest = plain.filter((column) => !title.includes(column));
  return [...title, ...rest].slice(0, most);
}

export type Operator = { value: string; needsValue: boolean };

/** The operators that make sense for a type, the usual one first. */
export function operatorsFor(column: Column): Operator[] {
  const plain = (values: string[]) => values.map((value) => ({ value, needsValue: true }));
  const blank = [
    { value: 'is_null', needsValue: false },
    { value: 'not_null', needsValue: false },
  ];
  if (column.refers_to || column.type === 'uuid') return [...plain(['=', '!=']), ...blank];
  if (column.type === 'boolean') return plain(['=']);
  if (column.type === 'choice') return [...plain(['=', '!=']), ...blank];
  if (column.type === 'text') return [...plain(['contains', 'starts', '=', '!=']), ...blank];
  return [...plain(['=', '>', '>=', '<', '<=', '!=']), ...blank];
}
