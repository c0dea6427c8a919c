import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { A, useAddress } from '../../../../kernel/ui/base/address.tsx';
import { request } from '../../../../kernel/ui/base/api.ts';
import { moment } from '../../../../kernel/ui/base/format.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Failed, Note, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { listAt } from '../../../../kernel/ui/list/at.ts';

/** What the log says of one request, by the number that an error shows. */
export default function LogPage() {
  const [address, change] = useAddress();
  const id = address.get('request') ?? '';
  const [typed, setTyped] = useState(id);
  return (
    <div className="k-page k-narrow k-stack">
      <h1>{t('Log')}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change({ request: typed.trim() });
        }}
      >
        <TextInput
          label={t('Number of the request')}
          description={t('It is shown with an error and in the trail. Press Enter.')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
      {id ? <Lines id={id} /> : null}
    </div>
  );
}

function Lines({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ['log', id],
    queryFn: () => request<{ lines: Row[] }>('GET', `/log/${encodeURIComponent(id)}`),
  });
  if (error) return <Failed error={error} page={false} />;
  if (!data) return <Waiting rows={3} />;
  const trail = listAt('audit.request', { filter: [['request_id', '=', id]] });
  return (
    <>
      {data.lines.length === 0 ? (
        <Note
          title={t('Nothing in the log')}
          text={t('It may be older than the log, or another server answered it.')}
        />
      ) : null}
      {data.lines.map((line) => {
        const { time, msg, err, level: _, pid: _p, hostname: _h, ...rest } = line;
        return (
          <section key={JSON.stringify(line)} className="k-log">
            <b>{String(msg ?? '')}</b>{' '}
            <time className="k-dim">
              {moment(time ? new Date(Number(time)).toISOString() : '')}
            </time>
            <pre>{JSON.stringify(rest, null, 1)}</pre>
            {err ? <pre>{String((err as Row).stack ?? JSON.stringify(err))}</pre> : null}
          </section>
        );
      })}
      <p>
        <A href={trail}>{t('What it changed, in the trail')}</A>
      </p>
    </>
  );
}
