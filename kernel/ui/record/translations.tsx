import { TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api } from '../base/api.ts';
import { titleOf } from '../base/catalogue.ts';
import { language, spoken, t } from '../base/i18n.ts';
import { problemText } from '../base/states.tsx';
import type { Column, Filter, Row, Table } from '../base/types.ts';
import { useUnsaved } from '../shell/leave.tsx';

/** The texts of a record in other languages, for the columns that have them; kept as one leaves a field. */
export function Translations({ table, row }: { table: Table; row: Row }) {
  const { data } = useQuery(textsOf(table, row));
  const columns = table.columns.filter(({ name }) => table.translated?.includes(name));
  if (!data || columns.length === 0) return null;
  const textOf = (column: Column, language: string) =>
    data.rows.find((one) => one.column_name === column.name && one.language === language)?.text;
  return (
    <section className="k-section" aria-labelledby="translations">
      <h2 id="translations">{t('Translations')}</h2>
      <div className="k-values">
        {columns.flatMap((column) =>
          spoken.map(([language, name]) => (
            <OneText
              key={`${column.name} ${language}`}
              label={`${column.label}, ${name}`}
              kept={String(textOf(column, language) ?? '')}
              original={String(row[column.name] ?? '')}
              body={{
                ...{ table_name: table.name, row_id: row.id },
                ...{ column_name: column.name, language },
              }}
            />
          )),
        )}
      </div>
    </section>
  );
}

function textsOf(table: Table, row: Row | undefined) {
  const filter: Filter[] = [
    ['table_name', '=', table.name],
    ['row_id', '=', row?.id],
  ];
  return {
    queryKey: ['list', 'kernel.translation', table.name, row?.id],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.list('kernel.translation', { filter, limit: 200 }, signal),
  };
}

/** What a record is called in the language of the page; a form holds what was written. */
export function useTitle(table: Table, row: Row | undefined): string {
  const enabled = Boolean(row && table.title && table.translated?.includes(table.title));
  const { data } = useQuery({ ...textsOf(table, row), enabled });
  if (!row) return t('New: {label}', { label: table.label });
  const said = data?.rows.find(
    (one) => one.column_name === table.title && one.language === language(),
  );
  return String(said?.text || titleOf(table, row));
}

type OneTextProps = {
  label: string;
  kept: string;
  original: string;
  body: Row & { language: string };
};

function OneText({ label, kept, original, body }: OneTextProps) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  useUnsaved(typed !== null && typed.trim() !== kept);
  const save = async () => {
    if (typed === null || typed.trim() === kept) return setTyped(null);
    setProblem('');
    try {
      await api.call('kernel.translation.set', { ...body, text: typed });
      await client.invalidateQueries({ queryKey: ['list'] });
      setTyped(null);
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void save();
    if (event.key === 'Escape') setTyped(null);
  };
  if (typed === null) {
    return (
      <div>
        <span className="k-label">{label}</span>
        <button type="button" className="k-value" onClick={() => setTyped(kept)}>
          <span lang={body.language} dir="auto" className={kept ? undefined : 'k-dim'}>
            {kept || original}
          </span>
          <span className="k-hidden">{t('Edit {label}', { label })}</span>
          <IconPencil size={14} stroke={1.6} aria-hidden />
        </button>
      </div>
    );
  }
  return (
    <TextInput
      label={label}
      lang={body.language}
      dir="auto"
      placeholder={original}
      value={typed}
      error={problem}
      autoFocus
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={keys}
    />
  );
}
