import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { minus } from '../../../kernel/database/money.ts';
import { A, useGo } from '../../../kernel/ui/base/address.tsx';
import { api } from '../../../kernel/ui/base/api.ts';
import { money, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { problemText, Refusal } from '../../../kernel/ui/base/states.tsx';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import type { Claim } from './kept.ts';

type Kind = 'in' | 'out' | 'close';
type Props = {
  claim: Claim;
  unsent: number;
  close: () => void;
  closed: () => void;
  say: (text: string) => void;
};

/** Cash in and out of the drawer, and the count that closes the till. */
export function DrawerDialog(props: Props) {
  const { claim, unsent, close } = props;
  const [kind, setKind] = useState<Kind>('in');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const { submit, problem, busy, far } = useDrawer(props, kind, amount, reason);
  const { company } = useSignedIn();
  const fine = /^\d+(\.\d+)?$/.test(plainNumber(amount));
  const waits = kind === 'close' && unsent > 0;
  const verbs = { in: t('Put in'), out: t('Take out'), close: t('Close the till') };
  return (
    <Modal
      opened
      onClose={close}
      title={t('Drawer of {name}', { name: claim.till_name })}
      size={440}
    >
      <form className="k-stack" onSubmit={submit}>
        <SegmentedControl
          fullWidth
          value={kind}
          onChange={(next) => setKind(next as Kind)}
          data={[
            { value: 'in', label: t('Cash in') },
            { value: 'out', label: t('Cash out') },
            { value: 'close', label: t('Count and close') },
          ]}
        />
        <Fields {...{ kind, amount, setAmount, reason, setReason }} />
        {waits ? (
          <p className="k-warning">
            {t('{n, plural, one {One receipt} other {# receipts}} must be sent before.', {
              n: unsent,
            })}
          </p>
        ) : null}
        <Refusal text={problem} />
        {far ? (
          <p className="k-warning" role="alert">
            {t(
              'That is {difference} {currency} off what should be there. Count once more, or close with this difference: it is booked and can’t be undone.',
              { difference: money(far, company.decimals), currency: company.currency },
            )}
          </p>
        ) : null}
        <div className="k-actions">
          <A href={reportOf(claim)} className="k-button-link">
            {t('X report')}
          </A>
          <Button
            type="submit"
            loading={busy}
            disabled={!fine || waits || (kind !== 'close' && reason.trim().length < 3)}
          >
            {far ? t('Close with this difference') : verbs[kind]}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const reportOf = (claim: Claim) => `/reports/till_session?id=${claim.till_session_id ?? ''}`;

function useDrawer(props: Props, kind: Kind, amount: string, reason: string) {
  const { claim, close, closed, say } = props;
  const go = useGo();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [id] = useState(uuidv7);
  const session = claim.till_session_id ?? '';
  // The count that one was asked about, and how far off it is.
  const [asked, setAsked] = useState({ sum: '', far: '' });
  const sum = plainNumber(amount);
  const far = kind === 'close' && asked.sum === sum ? asked.far : '';
  const send = async () => {
    if (kind === 'close') {
      const off = far ? '' : await farOff(session, sum);
      if (off) {
        setBusy(false);
        return setAsked({ sum, far: off });
      }
      await api.call('pos.till_session.close', { id: session, counted_amount: sum });
      closed();
      return go(reportOf(claim));
    }
    const input = { id, till_session_id: session, kind, amount: sum, reason: reason.trim() };
    await api.call('pos.till_session.move_cash', input);
    say(kind === 'in' ? t('Cash put in.') : t('Cash taken out.'));
    close();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await send();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return { submit, problem, busy, far };
}

// The place of the line in the report that says what the drawer should hold.
const expectedPlace = 42;

/** By how much a count misses what should be there, where it is more than a twentieth of that. */
async function farOff(session: string, counted: string): Promise<string> {
  const { rows } = await api.report('till_session', { id: session });
  const expected = String(rows.find(({ place }) => Number(place) === expectedPlace)?.value ?? '0');
  const off = minus(counted, expected);
  return Math.abs(Number(off)) > Math.abs(Number(expected)) / 20 ? off : '';
}

type FieldsProps = {
  kind: Kind;
  amount: string;
  setAmount: (amount: string) => void;
  reason: string;
  setReason: (reason: string) => void;
};

function Fields({ kind, amount, setAmount, reason, setReason }: FieldsProps) {
  const { company } = useSignedIn();
  return (
    <>
      <TextInput
        key={kind}
        autoFocus
        label={kind === 'close' ? t('Counted in the drawer') : t('Amount')}
        size="lg"
        data-autofocus
        className="k-number-field"
        inputMode="decimal"
        placeholder="0.00"
        rightSection={company.currency}
        rightSectionWidth={60}
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      {kind === 'close' ? (
        <p className="k-dim">{t('The difference to what should be there is booked and shown.')}</p>
      ) : (
        <TextInput
          label={t('Reason')}
          placeholder={kind === 'in' ? t('Change from the bank') : t('Window cleaner')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </>
  );
}
