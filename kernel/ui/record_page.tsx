import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { A, useGo, useParam } from './address.tsx';
import { ApiProblem, api } from './api.ts';
import { t } from './i18n.ts';
import { useKeys } from './keys.ts';
import { useLeave } from './leave.tsx';
import { isKernel } from './menu.ts';
import { Actions } from './record_actions.tsx';
import { extraOf } from './record_extras.ts';
import { Facts, PrintedFields, readOnly, Steps } from './record_facts.tsx';
import { Fields, SaveBar } from './record_fields.tsx';
import { RecordFiles } from './record_files.tsx';
import { conflictText, type RecordForm, useRecordForm } from './record_form.ts';
import { Sections } from './record_sections.tsx';
import { Stream } from './record_stream.tsx';
import { Translations, useTitle } from './record_translations.tsx';
import { Related } from './related.tsx';
import { may, useSignedIn, useTable } from './session.tsx';
import { Failed, Forbidden, Note, Refusal, Waiting } from './states.tsx';
import type { Row, Table } from './types.ts';

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
      page
      title={t('There is no such record')}
      text={t('It may belong to a store that is not yours.')}
    >
      <A href={`/${table.module}/${table.table}`}>{t('Back to the list')}</A>
    </Note>
  );
}

type SheetProps = { table: Table; row?: Row; reread: () => Promise<unknown> };

function Sheet({ table, row, reread }: SheetProps) {
  const form = useRecordForm(table, row, reread);
  const writable = row ? table.may.change && row.is_active !== false : table.may.create;
  const Extra = extraOf(table.name);
  const me = useSignedIn();
  const id = String(row?.id ?? '');
  const hasFiles = may(me, 'files.use') && !isKernel(table.module);
  return (
    <div className="k-page k-record">
      <Head table={table} row={row} />
      {form.conflict ? (
        <p className="k-warning" role="alert">
          {conflictText()}
        </p>
      ) : null}
      <Refusal text={form.problem} />
      <div className="k-record-body">
        <div className="k-record-main">
          {writable ? <Form table={table} row={row} form={form} /> : null}
          {row && !writable ? <Facts columns={readOnly(table, false)} row={row} wide /> : null}
          {row ? <Sections table={table} id={id} /> : null}
          {row && table.may.change && may(me, 'kernel.translate') ? (
            <Translations table={table} row={row} />
          ) : null}
          {row && hasFiles ? <RecordFiles table={table} id={id} /> : null}
          {row ? <Related table={table} id={id} /> : null}
        </div>
        {row ? (
          <aside className="k-record-side" aria-label={t('About this record')}>
            {Extra ? <Extra row={row} /> : null}
            {writable ? <Facts columns={readOnly(table, true)} row={row} /> : null}
            {isKernel(table.module) ? null : <Stream table={table} id={id} />}
          </aside>
        ) : null}
      </div>
    </div>
  );
}

function Head({ table, row }: { table: Table; row?: Row }) {
  const title = useTitle(table, row);
  const code = row && table.title !== 'number' ? (row.number ?? row.code) : null;
  return (
    <div className="k-head">
      <h1>
        {title}
        {code && typeof code === 'string' && !title.includes(code) ? <small>{code}</small> : null}
        {row?.is_active === false ? <span className="k-tag">{t('Archived')}</span> : null}
      </h1>
      {row ? <Steps table={table} row={row} /> : null}
      {row ? <Actions table={table} row={row} title={title} /> : null}
    </div>
  );
}

type FormProps = { table: Table; row?: Row; form: RecordForm };

function Form({ table, row, form }: FormProps) {
  const go = useGo();
  const home = `/${table.module}/${table.table}`;
  const leave = useLeave(form.changed.length > 0);
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    const saved = await form.save();
    if (!saved || row) return;
    leave.free();
    go(saved.id ? `${home}/${saved.id}` : home, { replace: true });
  };
  const cancel = () => {
    leave.free();
    go(home);
  };
  useKeys([{ keys: 'mod+Enter', label: t('Save changes'), run: () => void save(), typing: true }]);
  return (
    <>
      {row ? <PrintedFields table={table} row={row} /> : null}
      <form className="k-form" onSubmit={save} noValidate>
        <Fields form={form} row={row} />
        <SaveBar form={form} isNew={!row} cancel={cancel} />
      </form>
      {leave.asked}
    </>
  );
}
