import { problem } from '../../problem.ts';
import type { Database } from '../connect.ts';
import { asProblem, retrying } from '../refusal.ts';
import { timed } from '../timed.ts';

/** A column, or a way over references to one: `product_id.brand_id.name`, at most two references. */
type Path<C extends string> = C | `${C}.${string}`;

type Value = string | number | boolean | null;

/**
 * A filter's condition: path, operator, value (an array for `in`, `not_in` and `between`; none for
 * `is_null` and `not_null`). A moment compared with a day such as 2026-11-30 is compared with the
 * whole of it; `within` takes `today`, `this month`, `last 30 days` and their like.
 */
export type Condition<C extends string = string> = [Path<C>, string, (Value | Value[])?];

/** What to list; everything may be left out. */
export interface ListSpec<C extends string = string> {
  /** Columns of the table; those of what it refers to by a path. */
  columns?: Path<C>[];
  filter?: Condition<C>[];
  q?: string;
  /** At most five; for groups also `count` and the totals by their names. */
  sort?: [string, 'asc' | 'desc'][];
  /** At most 200 at a page; export asks for 5,000. */
  limit?: number;
  /** The `next` of the page before; only for the same sort. */
  cursor?: string;
  count?: boolean;
  /** One or two columns; a day or moment also by its part: `business_on:month`. */
  group?: string[];
  /** Of a group: `sum:net_amount`, also avg, min and max; its count is always there. */
  totals?: string[];
  /** A saved view by its id or name; what is said beside it wins. */
  view?: string;
  /** Texts that are translated come in this language, where one wrote them in it. */
  language?: string;
  /** But the table's own as they were written, for a form that changes them. */
  original?: boolean;
}

export type Row = Record<string, unknown>;

export interface Page {
  rows: Row[];
  next: string | null;
  count?: { value: number; more: boolean };
  /** Of groups: the totals of all rows, and with two groups those of each first one. */
  total?: Row;
  subtotals?: Row[];
}

/**
 * The reading door: a page of a table or view as the owner of the token sees it, or groups of its
 * rows. Exact numbers are text. Errors: table_unknown, column_unknown, operator_not_fitting,
 * filter_value_wrong, sort_too_large, cursor_wrong, group_wrong, total_wrong, view_unknown.
 */
export async function list(
  db: Database,
  token: string,
  table: string,
  spec: ListSpec = {},
): Promise<Page> {
  if (!/^[a-z_]+\.[a-z_]+$/.test(table)) throw problem('table_unknown', { table });
  return await timed('list', table, () => ask(db, token, table, spec));
}

async function ask(db: Database, token: string, table: string, spec: ListSpec): Promise<Page> {
  const { rows } = await retrying(() =>
    db.app.query({
      name: 'list',
      text: 'select kernel_logic.list($1, $2, $3) as answer',
      values: [token, table, JSON.stringify(spec)],
    }),
  );
  return JSON.parse(rows[0].answer) as Page;
}

/** Every row of a list, page after page. */
export async function* listAll(
  db: Database,
  token: string,
  table: string,
  spec: ListSpec,
): AsyncGenerator<Row> {
  for (let cursor = spec.cursor; ; ) {
    const page = await list(db, token, table, {
      ...spec,
      limit: 5000,
      ...(cursor ? { cursor } : {}),
    });
    yield* page.rows;
    if (!page.next) return;
    cursor = page.next;
  }
}

/** The heads of an export: a table's columns, in its order. */
export async function exportColumns(db: Database, token: string, table: string): Promise<string[]> {
  try {
    const { rows } = await db.app.query('select kernel_logic.catalogue($1) as c', [token]);
    const tables = JSON.parse(rows[0].c) as {
      name: string;
      columns: { name: string }[];
    }[];
    const found = tables.find((t) => t.name === table);
    if (!found) throw problem('table_unknown', { table });
    return found.columns.map((c) => c.name);
  } catch (error) {
    throw asProblem(error);
  }
}
