import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { words } from '../../../kernel/ui/field/cell.tsx';
import { unlessUnder } from '../../../kernel/ui/shell/on_top.ts';
import { PaperButtons } from './mail.tsx';
import { Paper } from './paper.tsx';
import type { OnPaper, Slip } from './slip.ts';

type DoneProps = { slip: Slip; waits: boolean; note?: ReactNode; close: () => void };

/** After the sale: what is handed over as the largest figure, the receipt, and the next customer. */
export function DoneDialog({ slip, waits, note, close }: DoneProps) {
  return (
    <Modal opened onClose={unlessUnder(close)} title={slip.title} size={440}>
      <div className="k-stack">
        {note}
        {handedOver(slip.paper).map(({ label, amount }) => (
          <div className="till-change till-change-done" key={label}>
            <span>{label}</span>
            <b className="k-num">{money(amount, slip.paper.decimals)}</b>
          </div>
        ))}
        <div className="till-paper-frame">
          <Paper slip={slip} />
        </div>
        <div className="k-actions">
          <PaperButtons slip={slip} waits={waits} />
          <Button data-autofocus onClick={close}>
            {t('Next customer')} <kbd>Enter</kbd>
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** The change of a sale that was paid in cash; of what is taken back, the money and its way. */
function handedOver({ payments, change_amount }: OnPaper): { label: string; amount: string }[] {
  const ways: Record<string, string> = { cash: t('Back in cash'), card: t('Back on the card') };
  const back = payments
    .filter(({ paid_amount }) => paid_amount.startsWith('-'))
    .map(({ method, paid_amount }) => ({
      label: ways[method] ?? words(method),
      amount: paid_amount.slice(1),
    }));
  if (back.length > 0) return back;
  const cash = payments.some(({ method }) => method === 'cash');
  return cash ? [{ label: t('Change'), amount: change_amount ?? '0' }] : [];
}
