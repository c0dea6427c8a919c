import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArchive, IconArrowDown, IconArrowUp, IconDots } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { A, useGo, useParam } from './address.tsx';
import { ApiProblem, api } from './api.ts';
import { isNumeric, shown } from './cell.tsx';
import { Field } from './field.tsx';
import { t } from './i18n.ts';
import { lastList } from './list_page.tsx';
import { pickable } from './list_state.ts';
import { conflictText, fieldsOf, useRecordForm } from './record_form.ts';
import { Related } from './related.tsx';
import { useSignedIn, useTable } from './session.tsx';
import { Failed, Forbidden, Note, problemText, Waiting } from './states.tsx';
import type { Column, Row, Table } from './types.ts';

/** One record: its form, what else is known about it, and what refers to it. */
export default function RecordPage() {
  const name = `${useParam('module')}.${useParam('table')}`;
  const id = useParam('id');
  const { table, loading, error } = useTable(name);
  const isNew = id === 'new';
  const record = useQuery({
    queryKey: ['record', name, id],
    queryFn: () => api.record(name, id),
    enabled: !isNew && Boolean(table),
  });
  if (loading || (!isNew && table && record.isPending)) return <Waiting rows={6} />;
  if (error) return <Failed error={error} />;
  if (!table) return <Forbidden text={t('There is no such list, or you may not see it.')} />;
  if (isNew && !table.may.create) return <Forbidden />;
  if (record.error && !record.data) return <Gone table={table} error={record.error} />;
  const row = isNew ? undefined : record.data?.row;
  return <Sheet key={`${name}/${id}`} table={table} row={row} reread={() => record.refetch()} />;
}

function Gone({ table, error }: { table: Table; error: Error }) {
  if (!(error instanceof ApiProblem) || error.status !== 404) return <Failed error={error} />;
  return (
    <Note
      title={t('There is no such record')}
      text={t('It may belong to a store that is not yours.')}
    >
      <A href={`/${table.module}/${table.table}`}>{t('Back to the list')}</A>
    </Note>
  );
}

type SheetProps = { table: Table; row?: Row; reread: () => Promise<unknown> };

function Sheet({ table, row, reread }: SheetProps) {
  const go = useGo();
  const home = `/${table.module}/${table.table}`;
  const form = useRecordForm(table, row, reread);
  const writable = row ? table.may.change && row.is_active !== false : table.may.create;
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    const saved = await form.save();
    if (saved && !row) go(saved.id ? `${home}/${saved.id}` : home, { replace: true });
  };
  useHotkeys([['mod+Enter', () => void save()]], []);
  const title = row ? titleOf(table, row) : t('New: {label}', { label: table.label });
  const dirty = !row || form.changed.length > 0;
  return (
    <div className="k-page k-record">
      <div className="k-head">
        <h1>
          {title}
          {row?.number && table.title !== 'number' ? <small>{String(row.number)}</small> : null}
          {row?.is_active === false ? <span className="k-tag">{t('Archived')}</span> : null}
        </h1>
        {row ? <Steps table={table} row={row} /> : null}
        {row && table.may.archive && row.is_active !== false ? (
          <More table={table} row={row} title={title} />
        ) : null}
      </div>
      {form.conflict ? (
        <p className="k-warning" role="alert">
          {conflictText()}
        </p>
      ) : null}
      {form.problem ? (
        <p className="k-problem" role="alert">
          {form.problem}
        </p>
      ) : null}
      <div className="k-record-body">
        {writable ? (
          <form className="k-form" onSubmit={save} noValidate>
            <div className="k-fields">
              {form.columns.map((column, at) => (
                <Field
                  key={column.name}
                  column={column}
                  value={form.valueOf(column)}
                  label={labelOf(column, row, form.valueOf(column))}
                  error={form.errors[column.name]}
                  autoFocus={!row && at === 0}
                  onChange={(value) => form.set(column, value)}
                />
              ))}
            </div>
            {dirty ? (
              <div className="k-save-bar">
                <span className="k-dim">{t('Ctrl Enter saves')}</span>
                <Button variant="default" onClick={row ? form.discard : () => go(home)}>
                  {row ? t('Discard changes') : t('Cancel')}
                </Button>
                <Button type="submit" loading={form.busy}>
                  {row ? t('Save changes') : t('Create')}
                </Button>
              </div>
            ) : null}
          </form>
        ) : (
          <Facts columns={pickable(table).filter(({ hidden }) => !hidden)} row={row!} wide />
        )}
        {row && writable ? <Facts columns={readOnly(table)} row={row} /> : null}
      </div>
      {row ? <Related table={table} id={String(row.id)} /> : null}
    </div>
  );
}

