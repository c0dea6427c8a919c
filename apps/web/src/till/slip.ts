import { fromMinor, toMinor } from '../../../../kernel/database/money.ts';
import { api, type ListQuery } from '../../../../kernel/ui/api.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import type { Filter, Row } from '../../../../kernel/ui/types.ts';
import type { Payment } from './ring_up.ts';
import type { SaleState } from './sale.ts';

export type Slip = {
  id: string;
  title: string;
  /** What it takes back, of one that does. */
  about?: string | undefined;
  store: string;
  happened_at: string;
  party?: string | null;
  party_id?: string | null;
  lines: { name: string; quantity: string; unit_price: string; discount: string; amount: string }[];
  net_amount: string;
  tax_amount: string;
  gross_amount: string;
  payments: { method: string; amount: string; tendered?: string | null }[];
  change: string | null;
};

type Parts = { lines: Row[]; payments: Row[] };

/** The lines and payments of a receipt. */
export async function partsOf(receipt: string): Promise<Parts> {
  const filter: Filter[] = [['receipt_id', '=', receipt]];
  const ask = (table: string) => rowsOf(table, { filter, sort: 'position' });
  const [lines, payments] = await Promise.all([ask('pos.receipt_line'), ask('pos.payment')]);
  return { lines, payments };
}

/** All rows of a list, page by page: a receipt has up to 500 lines. */
export async function rowsOf(table: string, query: ListQuery): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ; ) {
    const page = await api.list(table, { ...query, limit: 200, ...(cursor && { cursor }) });
    rows.push(...page.rows);
    if (!page.next) return rows;
    cursor = page.next;
  }
}

/** A receipt as the server has it. */
export async function slipFromServer(id: string, store: string): Promise<Slip> {
  const [{ row }, parts] = await Promise.all([api.record('pos.receipt', id), partsOf(id)]);
  return slipOf(row, parts, store);
}

/** A sale as it was just rung up here, whether the server has it yet or not. */
export function slipOfSale(
  body: Row,
  { sale, amounts }: SaleState,
  title: string,
  store: string,
  decimals: number,
): Slip {
  const payments = body.payments as Payment[];
  const change = payments.reduce((sum, { tendered, amount }) => {
    return tendered ? sum + toMinor(tendered, decimals) - toMinor(amount, decimals) : sum;
  }, 0n);
  return {
    id: String(body.id),
    title,
    store,
    happened_at: String(body.happened_at),
    party: sale.party?.name,
    party_id: sale.party?.id,
    lines: sale.lines.map(({ product, quantity }, at) => ({
      name: product.name,
      quantity,
      unit_price: product.unit_price,
      discount: amounts.lines[at]!.discount_amount,
      amount: amounts.lines[at]!.base_amount,
    })),
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    gross_amount: amounts.gross_amount,
    payments,
    change: payments.some(({ method }) => method === 'cash') ? fromMinor(change, decimals) : null,
  };
}

function aboutOf(receipt: Row): string | undefined {
  if (receipt.voids_id) return t('Void of {n}', { n: String(receipt.voids_id_label ?? '') });
  if (receipt.returns_id)
    return t('Return from {n}', { n: String(receipt.returns_id_label ?? '') });
  return undefined;
}

const places = 4;
const exact = (value: unknown) => toMinor(String(value ?? '0'), places);

/** A receipt of the server as a slip. */
export function slipOf(receipt: Row, parts: Parts, store: string): Slip {
  const { lines, payments } = parts;
  const text = (value: unknown) => String(value ?? '0');
  const change = payments.reduce((sum, one) => {
    return one.tendered ? sum + exact(one.tendered) - exact(one.amount) : sum;
  }, 0n);
  return {
    id: String(receipt.id),
    title: t('Receipt {n}', { n: String(receipt.reference ?? receipt.number) }),
    about: aboutOf(receipt),
    store,
    happened_at: String(receipt.happened_at ?? new Date().toISOString()),
    party: receipt.party_id_label as string | null,
    party_id: receipt.party_id as string | null,
    lines: lines.map((line) => ({
      name: String(line.product_id_label ?? ''),
      quantity: text(line.quantity),
      unit_price: text(line.unit_price),
      discount: text(line.discount_amount),
      amount: receipt.price_includes_tax
        ? fromMinor(exact(line.net_amount) + exact(line.tax_amount), places)
        : text(line.net_amount),
    })),
    net_amount: text(receipt.net_amount),
    tax_amount: text(receipt.tax_amount),
    gross_amount: text(receipt.gross_amount),
    payments: payments.map((one) => ({
      method: text(one.method),
      amount: text(one.amount),
      tendered: one.tendered as string | null,
    })),
    change: change > 0n ? fromMinor(change, places) : null,
  };
}
