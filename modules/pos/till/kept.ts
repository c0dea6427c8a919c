import type { Row } from '../../../kernel/ui/base/types.ts';

/** This browser's hold on a till; kept, so that a reload goes on with the same numbers. */
export type Claim = {
  id: string;
  till_id: string;
  till_code: string;
  till_name: string;
  store_id: string;
  series: string;
  next_number: number;
  till_session_id: string | null;
  price_includes_tax: boolean;
  currency: string;
  paper: PaperHead;
};

/** What stands at the head of a store's receipts. */
export type PaperHead = {
  company: string;
  time_zone?: string;
  tax_numbers: string[];
  store: {
    name: string;
    street?: string | null;
    city?: string | null;
    region?: string | null;
    postal_code?: string | null;
    phone?: string | null;
    email?: string | null;
  };
};

/** A receipt that was made here and has not been acknowledged by the server. */
export type Unsent = {
  operation: string;
  body: Row & { id: string; number: number };
  approval?: string;
  /** why the server refused it; such a receipt wants a person */
  refused?: string;
};

const names = {
  claim: 'kontor-till-claim',
  unsent: 'kontor-till-unsent',
  sale: 'kontor-till-sale',
  parked: 'kontor-till-parked',
};

function read<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

const write = (name: string, value: unknown) => localStorage.setItem(name, JSON.stringify(value));

export const kept = {
  claim: () => read<Claim>(names.claim),
  keepClaim: (claim: Claim | null) => write(names.claim, claim),
  unsent: () => read<Unsent[]>(names.unsent) ?? [],
  keepUnsent: (unsent: Unsent[]) => write(names.unsent, unsent),
  sale: <T>() => read<T>(names.sale),
  keepSale: (sale: unknown) => write(names.sale, sale),
  parked: <T>() => read<T[]>(names.parked) ?? [],
  keepParked: (parked: unknown[]) => write(names.parked, parked),
};
