import { useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense } from 'react';
import { A, useGo, useParam } from '../base/address.tsx';
import { ApiProblem, api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { may, useCatalogue, useSignedIn, useTable } from '../base/session.tsx';
import { Failed, Forbidden, Note, Refusal, Waiting } from '../base/states.tsx';
import type { Row, Table } from '../base/types.ts';
import { useKeys } from '../shell/keys.ts';
import { LeaveGuard, useUnsaved } from '../shell/leave.tsx';
import { isKernel } from '../shell/menu.ts';
import { WithUndo } from '../shell/undo.tsx';
import { extraOf } from './extras.ts';
import { Facts, readOnly } from './facts.tsx';
import { Fields, SaveBar } from './fields.tsx';
import { RecordFiles } from './files.tsx';
import { fieldsOf, type Reread, useRecordForm } from './form.ts';
import { FieldGroup } from './group.tsx';
import { groupsOf } from './groups.ts';
import { Head } from './head.tsx';
import { Related } from './related.tsx';
import { Sections } from './sections.tsx';
import { Stream } from './stream.tsx';
import { Translations } from './translations.tsx';

// What a record comes to and what belongs to it is asked for beside what is read first.
const Figures = lazy(() => import('./figures.tsx'));
const Chain = lazy(() => import('./chain.tsx').then(({ Chain: of }) => ({ default: of })));

/** One record to read and to edit in place, what else is known about it, and what refers to it. */
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
  const reread = async () => (await record.refetch()).data?.row;
  return (
    <LeaveGuard key={`${name}/${id}`}>
      {row ? (
        <WithUndo>
          <Sheet table={table} row={row} reread={reread} />
        </WithUndo>
      ) : (
        <NewRecord table={table} />
      )}
    </LeaveGuard>
  );
}

function Gone({ table, error }: { table: Table; error: Error }) {
  if (!(error instanceof ApiProblem) || error.status !== 404) return <Failed error={error} />;
  return (
    <Note
      page
      title={t('There is no such record')}
      text={t('It may belong to a store that is not yours.')}
    >
      <A href={`/${table.module}/${table.table}`}>{t('Back to the list')}</A>
    </Note>
  );
}

type SheetProps = { table: Table; row: Row; reread: Reread };

function Sheet({ table, row, reread }: SheetProps) {
  const writable = table.may.change && row.is_active !== false;
  const Extra = extraOf(table.name);
  const me = useSignedIn();
  const isDocument = useCatalogue().data?.documents.some(({ name }) => name === table.name);
  const id = String(row.id);
  const hasFiles = may(me, 'files.use') && !isKernel(table.module);
  useKeys(writable ? [{ keys: 'e', label: t('Edit'), run: editHere }] : []);
  return (
    <div className="k-page k-record">
      <Head table={table} row={row} />
      <div className="k-record-body">
        <div className="k-record-main">
          {writable
            ? groupsOf(table, fieldsOf(table)).map((group) => (
                <FieldGroup key={group.key} {...{ table, row, group, reread }} />
              ))
            : null}
          {writable ? null : <Read table={table} row={row} />}
          <Sections table={table} id={id} />
          <Related table={table} id={id} />
          {table.may.change && may(me, 'kernel.translate') ? (
            <Translations table={table} row={row} />
          ) : null}
          {hasFiles ? <RecordFiles table={table} id={id} /> : null}
        </div>
        <aside className="k-record-side" aria-label={t('About this record')}>
          {table.figures ? (
            <Suspense>
              <Figures table={table} id={id} />
            </Suspense>
          ) : null}
          {isDocument ? (
            <Suspense>
              <Chain table={table} row={row} />
            </Suspense>
          ) : null}
          {Extra ? <Extra row={row} /> : null}
          {writable ? <Facts columns={readOnly(table, true)} row={row} /> : null}
          {isKernel(table.module) ? null : <Stream table={table} id={id} />}
        </aside>
      </div>
    </div>
  );
}

/** A record that is not edited here, or not by who looks at it. */
function Read({ table, row }: { table: Table; row: Row }) {
  const groups = groupsOf(table, readOnly(table, false));
  return groups.map(({ key, label, columns }) => (
    <section key={key} className="k-group" aria-label={label}>
      {groups.length > 1 ? <h2>{label}</h2> : null}
      <Facts columns={columns} row={row} wide />
    </section>
  ));
}

// The value that has the focus, or the first one.
function editHere() {
  const value = document.activeElement?.closest<HTMLElement>('.k-value');
  (value ?? document.querySelector<HTMLElement>('.k-record-main .k-value'))?.click();
}

/** A record that is not there yet: its form. */
function NewRecord({ table }: { table: Table }) {
  const go = useGo();
  const home = `/${table.module}/${table.table}`;
  const form = useRecordForm(table, undefined, async () => undefined);
  const free = useUnsaved(form.changed.length > 0);
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    const saved = await form.save();
    if (!saved) return;
    free();
    go(saved.id ? `${home}/${saved.id}` : home, { replace: true });
  };
  const cancel = () => {
    free();
    go(home);
  };
  useKeys([{ keys: 'mod+Enter', label: t('Save changes'), run: () => void save(), typing: true }]);
  const groups = groupsOf(table, form.columns);
  return (
    <div className="k-page k-record">
      <Head table={table} />
      <form className="k-form" onSubmit={save} noValidate>
        <Refusal text={form.problem} />
        {groups.map(({ key, label, columns }, at) => (
          <fieldset key={key} className="k-group">
            {groups.length > 1 ? <legend>{label}</legend> : null}
            <Fields form={form} columns={columns} focus={at ? undefined : columns[0]?.name} />
          </fieldset>
        ))}
        <SaveBar form={form} isNew cancel={cancel} />
      </form>
    </div>
  );
}
