import pg from 'pg';
import type { Table } from '#generated/catalogue';
import { type Call, Id, z } from '../../operation.ts';
import { fieldError, Problem, problem } from '../../problem.ts';
import type { Row } from '../reading/list.ts';
import { asProblem } from '../refusal.ts';
import { checkedRow, quote, stored, wrong } from './made_row.ts';

/** The most rows that one change of many takes. */
const MOST_ROWS = 10_000;
/** Rows that a preview shows before and after. */
const SHOWN = 10;
/** Rows that a preview tries one by one, where all at once are refused. */
const TRIED = 1000;

const Scalar = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);

/** Which rows, by their ids or as a list finds them, and the fields that all of them get. */
export const Many = (table: Table) =>
  z
    .strictObject({
      ids: z.array(Id(table)).min(1).max(MOST_ROWS).optional(),
      filter: z.array(z.array(z.unknown()).min(2).max(3)).max(20).optional(),
      q: z.string().max(200).optional(),
      set: z.record(z.string(), Scalar),
      preview: z.boolean().optional().meta({
        description: 'Only say what would happen: how many, the first rows, rows that are refused.',
      }),
      expected: z.int().optional().meta({
        description: 'The count of the preview; where it would now be another, nothing is changed.',
      }),
    })
    .refine((said) => said.ids || said.filter || said.q, 'Say ids, or filter or q.');

export type Wish = z.infer<ReturnType<typeof Many>>;

interface Refused {
  id: string;
  code: string;
  message: string;
}

/** What a preview tells, or what was done; `request` undoes it within a day. */
interface Changed {
  count: number;
  preview?: true;
  rows?: { id: string; before: Row; after: Row | null }[];
  refused?: Refused[];
  request?: string;
}

/**
 * Changes up to 10,000 rows in one statement, all or nothing. Errors: too_many_rows, count_differs,
 * not_yours, and what the table refuses.
 */
export async function changeMany({ sql }: Call, table: string, wish: Wish): Promise<Changed> {
  const { values } = await checkedRow(sql, table, wish.set);
  if (Object.keys(values).length === 0)
    throw wrong([fieldError('set', 'field_missing', 'Say at least one field to change.')]);
  const ids = await idsOf(sql, table, wish);
  if (wish.expected !== undefined && wish.expected !== ids.length)
    throw problem('count_differs', { count: ids.length, expected: wish.expected });
  if (wish.preview) return await preview(sql, table, ids, values);
  const changed = await writeAll(sql, table, ids, stored(values));
  if (changed.length < ids.length) throw problem('not_yours');
  const { request } = await sql.one<{ request: string }>`
    select kernel_logic.this_request() as request`;
  return { count: changed.length, request };
}

/** Puts back what one's own change of many replaced; all of it, or nothing where somebody came between. */
export async function undoMany({ sql }: Call, table: string, request: string) {
  const before = await sql.many<{ fields: string[] | null; count: number }>`
    select (select array_agg(k) from jsonb_object_keys(min(before::text)::jsonb) k) as fields,
           count(*)::int as count
      from kernel_logic.before_of(${table}::regclass, ${request})`;
  const { fields, count = 0 } = before[0] ?? {};
  if (!fields) return { count: 0 };
  const names = Object.keys(stored(Object.fromEntries(fields.map((name) => [name, null]))));
  const quoted = quote(table);
  const { rows } = await sql.raw<{ id: string }>(
    `update ${quoted} t set ${names.map((f) => `"${f}" = n."${f}"`)}
       from kernel_logic.before_of($1::regclass, $2) b,
            lateral jsonb_populate_record(null::${quoted}, kernel_logic.unflat(b.before)) n
      where t.id = b.row_id and t.version = b.version returning t.id`,
    [table, request],
  );
  if (rows.length < count) throw problem('changed_meanwhile');
  return { count };
}

type Sql = Call['sql'];

