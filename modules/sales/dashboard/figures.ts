import type { Filter, Row } from '../../../kernel/ui/base/types.ts';
import { listAt } from '../../../kernel/ui/list/at.ts';

/** A row of the report `dashboard_figures` or `my_day`; which columns it fills its part says. */
export type Figure = {
  part: string;
  side: string | null;
  key: string | null;
  label: string | null;
  net_amount: string | null;
  receipts: string | null;
  quantity: string | null;
  /** How many of the documents are orders from before Kontor, and how many of unknown total. */
  orders: string | null;
  unknown: string | null;
  from_on: string | null;
  to_on: string | null;
  state?: string | null;
  opened_at?: string | null;
};

export const partOf = (rows: Row[] | undefined, part: string, side?: string): Figure[] =>
  ((rows ?? []) as Figure[]).filter(
    (row) => row.part === part && (side === undefined || row.side === side),
  );

type Span = Pick<Figure, 'from_on' | 'to_on'> & {
  orders?: string | null;
  receipts?: string | null;
};
type Only = { store?: string | null; person?: string | null };
const sums = { totals: ['sum:net_amount'] };

/**
 * The receipts or past orders that a figure is made of, with their sums. None where the stores' days
 * differ, for then no one list holds them.
 */
export function salesLink(span: Span | undefined, only: Only = {}): string | undefined {
  if (!span?.from_on || !span.to_on) return undefined;
  const store: Filter[] = only.store ? [['store_id', '=', only.store]] : [];
  const days = [span.from_on, span.to_on];
  if (Number(span.orders ?? 0) > 0 && span.orders === span.receipts)
    return listAt('sales.sales_order', {
      ...sums,
      group: 'store_id',
      filter: [['ordered_on', 'between', days], ['state', '=', 'done'], ...store],
    });
  const person: Filter[] = only.person ? [['recorded_by', '=', only.person]] : [];
  return listAt('pos.receipt', {
    ...sums,
    group: 'kind',
    filter: [['business_on', 'between', days], ...store, ...person],
  });
}

/** The lines of one product or category, as receipts or past orders hold them. */
export function linesLink(
  span: Span | undefined,
  what: Filter,
  only: Only & { past?: boolean } = {},
): string | undefined {
  if (!span?.from_on || !span.to_on) return undefined;
  const store: Filter[] = only.store ? [['store_id', '=', only.store]] : [];
  const days = [span.from_on, span.to_on];
  const said = { group: 'product_id', totals: ['sum:net_amount', 'sum:quantity'] };
  const past: Filter[] = [
    ['sales_order_id.ordered_on', 'between', days],
    ['sales_order_id.state', '=', 'done'],
  ];
  if (only.past)
    return listAt('sales.sales_order_line', { ...said, filter: [...past, what, ...store] });
  const filter: Filter[] = [['receipt_id.business_on', 'between', days], what, ...store];
  return listAt('pos.receipt_line', { ...said, filter });
}

/** From one amount to another as a share of the first; none where there is nothing to compare. */
export function changeOf(now: unknown, before: unknown): number | undefined {
  const last = Number(before ?? 0);
  return last === 0 ? undefined : Math.round(((Number(now ?? 0) - last) / Math.abs(last)) * 100);
}

/** The average of a receipt, in whole hundredths. */
export function average(row: Figure | undefined): string | null {
  const receipts = Number(row?.receipts ?? 0);
  return receipts > 0 ? (Number(row?.net_amount ?? 0) / receipts).toFixed(4) : null;
}

export function shifted(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number! - 1 + by, 1)).toISOString().slice(0, 7);
}
