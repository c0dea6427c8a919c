import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem } from '../../../kernel/ui/base/api.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { problemText } from '../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import type { Ask } from './approval.tsx';
import type { ClaimState } from './claim.ts';
import type { Claim, Unsent } from './kept.ts';
import type { Undo } from './receipts.tsx';
import { type Payment, receiptBody, remove, send } from './ring_up.ts';
import type { SaleState } from './sale.ts';
import { type Slip, slipFromServer, slipOfSale } from './slip.ts';

type Input = {
  state: ClaimState;
  claim: Claim;
  sale: SaleState;
  close: () => void;
  look: () => void;
};

/** Ends a sale or undoes one: made here, sent, and where the right lacks, approved and sent again. */
export function useFinish(input: Input) {
  const { state, claim, sale } = input;
  const [pending, setPending] = useState<{ item: Unsent; ask: Ask } | null>(null);
  const done = useDone(input);
  const sending = useSending(input, done.finished, setPending);
  const ringUp = (payments: Payment[]) => {
    const body = receiptBody(claim, state.takeNumber(), sale.sale, sale.amounts, payments);
    return sending.run({ operation: 'pos.receipt.ring_up', body });
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
    return sending.run({ operation: `pos.receipt.${verb}`, body });
  };
  return {
    slip: done.slip,
    later: done.later,
    problem: sending.problem,
    busy: sending.busy,
    ask: pending?.ask ?? null,
    ringUp,
    undo,
    approved: (approval: string) => {
      if (!pending) return;
      const item = { ...pending.item, approval };
      setPending(null);
      void sending.run(item);
    },
    giveUp: () => {
      if (pending) state.change({ next_number: pending.item.body.number });
      setPending(null);
    },
    forget: sending.forget,
    clear: () => {
      done.clear();
      sending.forget();
    },
  };
}

/** The number on the receipt, the same that the server gives it: till, series, five digits. */
const referenceOf = ({ till_code, series }: Claim, number: number) =>
  `${till_code}-${series}${String(number).padStart(5, '0')}`;

type Finished = (item: Unsent, answer: Row | null) => Promise<void>;
/** What a manager is asked for, to who stands beside the cashier. */
function whatOf({ operation }: Unsent, message: string): string {
  const asked: Record<string, string> = {
    'pos.receipt.take_back': t('Goods come back, and money is given for them.'),
    'pos.receipt.void': t('A whole receipt is made void.'),
  };
  return asked[operation] ?? message;
}

type SetPending = (pending: { item: Unsent; ask: Ask } | null) => void;

function useSending({ state, claim, look }: Input, finished: Finished, setPending: SetPending) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const refused = async (item: Unsent, error: Error) => {
    remove(item.body.id);
    look();
    const known = error instanceof ApiProblem ? error : null;
    if (known?.status === 403 && !item.approval) {
      setPending({
        item,
        ask: { operation: item.operation, input: item.body, why: whatOf(item, known.message) },
      });
      return;
    }
    setProblem(problemText(error));
    // Where the server knows the number already, it also knows the next one. Otherwise a number
    // that no receipt took is used by the next one, so that the series has no gap.
    if (known?.code.includes('number')) {
      await state.take({ id: claim.till_id, name: claim.till_name });
    } else state.change({ next_number: item.body.number });
  };
  const run = async (item: Unsent) => {
    setBusy(true);
    setProblem('');
    const sent = await send(item);
    setBusy(false);
    if (!sent.ok && !sent.later) return refused(item, sent.error);
    await finished(item, sent.ok ? sent.answer : null);
    look();
  };
  return { run, problem, busy, forget: () => setProblem('') };
}

function useDone({ claim, sale, close }: Input) {
  const me = useSignedIn();
  const [slip, setSlip] = useState<Slip | null>(null);
  const [later, setLater] = useState(false);
  const client = useQueryClient();
  const finished: Finished = async (item, answer) => {
    setLater(!answer);
    if (item.operation === 'pos.receipt.ring_up') {
      const made = {
        number: referenceOf(claim, item.body.number),
        cashier: me.user.name || me.user.username,
        decimals: me.company.decimals,
        price_includes_tax: claim.price_includes_tax,
        head: claim.paper ?? { company: me.company.name, tax_numbers: [], store: { name: '' } },
      };
      setSlip(slipOfSale(item.body, sale, made));
      sale.act({ do: 'clear' });
      // Fewer are here now; asked again at most once a minute, however many queue.
      const tiles = { queryKey: ['list', 'pos.quick_sellable'], stale: true };
      void client.refetchQueries({ ...tiles, type: 'active' });
      return;
    }
    if (answer) {
      const id = String(answer.id ?? item.body.id);
      setSlip(await slipFromServer(id, answer.party_id).catch(() => null));
    }
    close();
  };
  const clear = () => {
    setSlip(null);
    setLater(false);
  };
  return { slip, later, finished, clear };
}
