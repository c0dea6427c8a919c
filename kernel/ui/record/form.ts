import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiProblem, api } from '../base/api.ts';
import { isField } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { problemText } from '../base/states.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { uuidv7 } from '../base/uuid.ts';
import { complaintAbout, readOf, type Typed, typedOf } from '../field/field.tsx';

type Values = Record<string, Typed>;
type Errors = Record<string, string>;

/** What was saved: the row's new version, and what its changed fields held before. */
export type Saved = { id?: string; version?: number; before: Row; columns: Column[] };
/** Reads the row anew. */
export type Reread = () => Promise<Row | undefined>;
type More = { columns?: Column[]; given?: Row };

export type RecordForm = ReturnType<typeof useRecordForm>;

/**
 * What is typed over some fields of a record, saved as one change of the version that was seen when
 * typing began; a new one is made with what is `given` besides.
 */
export function useRecordForm(
  table: Table,
  row: Row | undefined,
  reread: Reread,
  { columns = fieldsOf(table), given = {} }: More = {},
) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<Values>({});
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState('');
  const [conflict, setConflict] = useState(false);
  const [busy, setBusy] = useState(false);
  // The row as it was when typing began: what others change meanwhile must not pass unseen.
  const [base, setBase] = useState<Row | undefined>();
  const sent = useRef({ body: '', key: '' });
  const seen = base ?? row;
  const typedIn = (column: Column): Typed => typed[column.name] ?? typedOf(column, seen);
  const changed = columns.filter(
    (column) => column.name in typed && typed[column.name] !== typedOf(column, seen),
  );
  const set = (column: Column, value: Typed) => {
    setBase((before) => before ?? row);
    setTyped((before) => ({ ...before, [column.name]: value ?? '' }));
    setErrors(({ [column.name]: _, ...rest }) => rest);
  };
  const discard = () => {
    setTyped({});
    setBase(undefined);
    setErrors({});
    setProblem('');
    setConflict(false);
  };
  /** Forgets what is typed; the answer types it again. */
  const drop = () => {
    discard();
    return () => {
      setTyped(typed);
      setBase(base);
    };
  };
  /** What can be said about a field as one leaves it. */
  const look = (column: Column) => {
    if (!(column.name in typed)) return;
    const complaint = complaintAbout(column, typedIn(column));
    if (complaint) setErrors((before) => ({ ...before, [column.name]: complaint }));
  };
  const save = async (): Promise<Saved | null> => {
    const found = complaints(columns, typedIn);
    setErrors(found);
    if (busy || Object.keys(found).length) return null;
    const body = { ...given, ...bodyOf(columns, seen, changed, typedIn) };
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
      const { id, version } = (saved.row as Saved | undefined) ?? (saved as Saved);
      const before = changed.map(({ name }) => [name, seen?.[name]]);
      return { id, version, before: Object.fromEntries(before), columns: changed };
    } catch (error) {
      await refused(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const refused = async (error: unknown) => {
    if (!(error instanceof ApiProblem)) return setProblem(problemText(error));
    if (error.code === 'changed_meanwhile') {
      setConflict(true);
      setBase(await reread());
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
  const shownNow = { columns, typedIn, changed, errors, problem, conflict, busy };
  return { ...shownNow, set, look, save, discard, drop };
}

/** Puts the former values back, by the same operation and over no other change of them. */
export function undoOf(table: Table, row: Row, saved: Saved, after: () => Promise<unknown>) {
  const { version, before } = saved;
  // What one may write and not read can't be put back.
  const unread = Object.values(before).includes(undefined);
  if (typeof version !== 'number' || unread) return undefined;
  return async () => {
    await api.call(`${table.name}.change`, { id: row.id, version, ...before });
    await after();
  };
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
