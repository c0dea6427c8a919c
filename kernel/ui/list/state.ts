import { useMemo } from 'react';
import { useAddress } from '../base/address.tsx';
import type { ListQuery } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { tableOf, useCatalogue } from '../base/session.tsx';
import type { Catalogue, Column, Filter, Table, ViewSpec } from '../base/types.ts';

type Patch = {
  q?: string;
  sort?: string;
  filter?: Filter[];
  columns?: string[];
  group?: string[];
  totals?: string[];
  view?: string;
};

/** What a list shows, however it is kept. */
export type ListContent = {
  q: string;
  /** As in the address: `-net_amount,number`. */
  sort: string;
  filter: Filter[];
  columns: Column[];
  group: string[];
  totals: string[];
};

export type ListState = ListContent & {
  /** The saved view that this began with. */
  view: string;
  /** Whether the address says more than which list this is. */
  said: boolean;
  query: ListQuery;
  set: (patch: Patch) => void;
};

/** What a list shows, kept in the address so that it can be sent and comes back as it was left. */
export function useListState(table: Table, store: string, preferred: string[] = []): ListState {
  const [address, change] = useAddress();
  const { data: catalogue } = useCatalogue();
  const text = address.toString();
  const usually = preferred.join();
  return useMemo(
    () => ({
      ...readList(table, catalogue, text, store, usually),
      set: (patch) => change(addressOf(patch)),
    }),
    [table, text, change, store, catalogue, usually],
  );
}

/** What the list at this address shows, and what it asks for. preferred: the person's columns. */
export function readList(
  table: Table,
  catalogue: Catalogue | undefined,
  search: string,
  store: string,
  preferred: string,
): Omit<ListState, 'set'> {
  const read = new URLSearchParams(search);
  const view = read.get('view') ?? '';
  const content = contentOf(table, catalogue, read, view ? '' : preferred);
  const { q, sort, filter, columns, group, totals } = content;
  // What a cell is changed with; columns in one order, so that moving one asks for nothing anew.
  const beside = ['version', 'is_active'].filter((name) => has(table, name));
  const names = new Set(['id', table.title, ...beside, ...columns.map(({ name }) => name)]);
  const ofStore = store && has(table, 'store_id');
  const narrowed: Filter[] = ofStore ? [...filter, ['store_id', '=', store]] : filter;
  return {
    ...content,
    view,
    said: [...read.keys()].some((name) => name in content),
    query: { q, sort, filter: narrowed, columns: [...names].sort(), group, totals },
  };
}

const has = (table: Table, name: string) => table.columns.some((column) => column.name === name);

function contentOf(
  table: Table,
  catalogue: Catalogue | undefined,
  read: URLSearchParams,
  preferred: string,
): ListContent {
  const words = (name: string, or = '') => (read.get(name) ?? or).split(',').filter(Boolean);
  const [group, totals] = [words('group').slice(0, 2), words('totals')];
  const usualSort = table.start?.sort ?? table.default_sort ?? '';
  return {
    q: read.get('q') ?? '',
    sort: read.get('sort') ?? (group.length ? '' : usualSort),
    filter: filtersOf(read.get('filter')),
    columns: columnsOf(catalogue, table, [...new Set(words('columns', preferred))]),
    group,
    totals,
  };
}

/** Whether a list shows something else than the view that it began with. */
export function isChanged(
  catalogue: Catalogue | undefined,
  table: Table,
  state: ListState,
  spec: ViewSpec,
): boolean {
  const kept = Object.entries(addressOf(patchOf('', spec))).filter(([, text]) => text);
  const read = new URLSearchParams(Object.fromEntries(kept));
  const before = specOf(contentOf(table, catalogue, read, ''));
  return JSON.stringify(before) !== JSON.stringify(specOf(state));
}

function addressOf({ filter, columns, group, totals, ...plain }: Patch): Record<string, string> {
  // Sorted by what is no longer grouped, a list could not be asked for.
  const regrouped = (group || totals) && plain.sort === undefined ? { sort: '' } : {};
  return {
    ...plain,
    ...regrouped,
    ...(filter && { filter: filter.length ? JSON.stringify(filter) : '' }),
    ...(columns && { columns: columns.join(',') }),
    ...(group && { group: group.join(',') }),
    ...(totals && { totals: totals.join(',') }),
  };
}

/** What of a list a view keeps. */
export function specOf({ q, sort, filter, columns, group, totals }: ListContent): ViewSpec {
  return {
    ...(q && { q }),
    ...(filter.length && { filter }),
    ...(sort && { sort: sortTerms(sort) }),
    ...(group.length && { group }),
    ...(totals.length && { totals }),
    columns: columns.map(({ name }) => name),
  };
}

/** A saved view as what the address says. */
export function patchOf(id: string, spec: ViewSpec): Patch {
  return {
    view: id,
    q: spec.q ?? '',
    filter: spec.filter ?? [],
    sort: (spec.sort ?? []).map(([name, way]) => (way === 'desc' ? `-${name}` : name)).join(','),
    group: spec.group ?? [],
    totals: spec.totals ?? [],
    columns: spec.columns ?? [],
  };
}

