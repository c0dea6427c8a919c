import { Select } from '@mantine/core';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Scroll } from '../../../../kernel/ui/shell/scroll.tsx';
import type { Import, ImportFile } from './import_files.tsx';

/** What a person says of a file: null leaves the file, or a column of it, out. */
export type Correction = { table?: string | null; columns?: Record<string, string | null> };
export type Correct = (file: string, said: Correction) => void;

type Props = { file: ImportFile; data: Import; correct: Correct };
const OUT = '-';

/** What a file was taken for and why, to be corrected; and its first rows as they will be. */
export function FileDetails({ file, data, correct }: Props) {
  const { targets } = data;
  const target = targets?.find(({ table }) => table === file.table);
  const labelOf = (name: string) =>
    target?.fields.find((field) => field.name === name)?.label ?? name;
  const names = Object.keys(file.sample[0] ?? {});
  return (
    <div className="k-file-details">
      {targets?.length ? (
        <Select
          label={t('Read this file as')}
          className="k-file-target"
          searchable
          allowDeselect={false}
          readOnly={data.state !== 'checked'}
          placeholder={t('Choose what its rows are')}
          data={[
            { value: OUT, label: t('Leave this file out') },
            ...targets.map(({ table, label }) => ({ value: table, label })),
          ]}
          value={file.table ?? (file.problems.length > 0 ? null : OUT)}
          onChange={(table) => correct(file.file, { table: table === OUT ? null : table })}
        />
      ) : null}
      {file.mapping.length > 0 ? <Columns {...{ file, data, correct, labelOf }} /> : null}
      {names.length ? <h2>{t('First rows, as they will be stored')}</h2> : null}
      {names.length ? (
        <Scroll>
          <table className="k-table">
            <thead>
              <tr>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {labelOf(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {file.sample.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file are known by their place.
                <tr key={at}>
                  {names.map((name) => (
                    <td key={name}>{cellText(row[name])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </div>
  );
}

function Columns({ file, data, correct, labelOf }: Props & { labelOf: (name: string) => string }) {
  const target = data.targets?.find(({ table }) => table === file.table);
  const fields = target?.fields.map(({ name, label }) => ({ value: name, label })) ?? [];
  const set = (column: string, field: string | null) =>
    correct(file.file, { table: file.table, columns: { [column]: field } });
  return (
    <>
      <h2>{t('Columns')}</h2>
      <Scroll>
        <table className="k-table k-file-columns">
          <thead>
            <tr>
              <th scope="col">{t('In the file')}</th>
              <th scope="col">{t('Becomes')}</th>
              <th scope="col">{t('Because')}</th>
            </tr>
          </thead>
          <tbody>
            {file.mapping.map(({ column, field, reason }) => (
              <tr key={column}>
                <td>{column}</td>
                <td>
                  {target ? (
                    <Select
                      aria-label={t('{column} becomes', { column })}
                      size="xs"
                      searchable
                      allowDeselect={false}
                      readOnly={data.state !== 'checked'}
                      data={[{ value: OUT, label: t('left out') }, ...fields]}
                      value={field ?? OUT}
                      onChange={(chosen) => set(column, chosen === OUT ? null : chosen)}
                    />
                  ) : (
                    (field && labelOf(field)) || <span className="k-dim">{t('left out')}</span>
                  )}
                </td>
                <td className="k-dim">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** A value of a file as it stands. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
