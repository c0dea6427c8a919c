import { loadedHook } from '../../hooks.ts';
import type { Call } from '../../operation.ts';
import { type FieldError, fieldError, type Problem, phrase, problem } from '../../problem.ts';

export interface Column {
  name: string;
  label: string;
  type: string;
  required: boolean;
  writable: boolean;
}

type Values = Record<string, unknown>;

/**
 * The table's columns, and the input as the row takes it: each field known and writable, with money at
 * its currency's decimals. Error: input_wrong, naming each field.
 */
export async function checkedRow(
  sql: Call['sql'],
  table: string,
  input: Values,
): Promise<{ columns: Column[]; values: Values }> {
  const { columns, check } = await rowCheck(sql, table);
  const { values, errors } = check(input);
  if (errors.length > 0) throw wrong(errors);
  return { columns, values };
}

/** The table's columns, and what looks at one row after the other as they want it. */
export async function rowCheck(
  sql: Call['sql'],
  table: string,
): Promise<{
  columns: Column[];
  check: (input: Values) => { values: Values; errors: FieldError[] };
}> {
  const columns = await sql.many<Column>`
    select name, label, type, required, writable from kernel_logic.columns_of(${table}::regclass)`;
  const known = new Map(columns.map((c) => [c.name, c]));
  const { rows: books } = await sql.raw<{ decimals: number; currency: string }>(
    `select kernel_logic.decimals(c.currency) as decimals, c.currency from ${loadedHook('books')}() c`,
    [],
  );
  const { decimals, currency } = books[0] ?? { decimals: 2, currency: '' };
  const check = (input: Values) => {
    const errors: FieldError[] = [];
    const values: Values = {};
    for (const [name, value] of Object.entries(input)) {
      const column = known.get(name);
      if (!column || (!column.writable && name !== 'is_active')) {
        errors.push(
          fieldError(name, 'column_unknown', 'There is no field {name} to write here.', { name }),
        );
        continue;
      }
      const [made, why] = cellOf(column, value, decimals);
      if (why) {
        const params = { label: column.label, why, currency, decimals };
        errors.push(fieldError(name, 'value_wrong', '{label}: {why}', params));
      }
      values[name] = made;
    }
    return { values, errors };
  };
  return { columns, check };
}

/** What a new row can't be without and lacks. */
export const lacking = (columns: Column[], values: Values): FieldError[] =>
  columns
    .filter((c) => c.required && c.writable && values[c.name] == null)
    .map((c) => fieldError(c.name, 'field_missing', '{label} is missing.', { label: c.label }));

const CUSTOM = /^custom\./;

/**
 * Values as the table’s own columns: custom fields go together into `custom`, where the database puts
 * them on top of what the row has.
 */
export function stored(values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values);
  const custom = entries.filter(([name]) => CUSTOM.test(name));
  if (custom.length === 0) return values;
  return {
    ...Object.fromEntries(entries.filter(([name]) => !CUSTOM.test(name))),
    custom: Object.fromEntries(custom.map(([name, value]) => [name.replace(CUSTOM, ''), value])),
  };
}

const FORMS: Record<string, [RegExp, string]> = {
  money: [/^-?\d{1,15}(\.\d+)?$/, phrase('an amount such as 379.99 is expected.')],
  quantity: [/^-?\d{1,12}(\.\d{1,6})?$/, phrase('a quantity such as 2 or 0.5 is expected.')],
  fraction: [
    /^(0(\.\d{1,5})?|1(\.0{1,5})?)$/,
    phrase('a share from 0 to 1 is expected, such as 0.08 for 8 %.'),
  ],
  number: [/^-?\d{1,30}(\.\d+)?$/, phrase('a number is expected.')],
  integer: [/^-?\d{1,9}$/, phrase('a whole number is expected.')],
  date: [/^\d{4}-\d\d-\d\d$/, phrase('a date such as 2026-11-21 is expected.')],
  uuid: [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, phrase('choose one from the list.')],
};

function cellOf(column: Column, value: unknown, decimals: number): [unknown, string?] {
  if (value === null || value === '') {
    return column.required ? [null, phrase('this is needed.')] : [null];
  }
  if (column.type === 'boolean') {
    return typeof value === 'boolean' ? [value] : [null, phrase('yes or no is expected.')];
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    return [null, phrase('text is expected.')];
  const text = String(value);
  if (text.includes('\u0000')) return [null, phrase('a NUL character can’t be kept.')];
  if (text.length > 10_000) return [null, phrase('use at most 10,000 characters.')];
  const [form, why] = FORMS[column.type] ?? [/^/, ''];
  if (!form.test(text)) return [null, why];
  if (column.type !== 'money') return [text];
  const [whole, part = ''] = text.split('.');
  if (part.replace(/0+$/, '').length > decimals)
    return [null, phrase('{currency} has {decimals} decimals.')];
  return [decimals ? `${whole}.${part.slice(0, decimals).padEnd(decimals, '0')}` : whole];
}

export const wrong = (errors: FieldError[]): Problem =>
  problem('input_wrong', {}, undefined, errors);
/** A table's name as SQL; it comes from a module, never from a caller. */
export const quote = (table: string): string =>
  table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