async function idsOf(sql: Sql, table: string, { ids, filter, q }: Wish): Promise<string[]> {
  const spec = {
    filter: [...(filter ?? []), ...(ids ? [['id', 'in', ids]] : [])],
    ...(q ? { q } : {}),
  };
  const found = await sql.one<{ ids: string[] }>`
    select kernel_logic.ids_of(${table}::regclass, ${JSON.stringify(spec)}, ${MOST_ROWS}) as ids`;
  if (found.ids.length > MOST_ROWS) throw problem('too_many_rows', { limit: MOST_ROWS });
  // An id that isn't there or not one's own to see is no row that could be left out in silence.
  if (ids && found.ids.length < new Set(ids).size && !filter && !q) throw problem('not_found');
  return found.ids;
}

async function writeAll(sql: Sql, table: string, ids: string[], values: Row): Promise<string[]> {
  const quoted = quote(table);
  const sets = Object.keys(values).map((n) => `"${n}" = n."${n}"`);
  const { rows } = await sql.raw<{ id: string }>(
    `update ${quoted} t set ${sets} from jsonb_populate_record(null::${quoted}, $1) n
      where t.id = any($2) returning t.id`,
    [JSON.stringify(values), ids],
  );
  return rows.map((r) => r.id);
}

/** Tries it and takes it back: what the rules of the table say is found out by them alone. */
async function preview(sql: Sql, table: string, ids: string[], values: Row): Promise<Changed> {
  const shown = ids.slice(0, SHOWN);
  const before = await rowsOf(sql, table, shown, values);
  await sql.raw('savepoint preview', []);
  let refused: Refused[] = [];
  let after: Row[] = [];
  try {
    const changed = new Set(await writeAll(sql, table, ids, stored(values)));
    const told = problem('not_yours');
    refused = ids
      .filter((id) => !changed.has(id))
      .map((id) => ({ id, code: told.code, message: told.message }));
    after = await rowsOf(sql, table, shown, values);
  } catch (error) {
    const known = asProblem(error);
    if (!(known instanceof Problem) || known.status >= 500) throw error;
    await sql.raw('rollback to savepoint preview', []);
    refused = await tryEach(sql, table, ids.slice(0, TRIED), stored(values));
    after = await rowsOf(sql, table, shown, values);
  }
  await sql.raw('rollback to savepoint preview', []);
  const out = new Set(refused.map((r) => r.id));
  const afterOf = new Map(after.map((r) => [r.id, r]));
  const rows = before.map((row) => ({
    id: String(row.id),
    before: row,
    after: out.has(String(row.id)) ? null : (afterOf.get(row.id) ?? null),
  }));
  return { count: ids.length, preview: true, rows, refused };
}

async function tryEach(sql: Sql, table: string, ids: string[], values: Row): Promise<Refused[]> {
  const found = await sql.many<Record<string, string>>`
    select * from kernel_logic.try_each(${table}::regclass, ${ids}, ${JSON.stringify(values)})`;
  return found.map((r) => {
    const error = new pg.DatabaseError(r.message ?? '', 0, 'error');
    const told = Object.assign(error, {
      code: r.code,
      detail: r.detail || undefined,
      constraint: r.constraint_name || undefined,
      column: r.column_name || undefined,
      table: table.split('.')[1],
    });
    const known = asProblem(told);
    return known instanceof Problem
      ? { id: r.id ?? '', code: known.code, message: known.message }
      : { id: r.id ?? '', code: 'refused', message: error.message };
  });
}

/** Rows as the list shows them: the fields to change, what names the row, labels of references. */
async function rowsOf(sql: Sql, table: string, ids: string[], values: Row): Promise<Row[]> {
  const label = await sql.one<{ label: string | null }>`
    select kernel_logic.label_of(${table}::regclass) as label`;
  const spec = {
    columns: [label.label ?? 'id', ...Object.keys(values)],
    filter: [['id', 'in', ids]],
    limit: SHOWN,
  };
  const { page } = await sql.one<{ page: string }>`
    select kernel_logic.list_table(${table}::regclass, ${JSON.stringify(spec)}) as page`;
  return (JSON.parse(page) as { rows: Row[] }).rows;
}
