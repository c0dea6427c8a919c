import { Readable } from 'node:stream';
import { type CellValue, type ColumnDef, writeXlsxStream } from 'hucre/xlsx';

/** A column as a spreadsheet shows it; type as the catalogue names it. */
export interface SheetColumn {
  name: string;
  title: string;
  type: string;
}

/** decimals: of amounts. zone: in which moments stand, for a spreadsheet knows no time zone. */
export interface SheetManner {
  title: string;
  decimals: number;
  zone: string;
}

type Row = Record<string, unknown>;

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What a cell of Excel can hold. */
const MOST_LETTERS = 32_767;
/** Beyond so many digits a spreadsheet rounds; such a figure goes as text, whole. */
const MOST_DIGITS = 15;
/** Columns are made as wide as the first rows ask for. */
const LOOKED_AT = 100;
const NARROWEST = 6;
const WIDEST = 60;

/** Rows as an Excel workbook, streamed: it takes the same memory whatever their number. */
export function sheetRows(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: SheetColumn[],
  manner: SheetManner,
): Readable {
  return Readable.from(bytes(rows, columns, manner));
}

async function* bytes(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: SheetColumn[],
  manner: SheetManner,
) {
  const given = cellsOf(rows, columns, manner.zone);
  const first: CellValue[][] = [];
  while (first.length < LOOKED_AT) {
    const { value, done } = await given.next();
    if (done) break;
    first.push(value);
  }
  const all = async function* () {
    yield* first;
    yield* given;
  };
  try {
    const file = writeXlsxStream(all(), {
      name: sheetName(manner.title),
      columns: columns.map((column, at) => definition(column, first, at, manner.decimals)),
      freezePane: { rows: 1 },
    });
    for await (const part of file) yield part;
  } finally {
    await given.return();
  }
}

async function* cellsOf(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: SheetColumn[],
  zone: string,
): AsyncGenerator<CellValue[], void> {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    ...{ dateStyle: 'short', timeStyle: 'medium', timeZone: zone },
  });
  for await (const row of rows) {
    // What is referred to goes by what it is called.
    yield columns.map(({ name, type }) => cell(row[`${name}_label`] ?? row[name], type, wall));
  }
}

function cell(value: unknown, type: string, wall: Intl.DateTimeFormat): CellValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  const said = value instanceof Date ? value.toISOString() : value;
  if (typeof said !== 'string') return text(JSON.stringify(said));
  if (type in FORMATS) return figure(said);
  if (type === 'date') return onCalendar(said, `${said}T00:00:00Z`);
  if (type === 'timestamp' && /^\d{4}-\d\d-\d\d[T ]/.test(said)) {
    const at = new Date(said);
    if (!Number.isNaN(at.getTime())) return onCalendar(said, `${wall.format(at)}Z`);
  }
  return text(said);
}

function figure(said: string): CellValue {
  const plain = /^-?\d+(\.\d+)?$/.test(said);
  const digits = said.replace(/^-?0*\.?0*/, '').replace(/\.(\d*?)0*$/, '$1');
  return plain && digits.length <= MOST_DIGITS ? Number(said) : text(said);
}

/** Days before March 1900 are counted wrongly by Excel, so they stay text. */
function onCalendar(said: string, at: string): CellValue {
  const day = new Date(at);
  return day.getTime() >= Date.UTC(1900, 2, 1) ? day : text(said);
}

/** Written as text, so that no cell is a formula; what looks like an escape of the format is none. */
function text(said: string): string {
  const whole = said.replace(/_x([0-9A-Fa-f]{4})_/g, '_x005F_x$1_');
  return whole.length > MOST_LETTERS ? `${whole.slice(0, MOST_LETTERS - 1)}…` : whole;
}

const FORMATS: Record<string, (decimals: number) => string | undefined> = {
  money: (decimals) => (decimals ? `#,##0.${'0'.repeat(decimals)}` : '#,##0'),
  quantity: () => undefined,
  number: () => undefined,
  integer: () => undefined,
  fraction: () => '0.00%',
};
const TIMES: Record<string, string> = { date: 'yyyy-mm-dd', timestamp: 'yyyy-mm-dd hh:mm:ss' };

function definition(
  { title, type }: SheetColumn,
  first: CellValue[][],
  at: number,
  decimals: number,
): ColumnDef {
  const format = type in FORMATS ? FORMATS[type]!(decimals) : (TIMES[type] ?? '@');
  const longest = first.reduce((most, row) => Math.max(most, letters(row[at], type)), title.length);
  return {
    header: text(title),
    width: Math.min(Math.max(longest + 2, NARROWEST), WIDEST),
    ...(format ? { numFmt: format } : {}),
  };
}

function letters(value: CellValue | undefined, type: string): number {
  if (value instanceof Date) return TIMES[type]?.length ?? 0;
  return type === 'money' ? String(value ?? '').length * 1.3 + 3 : String(value ?? '').length;
}

/** Excel takes 31 letters, and none of these. */
const sheetName = (title: string): string =>
  title
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^'|'$/g, '')
    .trim()
    .slice(0, 31)
    .trim() || 'Kontor';
