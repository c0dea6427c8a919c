import { type Dispatch, useEffect, useMemo, useReducer } from 'react';
import { plus } from '../../../kernel/database/money.ts';
import { type ReceiptAmounts, receiptAmounts, type SaleDiscount } from '../receipt_amounts.ts';
import { kept } from './kept.ts';

export type Sellable = {
  product_id: string;
  number: string | null;
  name: string;
  barcode: string | null;
  category_id: string | null;
  category: string | null;
  unit_price: string;
  tax_id: string | null;
  tax_name: string | null;
  tax_fraction: string | null;
  on_hand: string | null;
  /** Of a quick key: its first picture. */
  picture_id?: string | null;
};

type SaleLine = {
  key: number;
  product: Sellable;
  quantity: string;
  discount_fraction: string;
};

export type Sale = {
  lines: SaleLine[];
  active: number;
  discount: SaleDiscount | null;
  party: { id: string; name: string; number?: string } | null;
};

type SaleAction =
  | { do: 'add'; product: Sellable; quantity: string }
  | { do: 'quantity'; at: number; quantity: string }
  | { do: 'step'; by: number }
  | { do: 'line_discount'; at: number; fraction: string }
  | { do: 'sale_discount'; discount: SaleDiscount | null }
  | { do: 'remove'; at: number }
  | { do: 'activate'; at: number }
  | { do: 'party'; party: Sale['party'] }
  | { do: 'recall'; sale: Sale }
  | { do: 'clear' };

export type SaleState = { sale: Sale; amounts: ReceiptAmounts; act: Dispatch<SaleAction> };

const empty: Sale = { lines: [], active: -1, discount: null, party: null };

/** The sale in front of the customer; it survives a reload. */
export function useSale(decimals: number, includesTax: boolean): SaleState {
  const [sale, act] = useReducer(step, null, () => kept.sale<Sale>() ?? empty);
  useEffect(() => kept.keepSale(sale), [sale]);
  const amounts = useMemo(
    () => amountsOf(sale, decimals, includesTax),
    [sale, decimals, includesTax],
  );
  return { sale, amounts, act };
}

function amountsOf(sale: Sale, decimals: number, includesTax: boolean): ReceiptAmounts {
  return receiptAmounts({
    lines: sale.lines.map(({ product, quantity, discount_fraction }) => ({
      quantity: isQuantity(quantity) ? quantity : '0',
      unit_price: product.unit_price,
      discount_fraction,
      tax_fraction: product.tax_fraction ?? '0',
    })),
    decimals,
    price_includes_tax: includesTax,
    sale_discount: sale.discount,
  });
}

export const isQuantity = (text: string) => /^\d{1,7}(\.\d{1,3})?$/.test(text) && Number(text) > 0;

function step(sale: Sale, action: SaleAction): Sale {
  const changed = (at: number, patch: Partial<SaleLine>) =>
    sale.lines.map((line, index) => (index === at ? { ...line, ...patch } : line));
  switch (action.do) {
    case 'add':
      return added(sale, action.product, action.quantity);
    case 'quantity':
      return {
        ...sale,
        active: action.at,
        lines: changed(action.at, { quantity: action.quantity }),
      };
    case 'step': {
      const line = sale.lines[sale.active];
      const next = line && isQuantity(line.quantity) ? plus(line.quantity, String(action.by)) : '';
      if (!isQuantity(next)) return sale;
      return { ...sale, lines: changed(sale.active, { quantity: next }) };
    }
    case 'line_discount':
      return { ...sale, lines: changed(action.at, { discount_fraction: action.fraction }) };
    case 'sale_discount':
      return { ...sale, discount: action.discount };
    case 'remove': {
      const lines = sale.lines.filter((_, index) => index !== action.at);
      return { ...sale, lines, active: Math.min(sale.active, lines.length - 1) };
    }
    case 'activate':
      return { ...sale, active: Math.max(0, Math.min(action.at, sale.lines.length - 1)) };
    case 'party':
      return { ...sale, party: action.party };
    case 'recall':
      return action.sale;
    case 'clear':
      return empty;
  }
}

// Scanning the same thing again counts it up, as long as its line has no discount of its own.
function added(sale: Sale, product: Sellable, quantity: string): Sale {
  const at = sale.lines.findIndex(
    (line) => line.product.product_id === product.product_id && line.discount_fraction === '0',
  );
  const known = sale.lines[at];
  if (known && isQuantity(known.quantity) && Number.isInteger(Number(known.quantity))) {
    const sum = plus(known.quantity, quantity);
    const lines = sale.lines.map((line, index) =>
      index === at ? { ...line, quantity: sum } : line,
    );
    return { ...sale, lines, active: at };
  }
  const key = Math.max(0, ...sale.lines.map((line) => line.key)) + 1;
  const line = { key, product, quantity, discount_fraction: '0' };
  return { ...sale, lines: [...sale.lines, line], active: sale.lines.length };
}
