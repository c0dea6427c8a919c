import '../till/till.css';
import { useQuery } from '@tanstack/react-query';
import { A } from '../../../../kernel/ui/address.tsx';
import { nameOf } from '../../../../kernel/ui/catalogue.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { showBeside } from '../../../../kernel/ui/record_extras.ts';
import { Waiting } from '../../../../kernel/ui/states.tsx';
import type { Row } from '../../../../kernel/ui/types.ts';
import { Paper, PrintButton } from '../till/paper.tsx';
import { partsOf, slipOf } from '../till/slip.ts';
import { SignsIn } from './roles.tsx';

/** What this app shows of some records beyond what the catalogue knows of them. */
export function showExtras(): void {
  showBeside('pos.receipt', Receipt);
  showBeside('pos.till_session', Session);
  showBeside('identity.user', SignsIn);
}

function Receipt({ row }: { row: Row }) {
  const id = String(row.id);
  const { data } = useQuery({
    queryKey: ['record', 'pos.receipt', id, 'parts'],
    queryFn: () => partsOf(id),
  });
  if (!data) return <Waiting rows={5} />;
  const slip = slipOf(row, data, nameOf(row.store_id) ?? '');
  return (
    <div className="k-beside">
      <div className="till-paper-frame">
        <Paper slip={slip} />
      </div>
      <PrintButton slip={slip} />
    </div>
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
