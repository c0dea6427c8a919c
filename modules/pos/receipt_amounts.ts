import {
  allocate,
  fromMinor,
  type Minor,
  multiplied,
  part,
  toMinor,
  without,
} from '../../kernel/database/money.ts';

export type LineInput = {
  quantity: string;
  unit_price: string;
  discount_fraction?: string;
  tax_fraction: string;
};

export type SaleDiscount = { fraction: string } | { amount: string };

export type ReceiptInput = {
  lines: LineInput[];
  decimals: number;
  price_includes_tax: boolean;
  sale_discount?: SaleDiscount | null;
};

export type LineAmounts = {
  /** quantity × unit price, before any discount */
  before_amount: string;
  /** the line's own discount and its share of the sale's */
  discount_amount: string;
  net_amount: string;
  tax_amount: string;
  gross_amount: string;
};

export type ReceiptAmounts = {
  lines: LineAmounts[];
  before_amount: string;
  discount_amount: string;
  net_amount: string;
  tax_amount: string;
  gross_amount: string;
};

/**
 * The amounts of a receipt, to the cent as the database checks them: rounded per line, a discount
 * on the whole allocated to the lines by largest remainder, tax contained or put on top.
 */
export function receiptAmounts(input: ReceiptInput): ReceiptAmounts {
  const { decimals } = input;
  const before = input.lines.map((line) => multiplied(decimals, line.quantity, line.unit_price));
  const own = input.lines.map((line, at) => part(before[at]!, line.discount_fraction ?? '0'));
  const left = before.map((amount, at) => amount - own[at]!);
  const shares = allocate(saleDiscount(input, left), left);
  const lines = input.lines.map((line, at) => {
    const base = left[at]! - shares[at]!;
    const [net, tax] = taxed(base, line.tax_fraction, input.price_includes_tax);
    return { before: before[at]!, discount: own[at]! + shares[at]!, net, tax };
  });
  const text = (minor: Minor) => fromMinor(minor, decimals);
  const sum = (name: 'before' | 'discount' | 'net' | 'tax') =>
    lines.reduce((all, line) => all + line[name], 0n);
  return {
    lines: lines.map((line) => ({
      before_amount: text(line.before),
      discount_amount: text(line.discount),
      net_amount: text(line.net),
      tax_amount: text(line.tax),
      gross_amount: text(line.net + line.tax),
    })),
    before_amount: text(sum('before')),
    discount_amount: text(sum('discount')),
    net_amount: text(sum('net')),
    tax_amount: text(sum('tax')),
    gross_amount: text(sum('net') + sum('tax')),
  };
}

function saleDiscount(input: ReceiptInput, left: Minor[]): Minor {
  const given = input.sale_discount;
  if (!given) return 0n;
  const sum = left.reduce((all, amount) => all + amount, 0n);
  if ('fraction' in given) return part(sum, given.fraction);
  const amount = toMinor(given.amount, input.decimals);
  // A discount mirrors the sign of what it is on, and never takes more than there is.
  if (sum < 0n) return -amount < sum ? sum : -amount;
  return amount > sum ? sum : amount;
}

function taxed(base: Minor, fraction: string, included: boolean): [net: Minor, tax: Minor] {
  if (!included) return [base, part(base, fraction)];
  const net = without(base, fraction);
  return [net, base - net];
}
