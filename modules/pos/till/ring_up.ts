import { useCallback, useEffect, useState } from 'react';
import { ApiProblem, api } from '../../../kernel/ui/base/api.ts';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import type { ReceiptAmounts } from '../receipt_amounts.ts';
import { type Claim, kept, type Unsent } from './kept.ts';
import type { Sale } from './sale.ts';

export type Payment = {
  method: 'cash' | 'card';
  amount: string;
  tendered?: string;
  approval_code?: string;
};

/** The input of `pos.receipt.ring_up`, whole: what is sent again is the same to the letter. */
export function receiptBody(
  claim: Claim,
  number: number,
  sale: Sale,
  amounts: ReceiptAmounts,
  payments: Payment[],
): Unsent['body'] {
  const fraction =
    sale.discount && 'fraction' in sale.discount ? sale.discount.fraction : undefined;
  return {
    id: uuidv7(),
    claim_id: claim.id,
    till_session_id: claim.till_session_id,
    number,
    happened_at: new Date().toISOString(),
    currency: claim.currency,
    ...(sale.party && { party_id: sale.party.id }),
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    ...(fraction && { discount_fraction: fraction }),
    lines: sale.lines.map(({ product, quantity, discount_fraction }, at) => {
      const line = amounts.lines[at]!;
      const tax = {
        tax_id: product.tax_id,
        base_amount: line.net_amount,
        tax_amount: line.tax_amount,
      };
      return {
        position: at + 1,
        product_id: product.product_id,
        quantity,
        unit_price: product.unit_price,
        discount_fraction,
        discount_amount: line.discount_amount,
        net_amount: line.net_amount,
        tax_amount: line.tax_amount,
        taxes: product.tax_id ? [tax] : [],
      };
    }),
    payments: payments.map((payment, at) => ({ position: at + 1, ...payment })),
  };
}

type Sent = { ok: true; answer: Row } | { ok: false; later: boolean; error: Error };

/** Puts a receipt down first and sends it then; whatever happens, it goes out under its own id. */
export async function send(item: Unsent): Promise<Sent> {
  put(item);
  try {
    const options = {
      key: item.body.id,
      approval: item.approval,
      signal: AbortSignal.timeout(12_000),
    };
    const answer = await api.call<Row>(item.operation, item.body, options);
    remove(item.body.id);
    return { ok: true, answer };
  } catch (error) {
    const problem = error as Error;
    return { ok: false, later: !isRefusal(problem), error: problem };
  }
}

// Who was signed out, too quick or not heard is no refusal: the same is sent again.
function isRefusal(error: Error): boolean {
  if (!(error instanceof ApiProblem) || [401, 408, 425, 429].includes(error.status)) return false;
  return error.status >= 400 && error.status < 500;
}

function put(item: Unsent): void {
  kept.keepUnsent([...kept.unsent().filter(({ body }) => body.id !== item.body.id), item]);
}

export function remove(id: string): void {
  kept.keepUnsent(kept.unsent().filter(({ body }) => body.id !== id));
}

/** Sends what could not be sent; says how many wait, and which were refused. */
export function useUnsent(): { unsent: Unsent[]; look: () => void; sendNow: () => Promise<void> } {
  const [unsent, setUnsent] = useState(kept.unsent);
  const look = useCallback(() => setUnsent(kept.unsent()), []);
  const sendNow = useCallback(async () => {
    for (const item of kept.unsent()) {
      const sent = await send(item);
      if (sent.ok) continue;
      if (sent.later && sent.error instanceof ApiProblem && sent.error.status === 0) break;
      if (!sent.later) put({ ...item, refused: sent.error.message });
    }
    look();
  }, [look]);
  const waiting = unsent.some(({ refused }) => !refused);
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void sendNow(), 8000);
    return () => clearInterval(timer);
  }, [waiting, sendNow]);
  return { unsent, look, sendNow };
}
