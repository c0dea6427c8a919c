import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { money } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { unlessUnder } from '../../../../kernel/ui/on_top.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { PaperButtons } from './mail.tsx';
import { Paper } from './paper.tsx';
import type { Slip } from './slip.ts';

type DoneProps = { slip: Slip; waits: boolean; note?: ReactNode; close: () => void };

/** After the sale: the change as the largest figure, the receipt, and on to the next customer. */
export function DoneDialog({ slip, waits, note, close }: DoneProps) {
  const { company } = useSignedIn();
  return (
    <Modal opened onClose={unlessUnder(close)} title={slip.title} size={420}>
      <div className="k-stack">
        {note}
        {slip.change ? (
          <div className="till-change till-change-done">
            <span>{t('Change')}</span>
            <b className="k-num">{money(slip.change, company.decimals)}</b>
          </div>
        ) : null}
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
