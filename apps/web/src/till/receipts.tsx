import { Button, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../kernel/ui/api.ts';
import { decimal, moment, money, plainNumber } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { Failed, Waiting } from '../../../../kernel/ui/states.tsx';
import type { Filter, Row } from '../../../../kernel/ui/types.ts';
import type { Claim } from './kept.ts';
import { Paper, PrintButton, type Slip } from './paper.tsx';

export type Undo =
  | {
      verb: 'take_back';
      receipt_id: string;
      lines: { receipt_line_id: string; quantity: string }[];
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
    <Modal opened onClose={props.close} title={t('Receipts')} size={picked ? 560 : 640}>
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
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.list('pos.receipt', { q, filter, sort: '-happened_at', limit: 30 }, signal),
  });
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
            <b>{numberOf(row, claim)}</b>
            <span>{moment(row.happened_at)}</span>
            <small>{kindOf(row)}</small>
            <span className="k-num">{money(row.gross_amount, company.decimals)}</span>
          </button>
        ))}
      </div>
      {data?.rows.length === 0 ? <p className="k-dim">{t('No receipt found.')}</p> : null}
    </div>
  );
}

const numberOf = (row: Row, claim: Claim) =>
  `${row.series ?? (row.claim_id === claim.id ? claim.series : '')}${row.number}`;

function kindOf(row: Row): string {
  if (row.voids_id) return t('Void');
  return row.returns_id ? t('Taken back') : '';
}

type OneProps = Props & { receipt: Row; back: () => void };

function One({ claim, receipt, back, undo, problem, busy }: OneProps) {
  const me = useSignedIn();
  const [counts, setCounts] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const id = String(receipt.id);
  const filter: Filter[] = [['receipt_id', '=', id]];
  const parts = useQuery({
    queryKey: ['record', 'pos.receipt', id, 'parts'],
    queryFn: async () => {
      const ask = (table: string) => api.list(table, { filter, sort: 'position', limit: 200 });
      const [lines, payments] = await Promise.all([ask('pos.receipt_line'), ask('pos.payment')]);
      return { lines: lines.rows, payments: payments.rows };
    },
  });
  if (parts.error) return <Failed error={parts.error} />;
  if (!parts.data) return <Waiting rows={5} />;
  const { lines, payments } = parts.data;
  const store = me.stores.find((one) => one.id === receipt.store_id)?.name ?? '';
  const slip = slipOf(
    receipt,
    lines,
    payments,
    t('Receipt {n}', { n: numberOf(receipt, claim) }),
    store,
  );
  const wanted = lines
    .map((line) => ({
      receipt_line_id: String(line.id),
      quantity: plainNumber(counts[String(line.id)] ?? ''),
    }))
    .filter(({ quantity }) => Number(quantity) > 0);
  const original = !receipt.voids_id && !receipt.returns_id;
  return (
    <div className="k-stack">
      <div className="till-paper-frame">
        <Paper slip={slip} />
      </div>
      {original ? (
        <fieldset className="till-back">
          <legend>{t('Take back')}</legend>
          {lines.map((line) => (
            <label key={String(line.id)}>
              <span>{String(line.product_id_label ?? line.product_id)}</span>
              <small>{t('of {n}', { n: decimal(line.quantity) })}</small>
              <TextInput
                size="xs"
                className="till-quantity"
                inputMode="decimal"
                placeholder="0"
                aria-label={t('Quantity to take back')}
                value={counts[String(line.id)] ?? ''}
                onChange={(event) =>
                  setCounts({ ...counts, [String(line.id)]: event.currentTarget.value })
                }
              />
            </label>
          ))}
          <TextInput
            label={t('Reason, to void the whole receipt')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </fieldset>
      ) : null}
      {problem ? (
        <p className="k-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="k-actions">
        <Button variant="subtle" color="gray" onClick={back}>
          {t('Back')}
        </Button>
        <PrintButton slip={slip} />
        {original ? (
          <>
            <Button
              variant="default"
              disabled={reason.trim().length < 3}
              loading={busy}
              onClick={() => undo({ verb: 'void', receipt_id: id, reason: reason.trim() })}
            >
              {t('Void receipt')}
            </Button>
            <Button
              disabled={wanted.length === 0}
              loading={busy}
              onClick={() => undo({ verb: 'take_back', receipt_id: id, lines: wanted })}
            >
              {t('Take back')}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

/** A receipt of the server as a slip. */
export function slipOf(
  receipt: Row,
  lines: Row[],
  payments: Row[],
  title: string,
  store: string,
): Slip {
  const text = (value: unknown) => String(value ?? '0');
  const change = payments.reduce((sum, one) => {
    return one.tendered ? sum + Number(one.tendered) - Number(one.amount) : sum;
  }, 0);
  return {
    title,
    store,
    happened_at: String(receipt.happened_at ?? new Date().toISOString()),
    party: receipt.party_id_label as string | null,
    lines: lines.map((line) => ({
      name: String(line.product_id_label ?? ''),
      quantity: text(line.quantity),
      unit_price: text(line.unit_price),
      discount: text(line.discount_amount),
      amount: text(line.gross_amount ?? Number(line.net_amount) + Number(line.tax_amount)),
    })),
    net_amount: text(receipt.net_amount),
    tax_amount: text(receipt.tax_amount),
    gross_amount: text(receipt.gross_amount),
    payments: payments.map((one) => ({
      method: text(one.method),
      amount: text(one.amount),
      tendered: one.tendered as string | null,
    })),
    change: change > 0 ? change.toFixed(4) : null,
  };
}
