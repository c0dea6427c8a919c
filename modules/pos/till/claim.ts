import { useCallback, useEffect, useState } from 'react';
import { ApiProblem, api } from '../../../kernel/ui/base/api.ts';
import { problemText } from '../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import { type Claim, kept, type PaperHead } from './kept.ts';

type Till = { id: string; name: string };

export type ClaimState = {
  claim: Claim | null;
  /** a till that another browser holds, and that can be taken over */
  held: Till | null;
  problem: string;
  busy: boolean;
  take: (till: Till, takeOver?: boolean) => Promise<void>;
  change: (patch: Partial<Claim>) => void;
  leave: () => void;
  /** Gives the next number of the series and counts on. */
  takeNumber: () => number;
};

export function useClaim(): ClaimState {
  const [claim, setClaim] = useState<Claim | null>(kept.claim);
  const [held, setHeld] = useState<Till | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(Boolean(claim));
  const keep = useCallback((next: Claim | null) => {
    kept.keepClaim(next);
    setClaim(next);
  }, []);
  const take = useCallback(
    async (till: Till, takeOver = false) => {
      setBusy(true);
      setProblem('');
      setHeld(null);
      try {
        keep(await claimed(till, takeOver));
      } catch (error) {
        const refused = error instanceof ApiProblem && error.status > 0;
        if (refused && error.code === 'till_is_claimed') {
          keep(null);
          setHeld(till);
        } else if (refused || !kept.claim()) setProblem(problemText(error));
      }
      setBusy(false);
    },
    [keep],
  );
  useEffect(() => {
    const known = kept.claim();
    if (known) void take({ id: known.till_id, name: known.till_name });
  }, [take]);
  const change = (patch: Partial<Claim>) => {
    const known = kept.claim();
    if (known) keep({ ...known, ...patch });
  };
  const takeNumber = () => {
    const number = kept.claim()?.next_number ?? 1;
    change({ next_number: number + 1 });
    return number;
  };
  const leave = () => {
    keep(null);
    setHeld(null);
  };
  return { claim, held, problem, busy, take, change, leave, takeNumber };
}

async function claimed(till: Till, takeOver: boolean): Promise<Claim> {
  const known = kept.claim();
  const mine = known?.till_id === till.id ? known : null;
  const input = { till_id: till.id, claim_id: mine?.id ?? uuidv7(), take_over: takeOver };
  const answer = await api.call<Row>('pos.till.claim', input);
  const id = String(answer.id ?? input.claim_id);
  const ahead = mine?.id === id ? mine.next_number : 1;
  return {
    id,
    till_id: till.id,
    till_code: String(answer.till_code ?? ''),
    till_name: till.name,
    store_id: String(answer.store_id),
    series: String(answer.series ?? ''),
    // Receipts made here and not sent yet have already used numbers that the server doesn't know.
    next_number: Math.max(Number(answer.next_number ?? 1), ahead),
    till_session_id: (answer.till_session_id as string | null) ?? null,
    price_includes_tax: answer.price_includes_tax === true,
    currency: String(answer.currency ?? ''),
    paper: answer.paper as PaperHead,
  };
}
