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

/** What a list shows, kept in the address so that it can be sent and comes back as it was left. */
export function useListState(table: Table, store: string): ListState {
  const [address, change] = useAddress();
  const text = address.toString();
  return useMemo(() => {
    const read = new URLSearchParams(text);
    const filter = filtersOf(read.get('filter'));
    const q = read.get('q') ?? '';
    const sort = read.get('sort') ?? sorts[table.name] ?? table.default_sort ?? '';
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
    ({ type, refers_to, name, hidden }) =>
      name !== 'id' && !hidden && type !== 'json' && (type !== 'uuid' || Boolean(refers_to)),
  );
}

function columnsOf(table: Table, chosen: string | null): Column[] {
  const all = pickable(table);
  if (chosen) {
    const wanted = chosen.split(',');
    const picked = all.filter(({ name }) => wanted.includes(name));
    if (picked.length) return picked;
  }
  return usual(table);
}

// What a list starts with, where its own order isn't the best.
const starts: Record<string, string> = {
  'catalog.product': 'number,name,unit_price,product_category_id,brand_id,barcode,model_year,kind',
  'master.party': 'number,name,organisation,is_customer,is_supplier,note',
  'master.employee': 'number,name,store_id,email,phone,manager_id',
  'master.store': 'code,name,city,street,phone,email',
  'pos.receipt': 'reference,happened_at,store_id,kind,party_id,recorded_by,tax_amount,gross_amount',
  'pos.till_session':
    'till_id,store_id,state,opened_at,opened_by,closed_at,expected_amount,counted_amount,difference',
  'pos.receipt_line':
    'receipt_id,position,product_id,quantity,unit_price,discount_amount,gross_amount',
  'pos.payment': 'receipt_id,store_id,method,amount,tendered,approval_code',
  'inventory.stock_level': 'product_id,location_id,store_id,on_hand,available,value_amount',
  'inventory.stock_move':
    'happened_at,product_id,location_id,store_id,reason,quantity,value_amount,recorded_by',
  'finance.journal_entry': 'number,posted_on,journal_id,store_id,text,happened_at',
  'finance.journal_line': 'posted_on,journal_entry_id,account_id,store_id,party_id,debit,credit',
  'finance.period': 'name,starts_on,ends_on,state',
  'identity.user': 'name,username,email,is_active,last_sign_in_at,must_change_password',
  'audit.request': 'made_at,actor_id,operation,approved_by,address',
  'kernel.finding': 'found_at,code,params,state,store_id',
  'sales.sales_order': 'number,ordered_on,store_id,party_id,state,net_amount,shipped_on',
};

// The newest first, where that is what one looks for.
const sorts: Record<string, string> = {
  'pos.receipt': '-happened_at',
  'audit.request': '-made_at',
  'kernel.finding': '-found_at',
};

const bookkeeping = /^(version|recorded_at|recorded_by|is_active|currency|note|rate|journal_id)$/;

/** Number and title first, then state, references, money and the rest that has room. */
export function usual(table: Table, most = 8): Column[] {
  const all = table.columns.filter(({ type, hidden }) => !hidden && type !== 'bytea');
  const start = starts[table.name]?.split(',');
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

type Operator = { value: string; needsValue: boolean };

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
