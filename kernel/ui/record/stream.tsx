import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useCallback, useState } from 'react';
import { api } from '../base/api.ts';
import { nameOf } from '../base/catalogue.ts';
import { ago, moment } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { useLabel } from '../base/label.ts';
import { may, useCatalogue, useSignedIn } from '../base/session.tsx';
import { problemText, Refusal } from '../base/states.tsx';
import type { Column, Filter, Me, Row, Table } from '../base/types.ts';
import { shown } from '../field/cell.tsx';
import { useNotice } from '../shell/connection.tsx';

type Said = { at: string; key: string; comment?: Row; change?: Row };

const most = 30;

/** What was said about a record and what became of it, the newest first. */
export function Stream({ table, id }: { table: Table; id: string }) {
  const me = useSignedIn();
  const [all, setAll] = useState(false);
  const about: Filter[] = [
    ['table_name', '=', table.name],
    ['row_id', '=', id],
  ];
  const limit = all ? 200 : most;
  const comments = useQuery({
    queryKey: ['list', 'comments.comment', about, limit],
    queryFn: ({ signal }) =>
      api.list('comments.comment', { filter: about, sort: '-id', limit }, signal),
    enabled: may(me, 'comments.write'),
  });
  const changes = useQuery({
    queryKey: ['list', 'audit.history', about, limit],
    queryFn: ({ signal }) =>
      api.list('audit.history', { filter: about, sort: '-id', limit }, signal),
    enabled: may(me, 'audit.see'),
  });
  const client = useQueryClient();
  const reread = useCallback(
    () => void client.invalidateQueries({ queryKey: ['list', 'audit.history'] }),
    [client],
  );
  useNotice([table.name], reread);
  const writes = may(me, 'comments.write');
  if (!writes && !may(me, 'audit.see')) return null;
  const said: Said[] = [
    ...(comments.data?.rows ?? [])
      .filter((row) => row.is_active || row.written_by === me.user.id)
      .map((row) => ({ at: String(row.written_at), key: `c${row.id}`, comment: row })),
    ...(changes.data?.rows ?? []).map((row) => ({
      at: String(row.made_at),
      key: `h${row.id}`,
      change: row,
    })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  const more = Boolean(comments.data?.next || changes.data?.next);
  return (
    <section className="k-stream" aria-labelledby="stream">
      <h2 id="stream">{t('Comments and history')}</h2>
      {writes ? <Write table={table} id={id} /> : null}
      <ol>
        {said.map(({ key, at, comment, change }) => (
          <li key={key}>
            {comment ? <Comment row={comment} at={at} me={me} /> : null}
            {change ? <Change table={table} row={change} at={at} me={me} /> : null}
          </li>
        ))}
      </ol>
      {more && !all ? (
        <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
          {t('Show what was before')}
        </Button>
      ) : null}
    </section>
  );
}

function Write({ table, id }: { table: Table; id: string }) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    try {
      const about = { table_name: table.name, row_id: id };
      await api.call('comments.comment.write', { ...about, text: text.trim() });
      setText('');
      setProblem('');
      await client.invalidateQueries({ queryKey: ['list', 'comments.comment'] });
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    // What is typed in a form beside it is saved by its own Ctrl Enter.
    event.stopPropagation();
    void send();
  };
  return (
    <div className="k-stream-write">
      <Textarea
        onKeyDown={keys}
        aria-label={t('Comment')}
        placeholder={t('Write a comment')}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={problem}
      />
      {text.trim() ? (
        <Button size="compact-sm" loading={busy} onClick={() => void send()}>
          {t('Comment')}
        </Button>
      ) : null}
    </div>
  );
}

function Comment({ row, at, me }: { row: Row; at: string; me: Me }) {
  const client = useQueryClient();
  const [problem, setProblem] = useState('');
  const own = row.written_by === me.user.id;
  const turn = async (is_active: boolean) => {
    try {
      await api.call('comments.comment.change', { id: row.id, is_active });
      await client.invalidateQueries({ queryKey: ['list', 'comments.comment'] });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const gone = row.is_active === false;
  return (
    <>
      <Head who={String(row.writer)} at={at}>
        {own ? (
          <button type="button" className="k-link" onClick={() => void turn(gone)}>
            {gone ? t('Bring back') : t('Withdraw')}
          </button>
        ) : null}
      </Head>
      <p className="k-stream-text" dir="auto" data-gone={gone || undefined}>
        {String(row.text)}
      </p>
      <Refusal text={problem} />
    </>
  );
}

type HeadProps = { who: string; at: string; what?: string; children?: ReactNode };

function Head({ who, at, what, children }: HeadProps) {
  return (
    <div className="k-stream-head">
      <b>{who}</b>
      {what ? <span>{what}</span> : null}
      <time dateTime={at} title={moment(at)}>
        {ago(at)}
      </time>
      {children}
    </div>
  );
}

type ChangeProps = { table: Table; row: Row; at: string; me: Me };

function Change({ table, row, at, me }: ChangeProps) {
  const { data } = useCatalogue();
  const who = row.actor_id ? String(row.actor ?? t('Somebody')) : t('By itself');
  const operation = String(row.operation);
  const known = data?.operations.find(({ name }) => name === operation);
  const verb = operation.split('.').pop() ?? '';
  const plain = ['create', 'change', 'archive', 'restore', 'change_many'].includes(verb);
  const what = row.verb === 'insert' ? t('created it') : plain ? '' : (known?.label ?? '');
  // Values that need a right of their own stand apart, for who has it.
  const opened = Object.entries(asRow(row.opened)) as [string, unknown[]][];
  const of = (side: number) => Object.fromEntries(opened.map(([name, pair]) => [name, pair[side]]));
  const before = { ...asRow(row.before), ...of(0) };
  const after = { ...asRow(row.after), ...of(1) };
  const columns = table.columns.filter(({ name }) => name in before || name in after);
  return (
    <>
      <Head who={who} at={at} what={what} />
      {columns.length > 0 ? (
        <dl className="k-diff">
          {columns.map((column) => (
            <div key={column.name}>
              <dt>{column.label}</dt>
              <dd>
                <Was column={column} row={before} me={me} />
                <span aria-hidden className="k-diff-arrow" />
                <span className="k-hidden">{t('became')}</span>
                <Was column={column} row={after} me={me} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
}

const asRow = (value: unknown): Row => (value && typeof value === 'object' ? (value as Row) : {});

function Was({ column, row, me }: { column: Column; row: Row; me: Me }) {
  const value = row[column.name];
  const label = useLabel(column.refers_to ?? '', column.refers_to ? (value as string) : null);
  if (value === null || value === undefined || value === '') return <i>{t('empty')}</i>;
  // A value that only some may see.
  if (value === '…') return <span>…</span>;
  if (column.refers_to) return <span dir="auto">{label ?? nameOf(value) ?? '…'}</span>;
  return <span dir="auto">{shown(column, row, me.company.decimals)}</span>;
}
