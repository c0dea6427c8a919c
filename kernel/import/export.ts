import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export type ExportFormat = 'csv' | 'json';

type Row = Record<string, unknown>;

/**
 * The heads of an exported list: the columns that were asked for, in that order; what the first row
 * holds, where it is of groups or of a saved view; else the table's own columns.
 */
export function headsOf(
  { columns, group, view }: { columns?: string[]; group?: string[]; view?: string },
  own: string[],
  first?: Row,
): string[] {
  const held = Object.keys(first ?? {});
  if (group) {
    const named = group.flatMap((name) => [name, `${name}_label`]);
    const kept = named.filter((name) => group.includes(name) || held.includes(name));
    return [...new Set([...kept, 'count', ...held])];
  }
  if (columns) return columns.filter((name) => own.includes(name) || name.includes('.'));
  if (!view || held.length === 0) return own;
  const beyond = held.filter((name) => !own.includes(name) && !name.endsWith('_label'));
  return [...own.filter((name) => held.includes(name)), ...beyond];
}

/**
 * Rows as a file, streamed: CSV whose heads are column names, or JSON `{"rows": [{column: value}]}`.
 * bom: a mark at the start by which spreadsheets know UTF-8.
 */
export function exportRows(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: string[],
  format: ExportFormat,
  { bom = false } = {},
): Readable {
  return format === 'json' ? Readable.from(json(rows, columns)) : csv(rows, columns, bom);
}

function csv(rows: AsyncIterable<Row> | Iterable<Row>, columns: string[], bom: boolean): Readable {
  const out = stringify({
    header: true,
    columns: columns.map((key) => ({ key })),
    bom,
    escape_formulas: true,
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/,
    cast: {
      boolean: (value) => String(value),
      date: (value) => value.toISOString(),
      object: (value) => JSON.stringify(value),
      // An amount below zero is no formula, and stays as it is.
      string: (value) => (FIGURE.test(value) ? { value, escape_formulas: false } : value),
    },
  });
  const given = Readable.from(rows);
  given.on('error', (error) => out.destroy(error));
  out.on('close', () => given.destroy());
  return given.pipe(out);
}

const FIGURE = /^-?\d+(\.\d+)?$/;

async function* json(rows: AsyncIterable<Row> | Iterable<Row>, columns: string[]) {
  yield '{"rows":[';
  let comma = '';
  for await (const row of rows) {
    yield comma + JSON.stringify(Object.fromEntries(columns.map((c) => [c, row[c] ?? null])));
    comma = ',';
  }
  yield ']}\n';
}
