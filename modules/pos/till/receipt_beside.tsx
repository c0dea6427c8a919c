import './till.css';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../kernel/ui/base/api.ts';
import { moment } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Waiting } from '../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { words } from '../../../kernel/ui/field/cell.tsx';
import { PaperButtons } from './mail.tsx';
import { Paper } from './paper.tsx';
import { slipFromServer } from './slip.ts';

/** A receipt as its paper, with what can be done with it and to whom it went. */
export default function Receipt({ row }: { row: Row }) {
  const id = String(row.id);
  const { data: slip } = useQuery({
    queryKey: ['record', 'pos.receipt', id, 'paper'],
    queryFn: () => slipFromServer(id, row.party_id),
  });
  if (!slip) return <Waiting rows={5} />;
  return (
    <div className="k-beside">
      <div className="till-paper-frame">
        <Paper slip={slip} />
      </div>
      <div className="k-actions">
        <PaperButtons slip={slip} keyed />
      </div>
      <Mailed table="pos.receipt" id={id} />
    </div>
  );
}

/** To whom a document was sent, the last first. */
function Mailed({ table, id }: { table: string; id: string }) {
  const me = useSignedIn();
  const query = {
    filter: [
      ['table_name', '=', table],
      ['row_id', '=', id],
    ] as [string, string, unknown][],
    sort: '-queued_at',
    limit: 20,
  };
  const { data } = useQuery({
    queryKey: ['list', 'mail.message', query],
    queryFn: ({ signal }) => api.list('mail.message', query, signal),
    enabled: may(me, 'mail.send'),
  });
  if (!data?.rows.length) return null;
  return (
    <ul className="k-mailed" aria-label={t('Sent by e-mail')}>
      {data.rows.map((row) => (
        <li key={String(row.id)}>
          <bdi dir="ltr">{String(row.recipient)}</bdi>
          <span className="k-dim">
            {words(String(row.state))} · <bdi>{moment(row.sent_at ?? row.queued_at)}</bdi>
          </span>
        </li>
      ))}
    </ul>
  );
}