const titleOf = (table: Table, row: Row) =>
  String(row[`${table.title}_label`] ?? row[table.title] ?? row.name ?? row.number ?? table.label);

// A label belongs to the value that came with it, not to one picked since.
const labelOf = (column: Column, row: Row | undefined, value: unknown) =>
  row && row[column.name] === value ? (row[`${column.name}_label`] as string | null) : null;

function readOnly(table: Table): Column[] {
  const fields = new Set(fieldsOf(table).map(({ name }) => name));
  return pickable(table).filter(({ name, hidden }) => !fields.has(name) && !hidden);
}

function Facts({ columns, row, wide }: { columns: Column[]; row: Row; wide?: boolean }) {
  const { company } = useSignedIn();
  const filled = columns.filter(({ name }) => row[name] !== null && row[name] !== undefined);
  if (filled.length === 0) return null;
  return (
    <dl className={wide ? 'k-facts k-facts-wide' : 'k-facts'}>
      {filled.map((column) => {
        const text = shown(column, row, company.decimals);
        const [module, name] = (column.refers_to ?? '').split('.');
        return (
          <div key={column.name}>
            <dt>{column.label}</dt>
            <dd className={isNumeric(column.type) ? 'k-facts-number' : undefined}>
              {column.refers_to ? (
                <A href={`/${module}/${name}/${row[column.name]}`}>{text}</A>
              ) : (
                text || '–'
              )}
              {column.type === 'money' ? <small> {company.currency}</small> : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Steps({ table, row }: { table: Table; row: Row }) {
  const go = useGo();
  const ids = lastList.table === table.name ? lastList.ids : [];
  const at = ids.indexOf(String(row.id));
  const to = (step: number) => {
    const id = ids[at + step];
    if (at >= 0 && id) go(`/${table.module}/${table.table}/${id}`);
  };
  useHotkeys(
    [
      ['alt+ArrowUp', () => to(-1)],
      ['alt+ArrowDown', () => to(1)],
    ],
    [],
  );
  if (at < 0 || ids.length < 2) return null;
  return (
    <div className="k-tools">
      <ActionIcon
        size={32}
        disabled={at === 0}
        aria-label={t('Record before (Alt ↑)')}
        title={t('Record before (Alt ↑)')}
        onClick={() => to(-1)}
      >
        <IconArrowUp size={18} stroke={1.6} />
      </ActionIcon>
      <ActionIcon
        size={32}
        disabled={at === ids.length - 1}
        aria-label={t('Next record (Alt ↓)')}
        title={t('Next record (Alt ↓)')}
        onClick={() => to(1)}
      >
        <IconArrowDown size={18} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}

function More({ table, row, title }: { table: Table; row: Row; title: string }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const archive = async () => {
    try {
      await api.call(`${table.name}.archive`, { id: row.id, version: row.version });
      await client.invalidateQueries({ queryKey: ['record', table.name] });
      await client.invalidateQueries({ queryKey: ['list', table.name] });
      setAsking(false);
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('More actions')}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArchive size={16} stroke={1.6} />}
            onClick={() => setAsking(true)}
          >
            {t('Archive')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('Archive {title}?', { title })}
      >
        <div className="k-stack">
          <p>{t('It stays in past documents and is no longer offered for new ones.')}</p>
          {problem ? (
            <p className="k-problem" role="alert">
              {problem}
            </p>
          ) : null}
          <div className="k-actions">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('Keep it')}
            </Button>
            <Button onClick={archive} data-autofocus>
              {t('Archive')}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
