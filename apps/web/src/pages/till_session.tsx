import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { A, useAddress } from '../../../../kernel/ui/address.tsx';
import { api } from '../../../../kernel/ui/api.ts';
import { useNotice } from '../../../../kernel/ui/connection.tsx';
import { t } from '../../../../kernel/ui/i18n.ts';
import { ReportTable } from '../../../../kernel/ui/report_table.tsx';
import { Failed, Note, Waiting } from '../../../../kernel/ui/states.tsx';

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
      <Note title={t('Which session?')} text={t('Each session of a till has its own X and Z.')}>
        <A href="/pos/till_session">{t('Choose in the list')}</A>
      </Note>
    );
  }
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting rows={8} />;
  return (
    <div className="k-page k-narrow k-z">
      <div className="k-head">
        <h1>{data.title}</h1>
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
      <ReportTable report={data} />
    </div>
  );
}
