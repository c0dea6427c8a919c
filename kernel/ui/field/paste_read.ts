import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import type { Column, Row, Table } from '../base/types.ts';
import { choiceLabel, choiceValue } from './cell.tsx';
import { sheetCells } from './csv.ts';
import { complaintAbout, readOf } from './field.tsx';

export type Pasted = {
  columns: Column[];
  rows: { values: Row; shown: string[] }[];
  /** By the row in the spreadsheet, whose first is 0. */
  problems: { row: number; why: string }[];
  /** The row in the spreadsheet of the first of them. */
  first: number;
};

/** The most rows that are made at once. */
const most = 1000;

/**
 * What was pasted as values of the columns: by the names in its first row, where those are names of
 * columns, else one after the other. References are found by what their lists are searched by.
 */
export async function read(text: string, given: Column[], tables: Table[]): Promise<Pasted> {
  const cells = await sheetCells(text);
  const head = (cells[0] ?? []).map((cell) => given.find((one) => isCalled(one, cell)));
  const headed = head.length > 0 && head.every(Boolean);
  const columns = headed ? (head as Column[]) : given.slice(0, cells[0]?.length ?? 0);
  const first = headed ? 1 : 0;
  const body = cells.slice(first);
  if (body.length > most)
    return {
      columns,
      first,
      rows: [],
      problems: [{ row: most, why: t('Add at most {n} rows at once.', { n: most }) }],
    };
  const found = await Promise.all(
    columns.map((column, at) => {
      const target = tables.find(({ name }) => name === column.refers_to);
      return target
        ? seek(
            target,
            body.map((row) => row[at] ?? ''),
          )
        : undefined;
    }),
  );
  const problems: Pasted['problems'] = [];
  const rows = body.map((row, n) => {
    const values: Row = {};
    const shown = columns.map((column, at) => {
      const cell = row[at] ?? '';
      const hits = found[at]?.get(fold(cell));
      const [value, why] = found[at] ? referred(column, cell, hits) : valued(column, cell);
      if (why) problems.push({ row: n + first, why });
      values[column.name] = value;
      return hits?.length === 1 ? hits[0]!.name : cell;
    });
    if (row.length > columns.length)
      problems.push({ row: n + first, why: t('There are more cells than columns.') });
    return { values, shown };
  });
  return { columns, rows, problems, first };
}

const fold = (text: string) => text.trim().toLowerCase();
const isCalled = ({ name, label }: Column, cell: string) =>
  [name, fold(label)].includes(fold(cell));

type Hit = { id: string; name: string };

/** The records that are called so, by number, name or whatever their list is searched by. */
async function seek(target: Table, texts: string[]): Promise<Map<string, Hit[]>> {
  const wanted = [...new Set(texts.filter(Boolean))];
  const keys = target.columns.filter(({ searchable, type }) => searchable && type === 'text');
  const title = target.title ?? 'id';
  const found = new Map<string, Hit[]>();
  const ask = async (key: string, some: string[]) => {
    const columns = [...new Set([title, key])];
    const filter: [string, string, unknown][] = [[key, 'in', some]];
    const { rows } = await api.list(target.name, { filter, columns, limit: 200 });
    for (const row of rows) {
      const hit = { id: String(row.id), name: String(row[title] ?? '') };
      const at = fold(String(row[key]));
      const known = found.get(at) ?? [];
      if (!known.some(({ id }) => id === hit.id)) found.set(at, [...known, hit]);
    }
  };
  // A number is one record's; a name may be more than one's, and is asked for where no number fits.
  for (const { name } of [...keys].sort(
    (a, b) => Number(a.name === title) - Number(b.name === title),
  )) {
    const open = wanted.filter((text) => !found.has(fold(text)));
    for (let at = 0; at < open.length; at += 100) await ask(name, open.slice(at, at + 100));
  }
  return found;
}

function referred({ label, required }: Column, cell: string, hits: Hit[] = []): [unknown, string?] {
  if (!cell) return [null, required ? t('{label} is needed.', { label }) : undefined];
  if (hits.length === 1) return [hits[0]!.id];
  if (hits.length === 0) return [null, t('{label}: nothing is called “{cell}”.', { label, cell })];
  return [null, t('{label}: several are called “{cell}”. Use their number.', { label, cell })];
}

function valued(column: Column, cell: string): [unknown, string?] {
  const { label, type } = column;
  if (type === 'boolean')
    return [/^(1|x|true|yes|y)$/i.test(cell) || fold(cell) === fold(t('Yes'))];
  if (column.choices?.length && cell) {
    const choice = column.choices.find((one) =>
      [choiceValue(one), choiceLabel(one)].map(fold).includes(fold(cell)),
    );
    if (!choice) return [null, t('{label}: nothing is called “{cell}”.', { label, cell })];
    return [choiceValue(choice)];
  }
  const typed = type === 'fraction' ? cell.replace(/\s*%$/, '') : cell;
  const why = complaintAbout(column, typed);
  return why ? [null, why] : [readOf(column, typed)];
}
