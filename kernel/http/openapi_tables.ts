import type { Database } from '../database/connect.ts';

/** A column as the catalogue describes it. */
export interface ColumnShape {
  name: string;
  label: string;
  help: string;
  type: string;
  required: boolean;
  writable: boolean;
  choices: string[] | null;
  refers_to: string | null;
}

export interface TableShape {
  label: string;
  help: string;
  columns: ColumnShape[];
}

/** Every table and view that list() reads, by name. What they hold is for who may see it. */
export async function tablesOf(db: Database): Promise<Map<string, TableShape>> {
  const { rows } = await db.app.query(
    `select kernel_logic.name_of(c.oid) as name,
            split_part(coalesce(obj_description(c.oid, 'pg_class'), c.relname), ' | ', 1) as label,
            split_part(coalesce(obj_description(c.oid, 'pg_class'), ''), ' | ', 2) as help,
            (select jsonb_agg(to_jsonb(k)) from kernel_logic.columns_of(c.oid) k) as columns
       from pg_class c join kernel.module m on m.name = c.relnamespace::regnamespace::text
      where c.relkind in ('r', 'v') and has_any_column_privilege('kontor_app', c.oid, 'select')
      order by 1`,
  );
  return new Map(
    rows
      .filter((r) => r.columns)
      .map(({ name, label, help, columns }) => [
        name,
        { label, help, columns: JSON.parse(columns) as ColumnShape[] },
      ]),
  );
}

/** What the SQL bodies of operations answer: the row of a table, where they answer one. */
export async function answersOf(db: Database): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await db.app.query(
    `select p.pronamespace::regnamespace || '.' || p.proname as name,
            kernel_logic.name_of(t.typrelid) as answers
       from pg_proc p join pg_type t on t.oid = p.prorettype
       join pg_class c on c.oid = t.typrelid and c.relkind in ('r', 'v')
       join kernel.operation o on o.function = p.pronamespace::regnamespace || '.' || p.proname`,
  );
  return new Map(rows.map((r) => [r.name, { $ref: `#/components/schemas/${r.answers}` }]));
}

/** The JSON Schema of a row. */
export function rowSchema(columns: ColumnShape[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(columns.map((c) => [c.name, columnSchema(c)])),
  };
}

function columnSchema(c: ColumnShape): Record<string, unknown> {
  const said = { ...(KINDS[c.type] ?? { type: 'string' }) };
  const type = c.required || !said.type ? said.type : [said.type, 'null'];
  const choices = c.choices && (c.required ? c.choices : [...c.choices, null]);
  return {
    ...said,
    ...(type ? { type } : {}),
    title: c.label,
    ...(c.help ? { description: c.help } : {}),
    ...(choices ? { enum: choices } : {}),
    ...(c.refers_to ? { 'x-refers-to': c.refers_to } : {}),
  };
}

const KINDS: Record<string, Record<string, unknown>> = {
  money: { type: 'string', format: 'decimal', examples: ['379.99'] },
  quantity: { type: 'string', format: 'decimal', examples: ['2'] },
  fraction: { type: 'string', format: 'decimal', examples: ['0.08'] },
  number: { type: 'string', format: 'decimal' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  timestamp: { type: 'string', format: 'date-time' },
  uuid: { type: 'string', format: 'uuid' },
  json: {},
};
