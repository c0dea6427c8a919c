import { stringify } from 'csv-stringify';
import type { Row } from '../database/list.ts';

/** Rows as CSV (heads are column names; no cell starts a formula) or as JSON `{"rows": […]}`. */
export async function* writeRows(
  rows: AsyncIterable<Row>,
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  if (format === 'json') yield* asJson(rows);
  else yield* asCsv(rows);
}

async function* asJson(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  let before = '{"rows":[';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield `${before === ',\n' ? '' : before}]}\n`;
}

async function* asCsv(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  const csv = stringify({
    header: true,
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  csv.setEncoding('utf8');
  const pump = (async () => {
    for await (const row of rows) {
      const plain = Object.fromEntries(Object.entries(row).map(([k, v]) => [k, cell(v)]));
      if (!csv.write(plain)) await new Promise((r) => csv.once('drain', r));
    }
    csv.end();
  })();
  pump.catch((error) => csv.destroy(error));
  for await (const part of csv) yield part as string;
  await pump;
}

const cell = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : value === true
      ? 'true'
      : value === false
        ? 'false'
        : value;
