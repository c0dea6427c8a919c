import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiProblem, api } from './api.ts';
import { isField } from './catalogue.ts';
import { complaintAbout, readOf, type Typed, typedOf } from './field.tsx';
import { t } from './i18n.ts';
import { problemText } from './states.tsx';
import type { Column, Row, Table } from './types.ts';
import { uuidv7 } from './uuid.ts';

type Values = Record<string, Typed>;
type Errors = Record<string, string>;

export type RecordForm = ReturnType<typeof useRecordForm>;

/**
 * What is typed over a record, saved as one change of the version that was read; a new one is made
 * with what is `given` besides.
 */
export function useRecordForm(
  table: Table,
  row: Row | undefined,
  reread: () => Promise<unknown>,
  given: Row = {},
) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<Values>({});
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState('');
  const [conflict, setConflict] = useState(false);
  const [busy, setBusy] = useState(false);
  const sent = useRef({ body: '', key: '' });
  const columns = fieldsOf(table);
  const typedIn = (column: Column): Typed => typed[column.name] ?? typedOf(column, row);
  const changed = columns.filter(
    (column) => column.name in typed && typed[column.name] !== typedOf(column, row),
  );
  const set = (column: Column, value: Typed) => {
    setTyped((before) => ({ ...before, [column.name]: value ?? '' }));
    setErrors(({ [column.name]: _, ...rest }) => rest);
  };
  const discard = () => {
    setTyped({});
    setErrors({});
    setProblem('');
    setConflict(false);
  };
  const save = async (): Promise<Row | null> => {
    const found = complaints(columns, typedIn);
    setErrors(found);
    if (Object.keys(found).length) return null;
    const body = { ...given, ...bodyOf(columns, row, changed, typedIn) };
    const text = JSON.stringify(body);
    if (sent.current.body !== text) sent.current = { body: text, key: uuidv7() };
    setBusy(true);
    setProblem('');
    try {
      const verb = row ? 'change' : 'create';
      const saved = await api.call<Row>(`${table.name}.${verb}`, body, { key: sent.current.key });
      await client.invalidateQueries({ queryKey: ['list', table.name] });
      if (row || given.id) await reread();
      discard();
      return (saved.row as Row | undefined) ?? saved;
    } catch (error) {
      await refused(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const refused = async (error: unknown) => {
    if (!(error instanceof ApiProblem)) return setProblem(problemText(error));
    if (error.status === 409 || /version|meanwhile/.test(error.code)) {
      setConflict(true);
      await reread();
      // Beside each field that both changed: what it is now, and by whom.
      setErrors(Object.fromEntries(error.errors.map((one) => [one.field, one.message])));
      return;
    }
    const beside = Object.fromEntries(
      error.errors.map((one) => [lastPart(one.field), one.message]),
    );
    setErrors(beside);
    const elsewhere = error.errors.filter(
      (one) => !columns.some((c) => c.name === lastPart(one.field)),
    );
    if (error.errors.length === 0) setProblem(problemText(error));
    else if (elsewhere.length) setProblem(elsewhere.map((one) => one.message).join(' '));
  };
  return { columns, typedIn, set, changed, discard, save, errors, problem, conflict, busy };
}

const lastPart = (field: string) => /(?:custom\.)?[^./]*$/.exec(field)?.[0] ?? field;

/** The columns that a person can write, in the catalogue's order. */
export const fieldsOf = (table: Table): Column[] => table.columns.filter(isField);

function complaints(columns: Column[], typedIn: (column: Column) => Typed): Errors {
  const found = columns.map((column) => [column.name, complaintAbout(column, typedIn(column))]);
  return Object.fromEntries(found.filter(([, complaint]) => complaint)) as Errors;
}

function bodyOf(
  columns: Column[],
  row: Row | undefined,
  changed: Column[],
  typedIn: (column: Column) => Typed,
): Row {
  if (!row) {
    const filled = columns
      .map((column) => [column.name, readOf(column, typedIn(column))])
      .filter(([, value]) => value !== null);
    return Object.fromEntries(filled) as Row;
  }
  const values = changed.map((column) => [column.name, readOf(column, typedIn(column))]);
  return { id: row.id, version: row.version, ...Object.fromEntries(values) };
}

export const conflictText = () =>
  t(
    'Somebody else changed the same field meanwhile. What you typed is kept; save again to put it over theirs.',
  );
