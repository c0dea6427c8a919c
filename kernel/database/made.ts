import type { Permission, Table } from '#generated/catalogue';
import type { Module } from '../module.ts';
import { hook } from '../modules.ts';
import { type AnyOperation, type Call, Id, operation, z } from '../operation.ts';
import { type FieldError, problem } from '../problem.ts';

interface Column {
  name: string;
  label: string;
  type: string;
  required: boolean;
  writable: boolean;
}

/** create, change and archive for the tables whose module asks for them. */
export function madeOperations(m: Module): AnyOperation[] {
  return Object.entries(m.made ?? {}).flatMap(([table, permission]) =>
    made(`${m.name}.${table}` as Table, permission),
  );
}

function made(table: Table, permission: Permission): AnyOperation[] {
  const command = `kontor ${table.replace('.', ' ')}`;
  const row = z.record(z.string(), z.unknown());
  return [
    operation({
      name: `${table}.create`,
      label: 'Create',
      permission,
      input: row,
      example: `${command} create --file new.json`,
      run: (call, input) => create(call, table, input),
    }),
    operation({
      name: `${table}.change`,
      label: 'Change',
      permission,
      input: row.and(z.object({ id: Id(table), version: z.int() })),
      example: `${command} change --file changed.json`,
      run: (call, input) => change(call, table, input),
    }),
    operation({
      name: `${table}.archive`,
      label: 'Archive',
      permission,
      input: z.strictObject({ id: Id(table), version: z.int() }),
      example: `${command} archive --id ID --version 1`,
      run: (call, input) => change(call, table, { ...input, is_active: false }),
    }),
  ];
}

async function create({ sql }: Call, table: string, input: Record<string, unknown>) {
  const { columns, values } = await checked(sql, table, input);
  const missing = columns.filter((c) => c.required && c.writable && values[c.name] == null);
  if (missing.length > 0)
    throw wrong(missing.map((c) => fieldError(c.name, 'field_missing', `${c.label} is missing.`)));
  if (Object.keys(values).length === 0) {
    throw wrong([fieldError('', 'field_missing', 'Say at least one field.')]);
  }
  const names = Object.keys(values).map((n) => `"${n}"`);
  const [schema, name] = table.split('.');
  const { rows } = await sql.raw<{ id: string }>(
    `insert into "${schema}"."${name}" (${names}) select ${names}
       from jsonb_populate_record(null::"${schema}"."${name}", $1) returning id`,
    [JSON.stringify(values)],
  );
  return { id: rows[0]?.id ?? '', version: 1 };
}

async function change(
  { sql }: Call,
  table: string,
  { id, version, ...input }: Record<string, unknown> & { id: string; version: number },
) {
  const { values } = await checked(sql, table, input);
  const [schema, name] = table.split('.');
  const sets = Object.keys(values).map((n) => `"${n}" = n."${n}"`);
  if (sets.length === 0) return { id, version };
  const { rows } = await sql.raw<{ version: number }>(
    `update "${schema}"."${name}" t set ${sets}
       from jsonb_populate_record(null::"${schema}"."${name}", $1) n
      where t.id = $2 and t.version = $3 returning t.version`,
    [JSON.stringify(values), id, version],
  );
  if (rows[0]) return { id, version: rows[0].version };
  const there = await sql.raw(`select from "${schema}"."${name}" where id = $1`, [id]);
  throw problem(there.rows.length ? 'changed_meanwhile' : 'not_found');
}

/** The input's columns, each known and writable, with money at its currency's decimals. */
async function checked(sql: Call['sql'], table: string, input: Record<string, unknown>) {
  const columns = await sql.many<Column>`
    select name, label, type, required, writable from kernel_logic.columns_of(${table}::regclass)`;
  const known = new Map(columns.map((c) => [c.name, c]));
  const { rows: books } = await sql.raw<{ decimals: number; currency: string }>(
    `select kernel_logic.decimals(c.currency) as decimals, c.currency from ${await hook('books')}() c`,
    [],
  );
  const { decimals, currency } = books[0] ?? { decimals: 2, currency: '' };
  const errors: FieldError[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    const column = known.get(name);
    if (!column || (!column.writable && name !== 'is_active')) {
      errors.push(fieldError(name, 'column_unknown', `There is no field ${name} to write here.`));
      continue;
    }
    const [made, why] = cellOf(column, value, decimals, currency);
    if (why) errors.push(fieldError(name, 'value_wrong', `${column.label}: ${why}`));
    values[name] = made;
  }
  if (errors.length > 0) throw wrong(errors);
  return { columns, values };
}

const FORMS: Record<string, [RegExp, string]> = {
  money: [/^-?\d{1,15}(\.\d+)?$/, 'an amount such as 379.99 is expected.'],
  quantity: [/^-?\d{1,12}(\.\d{1,6})?$/, 'a quantity such as 2 or 0.5 is expected.'],
  fraction: [
    /^(0(\.\d{1,5})?|1(\.0{1,5})?)$/,
    'a share from 0 to 1 is expected, such as 0.08 for 8 %.',
  ],
  number: [/^-?\d{1,30}(\.\d+)?$/, 'a number is expected.'],
  integer: [/^-?\d{1,9}$/, 'a whole number is expected.'],
  date: [/^\d{4}-\d\d-\d\d$/, 'a date such as 2026-11-21 is expected.'],
  uuid: [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'choose one from the list.'],
};

function cellOf(
  column: Column,
  value: unknown,
  decimals: number,
  currency: string,
): [unknown, string?] {
  if (value === null || value === '') {
    return column.required ? [null, 'this is needed.'] : [null];
  }
  if (column.type === 'boolean') {
    return typeof value === 'boolean' ? [value] : [null, 'yes or no is expected.'];
  }
  if (typeof value !== 'string' && typeof value !== 'number') return [null, 'text is expected.'];
  const text = String(value);
  if (text.includes('\u0000')) return [null, 'a NUL character can’t be kept.'];
  if (text.length > 10_000) return [null, 'use at most 10,000 characters.'];
  const [form, why] = FORMS[column.type] ?? [/^/, ''];
  if (!form.test(text)) return [null, why];
  if (column.type !== 'money') return [text];
  const [whole, part = ''] = text.split('.');
  if (part.replace(/0+$/, '').length > decimals)
    return [null, `${currency} has ${decimals} decimals.`];
  return [decimals ? `${whole}.${part.slice(0, decimals).padEnd(decimals, '0')}` : whole];
}

const fieldError = (field: string, code: string, message: string): FieldError => ({
  field,
  code,
  message,
});
const wrong = (errors: FieldError[]) => problem('input_wrong', {}, undefined, errors);