export function sortTerms(sort: string): [string, 'asc' | 'desc'][] {
  const words = sort.split(',').filter(Boolean);
  return words.map((one) => (one.startsWith('-') ? [one.slice(1), 'desc'] : [one, 'asc']));
}

/** The sort after a click on a head: that column alone, or with `more` beside those before it. */
export function sortedBy(sort: string, name: string, more: boolean): string {
  const before = sortTerms(sort);
  const way = before.find(([one]) => one === name)?.[1];
  const next = way === 'asc' ? `-${name}` : name;
  if (!more) return next;
  const words = before.map(([one, to]) => (to === 'desc' ? `-${one}` : one));
  const at = before.findIndex(([one]) => one === name);
  // The third click takes it out again.
  if (at >= 0) words.splice(at, 1, ...(way === 'desc' ? [] : [next]));
  else words.push(next);
  return words.slice(0, 5).join(',');
}

/** A column, or one of what it refers to: `product_id.name`, named by both. */
export function columnAt(
  catalogue: Catalogue | undefined,
  table: Table,
  path: string,
): Column | undefined {
  const [, first = '', after = ''] = /^((?:custom\.)?[^.]*)\.?(.*)$/.exec(path) ?? [];
  const rest = after ? [after] : [];
  const column = table.columns.find(({ name }) => name === first);
  if (!column || rest.length === 0) return column;
  const other = column.refers_to ? tableOf(catalogue, column.refers_to) : undefined;
  const found = other && columnAt(catalogue, other, rest.join('.'));
  const label = t('{column} of {reference}', { column: found?.label, reference: column.label });
  return found && { ...found, name: path, label, sortable: false, writable: false };
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
    ({ type, refers_to, name, hidden }) =>
      name !== 'id' && !hidden && type !== 'json' && (type !== 'uuid' || Boolean(refers_to)),
  );
}

function columnsOf(catalogue: Catalogue | undefined, table: Table, wanted: string[]): Column[] {
  const all = pickable(table);
  const found = wanted.map((path) => {
    const own = all.find(({ name }) => name === path);
    return own ?? (path.includes('.') ? columnAt(catalogue, table, path) : undefined);
  });
  const known = found.filter((column) => column !== undefined);
  return known.length ? known : usual(table);
}

const bookkeeping = /^(version|recorded_at|recorded_by|is_active|currency|note|rate|journal_id)$/;

/** Number and title first, then state, references, money and the rest that has room. */
export function usual(table: Table, most = 8): Column[] {
  const all = table.columns.filter(({ type, hidden }) => !hidden && type !== 'bytea');
  const start = table.start?.columns?.split(',');
  if (start) {
    const found = start.map((wanted) => all.find(({ name }) => name === wanted));
    return found.filter((column) => column !== undefined).slice(0, most + 1);
  }
  const plain = pickable(table).filter(({ name }) => !bookkeeping.test(name));
  const rank = ({ name, type, refers_to }: Column) => {
    if (name === 'number' || name === 'code') return 0;
    if (name === table.title) return 1;
    if (name === 'state' || name === 'kind') return 2;
    if (type === 'date' || type === 'timestamp') return 3;
    return refers_to ? 4 : 5;
  };
  const isTitle = plain.some(({ name }) => name === table.title);
  const sorted = isTitle ? [...plain].sort((a, b) => rank(a) - rank(b)) : plain;
  return sorted.slice(0, most);
}

/** What an operator asks for beside the column. */
export type Wants = 'one' | 'two' | 'many' | 'time' | 'none';
type Operator = { value: string; wants: Wants };

/** The operators that make sense for a type, the usual one first. */
export function operatorsFor(column: Column): Operator[] {
  const one = (...values: string[]) => values.map((value): Operator => ({ value, wants: 'one' }));
  const many: Operator[] = [
    { value: 'in', wants: 'many' },
    { value: 'not_in', wants: 'many' },
  ];
  const between: Operator = { value: 'between', wants: 'two' };
  const blank: Operator[] = [
    { value: 'is_null', wants: 'none' },
    { value: 'not_null', wants: 'none' },
  ];
  if (column.refers_to || column.type === 'uuid') return [...one('=', '!='), ...blank];
  if (column.type === 'boolean') return one('=');
  if (column.type === 'json') return [...one('has'), ...blank];
  if (column.type === 'choice') return [...one('=', '!='), ...many, ...blank];
  if (column.type === 'text') {
    return [...one('contains', 'not_contains', 'starts', '=', '!='), ...many, ...blank];
  }
  const days = column.type === 'date' || column.type === 'timestamp';
  const within: Operator[] = days ? [{ value: 'within', wants: 'time' }] : [];
  return [
    ...within,
    ...one('=', '>', '>=', '<', '<=', '!='),
    between,
    ...(days ? [] : many),
    ...blank,
  ];
}

/** Times that go with the clock, as the server knows them. */
export const times = [
  'today',
  'yesterday',
  'this week',
  'last week',
  'last 7 days',
  'this month',
  'last month',
  'last 30 days',
  'this quarter',
  'this year',
  'last year',
  'last 12 months',
];
