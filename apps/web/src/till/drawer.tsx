import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { A, useGo } from '../../../../kernel/ui/address.tsx';
import { api } from '../../../../kernel/ui/api.ts';
import { plainNumber } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { problemText } from '../../../../kernel/ui/states.tsx';
import { uuidv7 } from '../../../../kernel/ui/uuid.ts';
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
export function DrawerDialog({ claim, unsent, close, closed, say }: Props) {
  const { company } = useSignedIn();
  const go = useGo();
  const [kind, setKind] = useState<Kind>('in');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [id] = useState(uuidv7);
  const session = claim.till_session_id ?? '';
  const report = `/reports/till_session?id=${session}`;
  const fine = /^\d+(\.\d+)?$/.test(plainNumber(amount));
  const waits = kind === 'close' && unsent > 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    const sum = plainNumber(amount);
    try {
      if (kind === 'close') {
        await api.call('pos.till_session.close', { id: session, counted_amount: sum });
        closed();
        go(report);
        return;
      }
      const input = { id, till_session_id: session, kind, amount: sum, reason: reason.trim() };
      await api.call('pos.till_session.move_cash', input);
      say(kind === 'in' ? t('Cash put in.') : t('Cash taken out.'));
      close();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
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
        <TextInput
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
          <p className="k-dim">
            {t('The difference to what should be there is booked and shown.')}
          </p>
        ) : (
          <TextInput
            label={t('Reason')}
            placeholder={kind === 'in' ? t('Change from the bank') : t('Window cleaner')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {waits ? (
          <p className="k-warning">
            {t('{n, plural, one {One receipt} other {# receipts}} must be sent before.', {
              n: unsent,
            })}
          </p>
        ) : null}
        {problem ? (
          <p className="k-problem" role="alert">
            {problem}
          </p>
        ) : null}
        <div className="k-actions">
          <A href={report} className="k-button-link">
            {t('X report')}
          </A>
          <Button
            type="submit"
            loading={busy}
            disabled={!fine || waits || (kind !== 'close' && reason.trim().length < 3)}
          >
            {kind === 'close' ? t('Close the till') : kind === 'in' ? t('Put in') : t('Take out')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
