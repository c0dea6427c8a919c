import { lazy, Suspense } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { showBeside } from '../../../../kernel/ui/record/extras.ts';

const ReceiptBeside = lazy(() => import('../../../../modules/pos/till/receipt_beside.tsx'));
// Few open a user: what it is made of is not for everybody's first screen.
const Roles = lazy(() => import('./roles.tsx').then(({ SignsIn }) => ({ default: SignsIn })));

/** What this app shows of some records beyond what the catalogue knows of them. */
export function showExtras(): void {
  showBeside('pos.receipt', Receipt);
  showBeside('pos.till_session', Session);
  showBeside('identity.user', SignsIn);
}

function Receipt({ row }: { row: Row }) {
  return (
    <Suspense fallback={<Waiting rows={5} />}>
      <ReceiptBeside row={row} />
    </Suspense>
  );
}

function SignsIn({ row }: { row: Row }) {
  return (
    <Suspense fallback={<Waiting rows={3} />}>
      <Roles row={row} />
    </Suspense>
  );
}

function Session({ row }: { row: Row }) {
  return (
    <p className="k-beside">
      <A className="k-button-link" href={`/reports/till_session?id=${row.id}`}>
        {row.state === 'closed' ? t('Z: what was counted') : t('X: what the drawer should hold')}
      </A>
    </p>
  );
}
