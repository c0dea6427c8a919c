import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { type ComponentType, useRef, useState } from 'react';
import { ApiProblem, api } from '../base/api.ts';
import { isField, titleOf } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue } from '../base/session.tsx';
import { problemText } from '../base/states.tsx';
import type { Column, Page, Row, Table } from '../base/types.ts';
import type { CellEditProps, Written } from '../field/cell_edit.tsx';

/** The cell that is typed in, and what it begins with. */
export type Editing = { id: string; column: Column; row: Row; text?: string };

/** What became of a cell, said below the list. */
export type Told = { text: string; bad?: boolean; again?: () => void; undoes?: boolean };

/** A cell's value as it was and as it shall be; of a reference with its label. */
type Change = { id: string; column: Column; row: Row; was: Row; to: Row; typed?: string };

type Save = (editing: Editing, written: Written) => void;

const editor: { Shown?: ComponentType<CellEditProps> } = {};

/** Changes of single cells: shown at once, kept one after the other, put back where refused. */
export function useCells(table: Table) {
  const { data: catalogue } = useCatalogue();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [, setReady] = useState(false);
  const done = useRef<Change[]>([]);
  const { put, send, rowOf } = useSending(table);
  const changes = catalogue?.operations.some(({ name }) => name === `${table.name}.change`);
  const editable = Boolean(table.may.change && changes);
  const may = (column: Column, row: Row) =>
    editable &&
    isField(column) &&
    row.is_active !== false &&
    row.version !== undefined &&
    // A line alone would lose what is written below it.
    !String(row[column.name] ?? '').includes('\n');
  const load = async () => {
    if (!editable || editor.Shown) return;
    editor.Shown = (await import('../field/cell_edit.tsx')).default;
    setReady(true);
  };
  const begin = async (row: Row, column: Column, text?: string) => {
    if (!may(column, row)) return;
    setTold(null);
    const editing = { id: String(row.id), column, row, text };
    // What is translated is changed as it was written first.
    const original = table.translated?.includes(column.name) && text === undefined;
    if (original) editing.row = (await api.record(table.name, editing.id)).row;
    setEditing(editing);
    await load();
  };
  const apply = async (change: Change, undoing: boolean) => {
    put(change.id, change.to);
    const { id, column, row } = change;
    const title = titleOf(table, row);
    const refused = await send(change);
    if (!refused) {
      if (!undoing) done.current.push(change);
      const params = { label: column.label, title };
      const text = undoing
        ? t('{label} of {title} is as it was before.', params)
        : t('{label} of {title} is changed.', params);
      return setTold({ text, undoes: !undoing });
    }
    const text = t('{label} of {title} stays as it was: {why}', {
      ...{ label: column.label, title },
      why: refused,
    });
    // Of what it is by now: somebody else may have changed it.
    const again = () => setEditing({ id, column, row: rowOf(id) ?? row, text: change.typed });
    setTold({ text, bad: true, ...(undoing ? {} : { again }) });
  };
  const save: Save = ({ id, column, row }, { value, label, typed }) => {
    setEditing(null);
    if (same(row[column.name], value)) return;
    const names = [column.name, `${column.name}_label`];
    const was = Object.fromEntries(names.map((name) => [name, row[name]]));
    const to = { [column.name]: value, [`${column.name}_label`]: label };
    void apply({ id, column, row, was, to, typed }, false);
  };
  const undo = () => {
    const last = done.current.pop();
    if (!last) return;
    const row = rowOf(last.id) ?? last.row;
    void apply({ ...last, row, was: last.to, to: last.was }, true);
  };
  return {
    ...{ editable, editing, begin, may, load, save, undo, told },
    Editor: editor.Shown,
    leave: () => setEditing(null),
    close: () => setTold(null),
    type: (more: string) =>
      setEditing((now) => (now ? { ...now, text: (now.text ?? '') + more } : now)),
  };
}

const same = (before: unknown, after: unknown) =>
  (before ?? null) === after || (Number(before) === Number(after) && isAmount(before, after));
const isAmount = (...values: unknown[]) =>
  values.every((value) => /^-?\d+(\.\d+)?$/.test(String(value ?? '')));

function useSending(table: Table) {
  const client = useQueryClient();
  // One after the other, for the version of each comes with the answer to the one before.
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const put = (id: string, values: Row) =>
    client.setQueriesData<InfiniteData<Page>>({ queryKey: ['list', table.name] }, (data) => {
      if (!Array.isArray(data?.pages)) return data;
      const inPage = (page: Page) => ({
        ...page,
        rows: page.rows.map((row) => (row.id === id ? { ...row, ...values } : row)),
      });
      return { ...data, pages: data.pages.map(inPage) };
    });
  const rowOf = (id: string): Row | undefined =>
    client
      .getQueriesData<InfiniteData<Page>>({ queryKey: ['list', table.name] })
      .flatMap(([, data]) => data?.pages?.flatMap(({ rows }) => rows) ?? [])
      .filter((row) => row.id === id)
      .reduce<Row | undefined>((newest, row) => (isNewer(row, newest) ? row : newest), undefined);
  // The versions that one’s own changes made: any other is somebody else’s, and may conflict.
  const own = useRef(new Map<string, number>());
  /** Why it was refused, if it was. */
  const now = async ({ id, column, row, was, to }: Change): Promise<string | undefined> => {
    const values = { [column.name]: to[column.name] };
    try {
      const seen = Math.max(Number(row.version), own.current.get(id) ?? 0);
      const body = { id, version: seen, ...values };
      const { version } = await api.call(`${table.name}.change`, body);
      own.current.set(id, Number(version));
      put(id, { ...to, version });
      void client.invalidateQueries({ queryKey: ['record', table.name, id] });
      return undefined;
    } catch (error) {
      put(id, was);
      // What somebody else made of it meanwhile is shown at once.
      if (error instanceof ApiProblem && error.status === 409)
        await client.invalidateQueries({ queryKey: ['list', table.name] });
      const beside = error instanceof ApiProblem ? error.errors[0]?.message : undefined;
      return beside ?? problemText(error);
    }
  };
  const send = (change: Change) => {
    const sent = line.current.then(() => now(change));
    line.current = sent;
    return sent;
  };
  return { put, send, rowOf };
}

const isNewer = (row: Row, than: Row | undefined) =>
  !than || Number(row.version ?? 0) > Number(than.version ?? 0);
