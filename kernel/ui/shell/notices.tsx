import { ActionIcon, Popover } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { ago, moment } from '../base/format.ts';
import { t, word } from '../base/i18n.ts';
import { may, useSignedIn, useTable } from '../base/session.tsx';
import type { Filter, Row } from '../base/types.ts';
import { pairs, shown, words } from '../field/cell.tsx';
import { listAt } from '../list/at.ts';

type Notice = { id: string; title: string; more?: string; at: string; href: string };

const most = 8;

/** What wants a person: findings that are open, and their jobs that failed. */
export function Notices() {
  const me = useSignedIn();
  const [open, setOpen] = useState(false);
  const findings = useNotices('kernel.finding', may(me, 'kernel.see_findings'), '-found_at', [
    ['state', '=', 'open'],
  ]);
  const failed = useNotices('jobs.run', may(me, 'jobs.use'), '-queued_at', [
    ['state', '=', 'failed'],
    ['actor_id', '=', me.user.id],
    ['queued_at', 'within', 'last 7 days'],
  ]);
  if (!may(me, 'kernel.see_findings') && !may(me, 'jobs.use')) return null;
  const count = findings.count + failed.count;
  const label = count > 0 ? t('Notices: {n}', { n: count }) : t('Notices');
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={320} trapFocus>
      <Popover.Target>
        <ActionIcon
          className="k-bell"
          size={32}
          aria-label={label}
          title={label}
          onClick={() => setOpen(!open)}
        >
          <IconBell size={18} stroke={1.6} />
          {count > 0 ? (
            <span className="k-bell-count" aria-hidden>
              {count > 99 ? '99+' : count}
            </span>
          ) : null}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className="k-notices" aria-label={t('Notices')}>
        <Listed failed={failed.rows} findings={findings.rows} close={() => setOpen(false)} />
        {findings.count > most ? (
          <A href={openFindings} onClick={() => setOpen(false)}>
            {t('All that is open')}
          </A>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

type ListedProps = { failed: Row[]; findings: Row[]; close: () => void };

/** Written out for who opens them alone: every page begins with the bell. */
function Listed({ failed, findings, close }: ListedProps) {
  const code = useTable('kernel.finding').table?.columns.find(({ name }) => name === 'code');
  const notices: Notice[] = [
    ...failed.map((row) => ({
      id: String(row.id),
      title: t('{job} failed', { job: word(String(row.label)) }),
      at: String(row.queued_at),
      href: '/jobs',
    })),
    ...findings.map((row) => ({
      id: String(row.id),
      title: code ? shown(code, row, 2) : words(String(row.code)),
      more: pairs(row.params ?? {}),
      at: String(row.found_at),
      href: `/kernel/finding/${row.id}`,
    })),
  ];
  if (notices.length === 0)
    return <p className="k-dim">{t('No notices. Open findings and failed jobs appear here.')}</p>;
  return (
    <ul>
      {notices.map(({ id, title, more, at, href }) => (
        <li key={id}>
          <A href={href} onClick={close}>
            <span>
              {title}
              {more ? <small dir="auto">{more}</small> : null}
            </span>
            <time dateTime={at} title={moment(at)}>
              {ago(at)}
            </time>
          </A>
        </li>
      ))}
    </ul>
  );
}

const openFindings = listAt('kernel.finding', { filter: [['state', '=', 'open']] });

function useNotices(
  table: string,
  enabled: boolean,
  sort: string,
  filter: Filter[],
): { rows: Row[]; count: number } {
  const { data } = useQuery({
    queryKey: ['list', table, 'notices'],
    queryFn: ({ signal }) => api.list(table, { filter, sort, limit: most, count: true }, signal),
    enabled,
    staleTime: 60_000,
  });
  return { rows: data?.rows ?? [], count: data?.count?.value ?? 0 };
}

/** A ring while jobs of one's own run: how far they are, and the way to them. */
export function RunningJobs() {
  const me = useSignedIn();
  const filter: Filter[] = [
    ['state', 'in', ['waiting', 'running']],
    ['actor_id', '=', me.user.id],
  ];
  const { data } = useQuery({
    queryKey: ['list', 'jobs.run', 'running'],
    queryFn: ({ signal }) =>
      api.list('jobs.run', { filter, sort: '-queued_at', limit: 20 }, signal),
    enabled: may(me, 'jobs.use'),
    staleTime: 60_000,
  });
  const rows = data?.rows ?? [];
  if (rows.length === 0) return null;
  const share =
    rows.reduce((sum, row) => sum + Number(row.progress_fraction ?? 0), 0) / rows.length;
  const label = t('{n, plural, one {# job runs} other {# jobs run}}', { n: rows.length });
  const round = 2 * Math.PI * 8;
  return (
    <A href="/jobs" className="k-ring" aria-label={label} title={label}>
      <svg viewBox="0 0 20 20" width={20} height={20} aria-hidden="true">
        <circle cx={10} cy={10} r={8} />
        <circle
          cx={10}
          cy={10}
          r={8}
          strokeDasharray={`${Math.max(share, 0.08) * round} ${round}`}
          transform="rotate(-90 10 10)"
        />
      </svg>
    </A>
  );
}
