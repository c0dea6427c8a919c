import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export type ExportFormat = 'csv' | 'json';

type Row = Record<string, unknown>;

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
