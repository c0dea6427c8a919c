import { Button, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../kernel/ui/base/api.ts';
import { moment, money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Failed, Refusal, Waiting } from '../../../kernel/ui/base/states.tsx';
import type { Filter, Row } from '../../../kernel/ui/base/types.ts';
import { unlessUnder } from '../../../kernel/ui/shell/on_top.ts';
import type { Claim } from './kept.ts';
import { PaperButtons } from './mail.tsx';
import { Paper } from './paper.tsx';
import { Back, type Counts, partsOf, WaysBack, wantedOf } from './take_back.tsx';

export type Undo =
  | {
      verb: 'take_back';
      receipt_id: string;
      lines: { receipt_line_id: string; quantity: string }[];
      /** Which way money goes back first, of several. */
      method?: string;
    }
  | { verb: 'void'; receipt_id: string; reason: string };

type Props = {
  claim: Claim;
  problem: string;
  busy: boolean;
  close: () => void;
  undo: (undo: Undo) => void;
};

/** Past receipts of the store: look at one, print it, take lines back, void it. */
export function ReceiptsDialog(props: Props) {
  const [picked, setPicked] = useState<Row | null>(null);
  return (
    <Modal
      opened
      onClose={unlessUnder(props.close)}
      title={t('Receipts')}
      size={picked ? 860 : 680}
    >
      {picked ? (
        <One {...props} receipt={picked} back={() => setPicked(null)} />
      ) : (
        <Recent claim={props.claim} pick={setPicked} />
      )}
    </Modal>
  );
}

function Recent({ claim, pick }: { claim: Claim; pick: (row: Row) => void }) {
  const { company } = useSignedIn();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const filter: Filter[] = [['store_id', '=', claim.store_id]];
  const { data, error, isPending } = useQuery({
    queryKey: ['list', 'pos.receipt', 'recent', q, claim.store_id],
    // What was just rung up is what is looked for most.
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.list('pos.receipt', { q, filter, sort: '-happened_at', limit: 30 }, signal),
  });
  const voided = useVoided(data?.rows ?? []);
  return (
    <div className="k-stack">
      <TextInput
        data-autofocus
        aria-label={t('Search receipts')}
        placeholder={t('Number of the receipt')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error ? <Failed error={error} /> : null}
      {isPending ? <Waiting rows={6} /> : null}
      <div className="till-receipts">
        {data?.rows.map((row) => (
          <button type="button" key={String(row.id)} onClick={() => pick(row)}>
            <b>{String(row.reference ?? row.number)}</b>
            <span>{moment(row.happened_at)}</span>
            <small>{voided.has(String(row.id)) ? t('Voided') : kindOf(row)}</small>
            <span className="k-num">{money(row.gross_amount, company.decimals)}</span>
          </button>
        ))}
      </div>
      {data?.rows.length === 0 ? <p className="k-dim">{t('No receipt found.')}</p> : null}
    </div>
  );
}

/** Which of these were voided since. */
function useVoided(rows: Row[]): Set<string> {
  const ids = rows.map(({ id }) => String(id));
  const { data } = useQuery({
    queryKey: ['list', 'pos.receipt', 'voiding', ids],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.list(
        'pos.receipt',
        { filter: [['voids_id', 'in', ids]], columns: ['voids_id'], limit: 30 },
        signal,
      ),
  });
  return new Set(data?.rows.map(({ voids_id }) => String(voids_id)));
}

function kindOf(row: Row): string {
  if (row.voids_id) return t('Void');
  return row.returns_id ? t('Taken back') : '';
}

type OneProps = Props & { receipt: Row; back: () => void };

function One({ receipt, back, undo, problem, busy }: OneProps) {
  const [counts, setCounts] = useState<Counts>({});
  const [reason, setReason] = useState('');
  const [method, setMethod] = useState<string>();
  const id = String(receipt.id);
  const parts = useQuery({
    queryKey: ['record', 'pos.receipt', id, 'parts'],
    staleTime: 0,
    queryFn: () => partsOf(receipt),
  });
  if (parts.error) return <Failed error={parts.error} />;
  if (!parts.data) return <Waiting rows={5} />;
  const { left } = parts.data;
  // What came back before can't come back again.
  const lines = parts.data.lines.map((line): Row => ({ ...line, quantity: left(line) }));
  const { slip, ways } = parts.data;
  const wanted = wantedOf(lines, counts);
  const first = !receipt.voids_id && !receipt.returns_id;
  const original = first && lines.some(({ quantity }) => Number(quantity) > 0);
  const isWhole = parts.data.lines.every((line) => Number(left(line)) === Number(line.quantity));
  const tooMany = wanted.some(({ receipt_line_id, quantity }) => {
    const line = lines.find((one) => String(one.id) === receipt_line_id);
    return Number(quantity) > Number(line?.quantity);
  });
  return (
    <div className="k-stack">
      <div className="till-one">
        <div className="till-paper-frame">
          <Paper slip={slip} />
        </div>
        {original ? (
          <Back
            lines={lines}
            counts={counts}
            setCounts={setCounts}
            reason={reason}
            setReason={setReason}
          >
            <WaysBack ways={ways} method={method ?? ways[0]?.method} choose={setMethod} />
          </Back>
        ) : null}
      </div>
      {first && !original ? <p className="k-dim">{t('All of it was taken back.')}</p> : null}
      <Refusal text={problem} />
      {original && wanted.length === 0 && reason.trim().length < 3 ? (
        <p className="k-dim">
          {t('Say how many of a line come back, or why the whole receipt is void.')}
        </p>
      ) : null}
      <div className="k-actions">
        <Button variant="subtle" color="gray" onClick={back}>
          {t('Back')}
        </Button>
        <PaperButtons slip={slip} />
        {original ? (
          <>
            <Button
              variant="default"
              disabled={!isWhole || reason.trim().length < 3}
              loading={busy}
              onClick={() => undo({ verb: 'void', receipt_id: id, reason: reason.trim() })}
            >
              {t('Void the receipt')}
            </Button>
            <Button
              disabled={wanted.length === 0 || tooMany}
              loading={busy}
              onClick={() =>
                undo({
                  verb: 'take_back',
                  receipt_id: id,
                  lines: wanted,
                  ...(ways.length > 1 && method && { method }),
                })
              }
            >
              {t('Take back')}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}
