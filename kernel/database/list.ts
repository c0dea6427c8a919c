import { problem } from '../problem.ts';
import type { Database } from './connect.ts';
import { asProblem } from './refusal.ts';

/** A filter's condition: column, operator, value (an array for `in`). */
export type Condition<C extends string = string> = [
  C,
  string,
  (string | number | boolean | null | (string | number)[])?,
];

/** What to list; everything may be left out. */
export interface ListSpec<C extends string = string> {
  columns?: C[];
  filter?: Condition<C>[];
  q?: string;
  sort?: [C, 'asc' | 'desc'][];
  /** At most 200 at a page; export asks for 5,000. */
  limit?: number;
  cursor?: [string | null, string];
  count?: boolean;
}

export type Row = Record<string, unknown>;

export interface Page {
  rows: Row[];
  next: [string | null, string] | null;
  count?: { value: number; more: boolean };
}

/** The reading door: a page of a table or view as the owner of the token sees it. */
export async function list(
  db: Database,
  token: string,
  table: string,
  spec: ListSpec = {},
): Promise<Page> {
  if (!/^[a-z_]+\.[a-z_]+$/.test(table)) throw problem('table_unknown', { table });
  try {
    const { rows } = await db.app.query({
      name: 'list',
      text: 'select kernel_logic.list($1, $2, $3) as answer',
      values: [token, table, JSON.stringify(spec)],
    });
    return JSON.parse(rows[0].answer) as Page;
  } catch (error) {
    throw asProblem(error);
  }
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
export async function exportColumns(
  db: Database,
  token: string,
  table: string,
  wanted?: string[],
): Promise<string[]> {
  try {
    const { rows } = await db.app.query('select kernel_logic.catalogue($1) as c', [token]);
    const tables = JSON.parse(rows[0].c) as {
      name: string;
      columns: { name: string }[];
    }[];
    const found = tables.find((t) => t.name === table);
    if (!found) throw problem('table_unknown', { table });
    return found.columns.map((c) => c.name).filter((name) => !wanted || wanted.includes(name));
  } catch (error) {
    throw asProblem(error);
  }
}
