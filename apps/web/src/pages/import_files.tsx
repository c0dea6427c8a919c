import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { decimal } from '../../../../kernel/ui/base/format.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { tableOf, useCatalogue } from '../../../../kernel/ui/base/session.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { downloadCsv } from '../../../../kernel/ui/field/csv.ts';
import { Scroll } from '../../../../kernel/ui/shell/scroll.tsx';
import { type Correct, cellText, FileDetails } from './import_details.tsx';

type Problem = {
  row: number | null;
  column: string | null;
  value: unknown;
  code: string;
  message: string;
};

export type ImportFile = {
  file: string;
  table: string | null;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  mapping: { column: string; field: string | null; reason: string }[];
  problems: Problem[];
  sample: Row[];
  /** What undoing would do with its new rows. */
  undo?: 'removed' | 'reversed' | 'never' | null;
};

export type Import = {
  id: string;
  state: 'reading' | 'checked' | 'loading' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number;
  files: ImportFile[];
  /** Of the loaded import, by which it is undone. */
  batch?: string;
  /** What a file can be taken for; said while it can be corrected. */
  targets?: Target[];
};

export type Target = {
  table: string;
  label: string;
  fields: { name: string; label: string; required: boolean }[];
};

/** What each file is taken for, and what it would do; opened, why. */
export function ImportFiles({ data, correct }: { data: Import; correct: Correct }) {
  if (data.files.length === 0) return null;
  return (
    <section aria-label={t('Files')} className="k-files">
      {data.files.map((file) => (
        <FileRow key={file.file} file={file} data={data} correct={correct} />
      ))}
    </section>
  );
}

type FileProps = { file: ImportFile; data: Import; correct: Correct };

function FileRow({ file, data, correct }: FileProps) {
  const [asked, setAsked] = useState<boolean>();
  // What it is has to be said below it, so that this stands open.
  const open = asked ?? (!file.table && file.problems.length > 0);
  const correctHere: Correct = (...said) => {
    setAsked(true);
    return correct(...said);
  };
  const table = tableOf(useCatalogue().data, file.table ?? '');
  const label = table?.label ?? file.table;
  const unknown = file.problems.length > 0 ? t('not recognised') : t('left out');
  const fine = file.problems.length === 0;
  // Said without being asked: who changed such a column thinks that the change is loaded.
  const leftOut = file.mapping
    .filter(({ field }) => !field)
    .map(({ column }) => column)
    .join(', ');
  const counts = [
    [file.rows, t('rows')],
    [file.created, t('new')],
    [file.updated, t('changed')],
    [file.unchanged, t('as before')],
  ] as const;
  return (
    <div className="k-file">
      <button type="button" aria-expanded={open} onClick={() => setAsked(!open)}>
        <IconChevronRight size={16} stroke={1.6} data-open={open || undefined} aria-hidden />
        <span className="k-file-name">
          <b>{file.file}</b>
          <small>{label ? t('read as {label}', { label }) : unknown}</small>
          {file.undo === 'never' && file.created > 0 ? (
            <small className="k-file-left-out">
              {t('posted for good: such an import can’t be undone')}
            </small>
          ) : null}
          {file.undo === 'reversed' && file.created > 0 ? (
            <small>
              {t('posted: undoing takes it out again by a count and archives the rest')}
            </small>
          ) : null}
          {leftOut ? (
            <small className="k-file-left-out">
              {t('left out: {columns}', { columns: leftOut })}
            </small>
          ) : null}
        </span>
        {counts.map(([n, text]) => (
          <span key={text} className="k-file-count">
            <b>{decimal(n ?? 0)}</b> {text}
          </span>
        ))}
        <span className={fine ? 'k-file-fine' : 'k-file-odd'}>
          {fine ? <IconCheck size={15} /> : <IconAlertTriangle size={15} />}
          {fine
            ? t('fine')
            : t('{n, plural, one {# problem} other {# problems}}', { n: file.problems.length })}
        </span>
      </button>
      {data.state === 'done' && table ? (
        <A className="k-file-link" href={`/${table.module}/${table.table}`}>
          {t('Open {label}', { label })}
        </A>
      ) : null}
      {open ? <FileDetails file={file} data={data} correct={correctHere} /> : null}
    </div>
  );
}

const most = 200;

/** Every problem by file, row and column; the first on the page, all of them to take away. */
export function ImportProblems({ data }: { data: Import }) {
  const all = data.files.flatMap(({ file, problems }) => problems.map((one) => ({ file, ...one })));
  if (all.length === 0) return null;
  const save = () =>
    downloadCsv(
      'problems',
      ['file', 'row', 'column', 'value', 'code', 'message'],
      all.map((one) => [one.file, one.row, one.column, one.value, one.code, one.message]),
    );
  return (
    <section aria-label={t('Problems')}>
      <div className="k-head">
        <h2>{t('Problems')}</h2>
        <span className="k-grow" />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          onClick={save}
        >
          {t('Save as CSV')}
        </Button>
      </div>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('File')}</th>
              <th scope="col" className="k-num">
                {t('Row')}
              </th>
              <th scope="col">{t('Column')}</th>
              <th scope="col">{t('Value')}</th>
              <th scope="col">{t('Problem')}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, most).map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in all parts.
              <tr key={at}>
                <td>{one.file}</td>
                <td className="k-num">{one.row ?? ''}</td>
                <td>{one.column ?? ''}</td>
                <td>{cellText(one.value)}</td>
                <td className="k-wrap">{one.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {all.length > most ? (
        <p className="k-dim">{t('{n} more are in the CSV.', { n: all.length - most })}</p>
      ) : null}
    </section>
  );
}
