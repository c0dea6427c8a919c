import { SegmentedControl, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { fromMinor, toMinor } from '../../../kernel/database/money.ts';
import { decimal, money, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { Filter, Row } from '../../../kernel/ui/base/types.ts';
import { words } from '../../../kernel/ui/field/cell.tsx';
import { rowsOf, slipFromServer } from './slip.ts';

const places = 6;
const exact = (value: unknown) => toMinor(String(value ?? '0'), places);

/** A way in which a receipt was paid, and what of it can still go back. */
type Way = { method: string; left: string };

/** A past receipt with what can still come back of its goods and of its money. */
export async function partsOf(receipt: Row) {
  const id = String(receipt.id);
  const [lines, left, ways, slip] = await Promise.all([
    rowsOf('pos.receipt_line', { filter: [['receipt_id', '=', id]], sort: 'position' }),
    leftOf(id),
    waysBack(id),
    slipFromServer(id, receipt.party_id),
  ]);
  return { lines, left, ways, slip };
}

/** The ways in which it was paid, less what went back since; the largest first, as it goes back. */
async function waysBack(receipt: string): Promise<Way[]> {
  const of = (path: string): Filter[] => [[path, '=', receipt]];
  const columns = ['method', 'amount'];
  const [came, went] = await Promise.all([
    rowsOf('pos.payment', { filter: of('receipt_id'), columns }),
    rowsOf('pos.payment', { filter: of('receipt_id.returns_id'), columns }),
  ]);
  const sums = new Map<string, bigint>();
  for (const { method, amount } of [...came, ...went]) {
    sums.set(String(method), (sums.get(String(method)) ?? 0n) + exact(amount));
  }
  return [...sums]
    .filter(([, sum]) => sum > 0n)
    .sort(([a, one], [b, other]) => Number(other - one) || a.localeCompare(b))
    .map(([method, sum]) => ({ method, left: fromMinor(sum, places) }));
}

type WaysProps = {
  ways: Way[];
  method: string | undefined;
  choose: (method: string) => void;
};

/** How the money goes back: as it came, and where it came in several ways, which of them first. */
export function WaysBack({ ways, method, choose }: WaysProps) {
  const { company } = useSignedIn();
  if (ways.length === 0) return null;
  if (ways.length === 1) {
    return (
      <p className="k-dim">
        {t('The money goes back as it came: {way}.', { way: words(ways[0]!.method) })}
      </p>
    );
  }
  return (
    <div className="till-ways">
      <span id="till-ways">{t('The money goes back by')}</span>
      <SegmentedControl
        fullWidth
        size="md"
        aria-labelledby="till-ways"
        value={method}
        onChange={choose}
        data={ways.map(({ method: value, left }) => ({
          value,
          label: t('{way}, up to {amount}', {
            way: words(value),
            amount: money(left, company.decimals),
          }),
        }))}
      />
      <small className="k-dim">{t('What is more than that goes back the other way.')}</small>
    </div>
  );
}

export type Counts = Record<string, string>;

/** How many of each line of a receipt didn't come back yet. */
async function leftOf(receipt: string): Promise<(line: Row) => string> {
  const rows = await rowsOf('pos.receipt_line', {
    filter: [['reverses_line_id.receipt_id', '=', receipt]],
    columns: ['reverses_line_id', 'quantity'],
  });
  return (line) => {
    const back = rows.filter(({ reverses_line_id }) => reverses_line_id === line.id);
    // They count below zero.
    const left = back.reduce((sum, one) => sum + exact(one.quantity), exact(line.quantity));
    return fromMinor(left, places);
  };
}

export function wantedOf(lines: Row[], counts: Counts) {
  return lines
    .map(({ id }) => ({
      receipt_line_id: String(id),
      quantity: plainNumber(counts[String(id)] ?? ''),
    }))
    .filter(({ quantity }) => Number(quantity) > 0);
}

type BackProps = {
  lines: Row[];
  counts: Counts;
  setCounts: (counts: Counts) => void;
  reason: string;
  setReason: (reason: string) => void;
  children: ReactNode;
};

/** How many of each line come back, and how the money goes. */
export function Back({ lines, counts, setCounts, reason, setReason, children }: BackProps) {
  return (
    <fieldset className="till-back">
      <legend>{t('Take back')}</legend>
      {lines.map((line) => {
        const id = String(line.id);
        const name = String(line.product_id_label ?? '');
        return (
          <div className="till-back-line" key={id}>
            <span>{name}</span>
            <small>{t('of {n}', { n: decimal(line.quantity) })}</small>
            <TextInput
              size="xs"
              className="till-quantity"
              inputMode="decimal"
              placeholder="0"
              aria-label={t('How many of {name}', { name })}
              disabled={Number(line.quantity) <= 0}
              error={Number(plainNumber(counts[id] ?? '')) > Number(line.quantity)}
              value={counts[id] ?? ''}
              onChange={(event) => setCounts({ ...counts, [id]: event.currentTarget.value })}
            />
          </div>
        );
      })}
      {children}
      <TextInput
        label={t('Reason, to void the whole receipt')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </fieldset>
  );
}
