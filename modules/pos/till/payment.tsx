import { Button, CloseButton, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { fromMinor, toMinor } from '../../../kernel/database/money.ts';
import { decimal, money, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Refusal } from '../../../kernel/ui/base/states.tsx';
import { words } from '../../../kernel/ui/field/cell.tsx';
import type { Payment } from './ring_up.ts';

type Props = {
  method: 'cash' | 'card';
  total: string;
  problem: string;
  busy: boolean;
  close: () => void;
  pay: (payments: Payment[]) => void;
};

/** Takes the money: what is given less than due is one part, and the rest is asked for again. */
export function PaymentDialog(props: Props) {
  const { close, problem, busy } = props;
  const { company } = useSignedIn();
  const { decimals } = company;
  const state = usePayment(props, decimals);
  const { method, parts, due, change, fine, tooMuch } = state;
  const text = (amount: bigint) => money(fromMinor(amount, decimals), decimals);
  return (
    <Modal
      opened
      onClose={close}
      title={t('Payment')}
      size={460}
      // What was taken is given back first, or it would be forgotten in the drawer.
      closeOnEscape={parts.length === 0}
      closeOnClickOutside={parts.length === 0}
      withCloseButton={parts.length === 0}
    >
      <form className="k-stack" onSubmit={state.take} onKeyDown={state.byKey}>
        <SegmentedControl
          fullWidth
          value={method}
          onChange={(next) => state.setMethod(next as 'cash' | 'card')}
          data={[
            { value: 'cash', label: t('Cash') },
            { value: 'card', label: t('Card') },
          ]}
        />
        {parts.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what a receipt holds is known by its place.
          <div className="till-part" key={at}>
            <span>{words(part.method)}</span>
            <span className="k-num">{money(part.amount, decimals)}</span>
            <CloseButton
              aria-label={t('Give back {amount}', { amount: money(part.amount, decimals) })}
              title={t('Give back {amount}', { amount: money(part.amount, decimals) })}
              onClick={() => state.giveBack(at)}
            />
          </div>
        ))}
        <div className="till-due">
          <span>{parts.length ? t('Still due') : t('To pay')}</span>
          <b className="k-num">
            {text(due)} <small>{company.currency}</small>
          </b>
        </div>
        <Given state={state} decimals={decimals} />
        {method === 'cash' ? (
          <div className="till-change" aria-live="polite">
            <span>{change < 0n ? t('Left for another payment') : t('Change')}</span>
            <b className="k-num">{text(change < 0n ? -change : change)}</b>
          </div>
        ) : null}
        <Refusal text={problem} />
        {parts.length > 0 ? (
          <p className="k-dim">{t('To go back to the sale, give back what was taken.')}</p>
        ) : null}
        <Button type="submit" size="lg" loading={busy} disabled={!fine || tooMuch}>
          {change < 0n ? t('Take this part') : t('Finish the sale')} <kbd>Enter</kbd>
        </Button>
      </form>
    </Modal>
  );
}

type PaymentState = ReturnType<typeof usePayment>;

function usePayment({ method: first, total, busy, pay }: Props, decimals: number) {
  const [method, setMethod] = useState(first);
  const [parts, setParts] = useState<Payment[]>([]);
  const [typed, setTyped] = useState('');
  const [code, setCode] = useState('');
  const minor = (text: string) => toMinor(text, decimals);
  const due = parts.reduce((left, { amount }) => left - minor(amount), minor(total));
  const plain = plainNumber(typed).replace(/\.$/, '');
  const [, places = ''] = /^\d*\.(\d+)$/.exec(plain) ?? [];
  const fine = plain === '' || (/^\d+(\.\d+)?$/.test(plain) && places.length <= decimals);
  const given = plain === '' || !fine ? due : minor(plain);
  const change = given - due;
  const tooMuch = method === 'card' && change > 0n;
  const take = (event?: FormEvent) => {
    event?.preventDefault();
    if (!fine || tooMuch || busy) return;
    // Where nothing is due no money changes hands, and the sale is a sale all the same.
    if (due === 0n) return pay(parts);
    if (given <= 0n) return;
    const amount = fromMinor(change < 0n ? given : due, decimals);
    const part: Payment =
      method === 'cash'
        ? { method, amount, tendered: fromMinor(given, decimals) }
        : { method, amount, ...(code.trim() && { approval_code: code.trim() }) };
    const all = [...parts, part];
    if (change >= 0n) return pay(all);
    setParts(all);
    setTyped('');
    setCode('');
  };
  // The keys that lead here choose here, too.
  const byKey = (event: KeyboardEvent) => {
    const chosen = ({ F8: 'cash', F9: 'card' } as const)[event.key];
    if (!chosen) return;
    event.preventDefault();
    setMethod(chosen);
  };
  const giveBack = (at: number) => setParts(parts.filter((_, other) => other !== at));
  return {
    ...{ giveBack, method, setMethod, parts, typed, setTyped, code, setCode },
    ...{ due, change, fine, tooMuch, take, byKey },
  };
}

function Given({ state, decimals }: { state: PaymentState; decimals: number }) {
  const { method, parts, typed, setTyped, due, fine, tooMuch } = state;
  const tooMuchText = tooMuch ? t('A card pays at most what is due.') : undefined;
  return (
    <>
      <TextInput
        key={`${method}${parts.length}`}
        label={method === 'cash' ? t('Given') : t('On the card')}
        size="lg"
        className="k-number-field"
        inputMode="decimal"
        data-autofocus
        autoFocus
        placeholder={decimal(fromMinor(due, decimals), decimals)}
        value={typed}
        error={fine ? tooMuchText : t('An amount such as 12.50.')}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {method === 'cash' ? (
        <div className="till-notes">
          {proposals(due, decimals).map((note) => (
            <Button
              key={String(note)}
              variant="default"
              onClick={() => setTyped(fromMinor(note, decimals))}
            >
              {money(fromMinor(note, decimals), decimals)}
            </Button>
          ))}
        </div>
      ) : (
        <TextInput
          label={t('Approval code')}
          description={t('Optional, from the slip of the terminal')}
          value={state.code}
          onChange={(event) => state.setCode(event.currentTarget.value)}
        />
      )}
    </>
  );
}

// What people hand over: the sum itself, then rounded up to the notes there are.
function proposals(due: bigint, decimals: number): bigint[] {
  const unit = 10n ** BigInt(decimals);
  const notes = [1n, 5n, 10n, 20n, 50n, 100n, 500n].map((note) => note * unit);
  const up = notes.map((note) => ((due + note - 1n) / note) * note);
  return [...new Set([due, ...up])].slice(0, 6);
}
