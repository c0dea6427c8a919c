import { useQuery } from '@tanstack/react-query';
import { api } from '../ui/base/api.ts';
import { moment } from '../ui/base/format.ts';
import { t, word } from '../ui/base/i18n.ts';
import { may, useSignedIn } from '../ui/base/session.tsx';
import { Failed, Note, Refusal, Waiting } from '../ui/base/states.tsx';
import type { Row } from '../ui/base/types.ts';
import { OnSwitch, RowButton, useAct } from '../ui/record/row_tools.tsx';
import { Scroll } from '../ui/shell/scroll.tsx';

type Act = (operation: string, input: Row) => Promise<void>;

/** What runs beside the calls, live, and what comes by itself. */
export default function JobsPage() {
  const me = useSignedIn();
  const { act, problem } = useAct('jobs.run', 'jobs.schedule');
  return (
    <div className="k-page">
      <h1>{t('Jobs')}</h1>
      <Refusal text={problem} />
      <Runs act={act} />
      {may(me, 'jobs.see_all') ? <Schedules act={act} manage={may(me, 'jobs.manage')} /> : null}
    </div>
  );
}

const newest = { sort: '-queued_at', limit: 50 };

function Runs({ act }: { act: Act }) {
  const { data, error } = useQuery({
    queryKey: ['list', 'jobs.run', newest],
    queryFn: ({ signal }) => api.list('jobs.run', newest, signal),
  });
  if (error) return <Failed error={error} page={false} />;
  if (!data) return <Waiting rows={5} />;
  if (data.rows.length === 0) {
    return (
      <Note
        title={t('No job has run yet')}
        text={t('Longer work runs here and shows its progress.')}
      />
    );
  }
  return (
    <section aria-label={t('Runs')}>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('Name')}</th>
              <th scope="col">{t('State')}</th>
              <th scope="col">{t('Progress')}</th>
              <th scope="col">{t('Queued at')}</th>
              <th scope="col">{t('As')}</th>
              <th scope="col">{t('Actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Run key={String(row.id)} row={row} act={act} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Run({ row, act }: { row: Row; act: Act }) {
  const name = word(String(row.label));
  const open = row.state === 'waiting' || row.state === 'running';
  const stopping = open && Boolean(row.cancel_requested_at);
  const button = (operation: string, label: string, disabled = false) => (
    <RowButton
      label={label}
      of={name}
      disabled={disabled}
      run={() => void act(operation, { id: row.id })}
    />
  );
  return (
    <tr>
      <td>{name}</td>
      <td>
        {stopping ? t('Stopping') : stateText(row)}
        {row.problem_text ? <div className="k-dim k-wrap">{String(row.problem_text)}</div> : null}
      </td>
      <td>
        <Progress row={row} name={name} />
      </td>
      <td>{moment(row.queued_at)}</td>
      <td>{String(row.actor_id_label ?? '')}</td>
      <td>
        {open ? button('jobs.run.cancel', t('Cancel'), stopping) : null}
        {row.state === 'failed' || row.state === 'cancelled'
          ? button('jobs.run.retry', t('Try again'))
          : null}
      </td>
    </tr>
  );
}

function stateText({ state, attempt, attempts, run_at }: Row): string {
  if (state === 'waiting' && Number(attempt) > 0) {
    return t('Tried {attempt} of {attempts} times, again at {when}', {
      ...{ attempt, attempts, when: moment(run_at) },
    });
  }
  const words: Record<string, string> = {
    waiting: t('Waiting'),
    running: t('Running'),
    done: t('Done'),
    failed: t('Failed'),
    cancelled: t('Cancelled'),
  };
  return words[String(state)] ?? String(state);
}

function Progress({ row, name }: { row: Row; name: string }) {
  if (row.state !== 'running') return null;
  const known = row.progress_fraction !== null && row.progress_fraction !== undefined;
  return (
    <>
      <progress
        className="k-progress"
        aria-label={t('Progress of {name}', { name })}
        max={1}
        {...(known ? { value: Number(row.progress_fraction) } : {})}
      />
      {row.progress_text ? <div className="k-dim">{String(row.progress_text)}</div> : null}
    </>
  );
}

function Schedules({ act, manage }: { act: Act; manage: boolean }) {
  const { data, error } = useQuery({
    queryKey: ['list', 'jobs.schedule'],
    queryFn: ({ signal }) => api.list('jobs.schedule', {}, signal),
  });
  if (error) return <Failed error={error} page={false} />;
  if (!data) return <Waiting rows={2} />;
  // They are the whole company's: who looks after one store's jobs sees none.
  if (data.rows.length === 0) return null;
  return (
    <section aria-labelledby="schedules" className="k-stack">
      <h2 id="schedules">{t('Schedules')}</h2>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('On')}</th>
              <th scope="col">{t('Name')}</th>
              <th scope="col">{t('Next run')}</th>
              <th scope="col">{t('Last run')}</th>
              <th scope="col">{t('Actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Schedule key={String(row.id)} row={row} act={act} manage={manage} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Schedule({ row, act, manage }: { row: Row; act: Act; manage: boolean }) {
  const name = word(String(row.label));
  const on = row.is_active === true;
  return (
    <tr>
      <td>
        <OnSwitch
          of={name}
          on={on}
          disabled={!manage}
          set={(is_active) => void act('jobs.schedule.switch', { id: row.id, is_active })}
        />
      </td>
      <td>{name}</td>
      <td>{on && row.next_run_at ? moment(row.next_run_at) : t('Off')}</td>
      <td>{row.last_run_at ? moment(row.last_run_at) : t('Never')}</td>
      <td>
        {manage ? (
          <RowButton
            label={t('Start now')}
            of={name}
            run={() => void act('jobs.run.start', { job: row.job })}
          />
        ) : null}
      </td>
    </tr>
  );
}
