import { fromMinor, toMinor } from '../../../kernel/database/money.ts';
import { api, type ListQuery } from '../../../kernel/ui/base/api.ts';
import { language, t } from '../../../kernel/ui/base/i18n.ts';
import type { Row } from '../../../kernel/ui/base/types.ts';
import type { PaperHead } from './kept.ts';
import type { Payment } from './ring_up.ts';
import type { SaleState } from './sale.ts';

/** What stands on a receipt, on paper as on the screen: as the server's document has it. */
export type OnPaper = PaperHead & {
  number: string;
  kind: string;
  happened_at: string;
  currency: string;
  decimals: number;
  cashier: string | null;
  customer: { name: string | null; number: string | null } | null;
  reason: string | null;
  /** What it takes back, and what took of it back. */
  reverses: string | null;
  reversed_by: string[];
  price_includes_tax: boolean;
  net_amount: string;
  tax_amount: string;
  gross_amount: string;
  lines: {
    name: string;
    quantity: string;
    unit_price: string;
    discount_amount: string | null;
    line_amount: string;
  }[];
  taxes: { name: string; tax_fraction: string; base_amount: string; tax_amount: string }[];
  payments: { method: string; paid_amount: string; approval_code?: string | null }[];
  change_amount: string | null;
};

export type Slip = {
  id: string;
  title: string;
  party_id?: string | null | undefined;
  paper: OnPaper;
};

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

/** A receipt as the server has it, as it would be printed. */
export async function slipFromServer(id: string, party_id?: unknown): Promise<Slip> {
  const paper = await api.document<OnPaper>('pos.receipt', id, language());
  return { ...titled(id, paper), party_id: party_id as string | null | undefined };
}

const titled = (id: string, paper: OnPaper) => ({
  id,
  paper,
  title: t('Receipt {n}', { n: paper.number }),
});

type Made = {
  number: string;
  cashier: string;
  decimals: number;
  price_includes_tax: boolean;
  head: PaperHead;
};

/** A sale as it was just rung up here, whether the server has it yet or not. */
export function slipOfSale(body: Row, { sale, amounts }: SaleState, made: Made): Slip {
  const { decimals, head, number, cashier, price_includes_tax } = made;
  const payments = body.payments as Payment[];
  const minor = (text: string) => toMinor(text, decimals);
  const change = payments.reduce(
    (sum, { tendered, amount }) => (tendered ? sum + minor(tendered) - minor(amount) : sum),
    0n,
  );
  const paper: OnPaper = {
    ...head,
    number,
    cashier,
    decimals,
    price_includes_tax,
    kind: 'sale',
    happened_at: String(body.happened_at),
    currency: String(body.currency),
    customer: sale.party ? { name: sale.party.name, number: sale.party.number ?? null } : null,
    reason: null,
    reverses: null,
    reversed_by: [],
    lines: sale.lines.map(({ product, quantity }, at) => ({
      name: product.name,
      quantity,
      unit_price: product.unit_price,
      discount_amount: unlessNone(amounts.lines[at]!.discount_amount),
      line_amount: amounts.lines[at]!.base_amount,
    })),
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    gross_amount: amounts.gross_amount,
    taxes: taxesOf({ sale, amounts }, decimals),
    payments: payments.map(({ method, amount, tendered, approval_code }) => ({
      method,
      paid_amount: tendered ?? amount,
      approval_code: approval_code ?? null,
    })),
    change_amount: change > 0n ? fromMinor(change, decimals) : null,
  };
  return { ...titled(String(body.id), paper), party_id: sale.party?.id };
}

const unlessNone = (amount: string) => (Number(amount) === 0 ? null : amount);

// The taxes of all lines, each once, the lowest first.
function taxesOf({ sale, amounts }: Pick<SaleState, 'sale' | 'amounts'>, decimals: number) {
  const taxes = new Map<
    string,
    { name: string; tax_fraction: string; base: bigint; tax: bigint }
  >();
  for (const [at, { product }] of sale.lines.entries()) {
    const { tax_id, tax_name, tax_fraction } = product;
    const line = amounts.lines[at]!;
    if (!tax_id) continue;
    const known = taxes.get(tax_id);
    taxes.set(tax_id, {
      name: tax_name ?? t('Tax'),
      tax_fraction: tax_fraction ?? '0',
      base: (known?.base ?? 0n) + toMinor(line.net_amount, decimals),
      tax: (known?.tax ?? 0n) + toMinor(line.tax_amount, decimals),
    });
  }
  return [...taxes.values()]
    .sort((a, b) => Number(a.tax_fraction) - Number(b.tax_fraction) || a.name.localeCompare(b.name))
    .map(({ name, tax_fraction, base, tax }) => ({
      ...{ name, tax_fraction },
      base_amount: fromMinor(base, decimals),
      tax_amount: fromMinor(tax, decimals),
    }));
}
