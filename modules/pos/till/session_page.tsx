import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { A, useAddress } from '../../../kernel/ui/base/address.tsx';
import { api } from '../../../kernel/ui/base/api.ts';
import { money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Failed, Note, Waiting } from '../../../kernel/ui/base/states.tsx';
import type { Filter, Row } from '../../../kernel/ui/base/types.ts';
import { Linked } from '../../../kernel/ui/chart/report_table.tsx';
import { listAt } from '../../../kernel/ui/list/at.ts';
import { useNotice } from '../../../kernel/ui/shell/connection.tsx';

/** X while the till is open, Z once it is closed: what the drawer should hold and what it held. */
export default function TillSession() {
  const [address] = useAddress();
  const id = address.get('id') ?? '';
  const { data, error, refetch } = useQuery({
    queryKey: ['report', 'till_session', id],
    enabled: Boolean(id),
    queryFn: () => api.report('till_session', { id }),
  });
  useNotice(
    ['pos.receipt', 'pos.cash_movement', 'pos.till_session'],
    useCallback(() => void refetch(), [refetch]),
  );
  if (!id) {
    return (
      <Note
        page
        title={t('Which session?')}
        text={t('Each session of a till has its own X and Z.')}
      >
        <A href="/pos/till_session">{t('Choose in the list')}</A>
      </Note>
    );
  }
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting rows={8} />;
  return (
    <div className="k-page k-narrow k-z">
      <div className="k-head">
        <h1>
          {String(data.rows[0]?.item ?? data.title)}
          <small>{String(data.rows[0]?.value ?? '')}</small>
        </h1>
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} stroke={1.6} />}
          onClick={() => window.print()}
        >
          {t('Print')}
        </Button>
        <A href="/till" className="k-button-link">
          {t('Back to the till')}
        </A>
      </div>
      <Slip rows={data.rows} session={id} />
    </div>
  );
}

// The report says the place of each line: from here on they are amounts.
const firstAmount = 20;

/** The list that a line of the report is the sum of. */
function listOf(place: number, session: string): string | undefined {
  const of: Filter = ['till_session_id', '=', session];
  const summed = (group: string, sum: string, filter: Filter[] = [of]) => ({
    ...{ group, filter },
    totals: [`sum:${sum}`],
  });
  const kinds: Record<number, string> = { 10: 'sale', 11: 'return', 12: 'void' };
  const sums: Record<number, string> = { 20: 'net_amount', 21: 'tax_amount', 22: 'gross_amount' };
  if (kinds[place])
    return listAt('pos.receipt', summed('kind', 'gross_amount', [of, ['kind', '=', kinds[place]]]));
  if (sums[place]) return listAt('pos.receipt', summed('kind', sums[place]));
  const paid: Filter = ['receipt_id.till_session_id', '=', session];
  if (place === 30) return listAt('pos.payment', summed('method', 'amount', [paid]));
  return place === 41 ? listAt('pos.cash_movement', summed('kind', 'amount')) : undefined;
}

function Slip({ rows, session }: { rows: Row[]; session: string }) {
  const { company } = useSignedIn();
  const amount = (row: Row) => Number(row.place) >= firstAmount;
  return (
    <table className="k-table k-z-table">
      <caption className="k-hidden">
        {t('What the session took, and what the drawer holds')}
      </caption>
      <tbody>
        {rows.slice(1).map((row) => (
          <tr
            key={`${row.place} ${row.item}`}
            data-group={Number(row.place) % 10 === 0 || undefined}
          >
            <th scope="row">
              <Linked href={listOf(Number(row.place), session)}>{String(row.item)}</Linked>
            </th>
            <td className="k-num">
              {amount(row) ? money(row.value, company.decimals) : String(row.value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
