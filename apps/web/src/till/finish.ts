import { useState } from 'react';
import { fromMinor, toMinor } from '../../../../kernel/database/money.ts';
import { ApiProblem, api } from '../../../../kernel/ui/api.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { problemText } from '../../../../kernel/ui/states.tsx';
import type { Row } from '../../../../kernel/ui/types.ts';
import { uuidv7 } from '../../../../kernel/ui/uuid.ts';
import type { Ask } from './approval.tsx';
import type { ClaimState } from './claim.ts';
import type { Claim, Unsent } from './kept.ts';
import type { Slip } from './paper.tsx';
import { slipOf, type Undo } from './receipts.tsx';
import { type Payment, receiptBody, remove, send } from './ring_up.ts';
import type { SaleState } from './sale.ts';

type Input = {
  state: ClaimState;
  claim: Claim;
  sale: SaleState;
  close: () => void;
  look: () => void;
};

/** Ends a sale or undoes one: made here, sent, and where the right lacks, approved and sent again. */
export function useFinish({ state, claim, sale, close, look }: Input) {
  const me = useSignedIn();
  const { decimals } = me.company;
  const [slip, setSlip] = useState<Slip | null>(null);
  const [later, setLater] = useState(false);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<{ item: Unsent; ask: Ask } | null>(null);
  const store = me.stores.find(({ id }) => id === claim.store_id)?.name ?? '';

  const run = async (item: Unsent) => {
    setBusy(true);
    setProblem('');
    const sent = await send(item);
    setBusy(false);
    if (sent.ok || (sent.later && item.operation === 'pos.receipt.ring_up')) {
      await finished(item, sent.ok ? sent.answer : null);
      setLater(!sent.ok);
      look();
      return;
    }
    remove(item.body.id);
    look();
    if (sent.error instanceof ApiProblem && sent.error.status === 403 && !item.approval) {
      const ask = { operation: item.operation, input: item.body, why: sent.error.message };
      setPending({ item, ask });
      return;
    }
    setProblem(problemText(sent.error));
    giveNumberBack(item.body.number);
  };

  // A number that no receipt took is used by the next one, so that the series has no gap.
  const giveNumberBack = (number: number) => state.change({ next_number: number });

  const finished = async (item: Unsent, answer: Row | null) => {
    setPending(null);
    const title = t('Receipt {n}', { n: `${claim.series}${item.body.number}` });
    if (item.operation === 'pos.receipt.ring_up') {
      setSlip(slipOfSale(item.body, sale, title, store, decimals));
      sale.act({ do: 'clear' });
      return;
    }
    setSlip(
      await slipFromServer(String(answer?.id ?? item.body.id), title, store).catch(() => null),
    );
    close();
  };

  const ringUp = (payments: Payment[]) => {
    const body = receiptBody(claim, state.takeNumber(), sale.sale, sale.amounts, payments);
    return run({ operation: 'pos.receipt.ring_up', body });
  };

  const undo = ({ verb, ...what }: Undo) => {
    const body = {
      id: uuidv7(),
      claim_id: claim.id,
      till_session_id: claim.till_session_id,
      number: state.takeNumber(),
      ...(verb === 'take_back' && { happened_at: new Date().toISOString() }),
      ...what,
    };
    return run({ operation: `pos.receipt.${verb}`, body });
  };

  return {
    slip,
    later,
    problem,
    busy,
    ask: pending?.ask ?? null,
    ringUp,
    undo,
    approved: (approval: string) => {
      if (!pending) return;
      const item = { ...pending.item, approval };
      setPending(null);
      void run(item);
    },
    giveUp: () => {
      if (pending) giveNumberBack(pending.item.body.number);
      setPending(null);
    },
    clear: () => {
      setSlip(null);
      setLater(false);
      setProblem('');
    },
  };
}

function slipOfSale(
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
    title,
    store,
    happened_at: String(body.happened_at),
    party: sale.party?.name,
    lines: sale.lines.map(({ product, quantity }, at) => ({
      name: product.name,
      quantity,
      unit_price: product.unit_price,
      discount: amounts.lines[at]!.discount_amount,
      amount: amounts.lines[at]!.gross_amount,
    })),
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    gross_amount: amounts.gross_amount,
    payments,
    change: payments.some(({ method }) => method === 'cash') ? fromMinor(change, decimals) : null,
  };
}

async function slipFromServer(id: string, title: string, store: string): Promise<Slip> {
  const filter: [string, string, string][] = [['receipt_id', '=', id]];
  const ask = (table: string) => api.list(table, { filter, sort: 'position', limit: 200 });
  const [{ row }, lines, payments] = await Promise.all([
    api.record('pos.receipt', id),
    ask('pos.receipt_line'),
    ask('pos.payment'),
  ]);
  return slipOf(row, lines.rows, payments.rows, title, store);
}
