import { readFileSync } from 'node:fs';
import { type CellValue, readXlsx, streamXlsxRows } from 'hucre/xlsx';

// A process of its own reads a workbook that somebody sent: one that is made to harm, or is larger
// than this machine can hold, ends this process and no other.

/** What it is asked to read, and where it stops. */
export interface Asked {
  path?: string;
  bytes?: Uint8Array;
  most: { rows: number; columns: number; letters: number; sheets: number; memory: number };
}

export type Told =
  | { sheet: string }
  /** Rows with their places in the sheet, counted from 1. */
  | { rows: [number, string[]][] }
  | { stopped: 'sheets' | 'letters'; count: number }
  | { failed: string }
  | { done: true };

const BATCH_LETTERS = 500_000;
/** Merged cells of larger files are left as they are: to know them, a sheet is read twice. */
const MOST_FOR_MERGES = 20_000_000;

// Who asked ends it, once all that it told has come there.
process.on('message', async (asked) => {
  try {
    await read(asked as Asked);
    await tell({ done: true });
  } catch (error) {
    await tell({ failed: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));

async function read({ path, bytes, most }: Asked): Promise<void> {
  // Buffers of files are beside the heap, whose limit Node keeps by itself.
  const check = () => {
    if (process.memoryUsage.rss() > most.memory) process.exit(1);
  };
  setInterval(check, 100).unref();
  const file = bytes ?? readFileSync(path!);
  const shown: { name: string; index: number }[] = [];
  await readXlsx(file, {
    sheets: ({ name, index, hidden, veryHidden }) => {
      // What a person doesn't see they don't mean to bring.
      if (!hidden && !veryHidden) shown.push({ name, index });
      return false;
    },
  });
  if (shown.length > most.sheets) return tell({ stopped: 'sheets', count: shown.length });
  let letters = 0;
  for (const { name, index } of shown) {
    check();
    await tell({ sheet: name });
    let batch: [number, string[]][] = [];
    let held = 0;
    let count = 0;
    const fill = await mergesOf(file, index);
    for await (const row of streamXlsxRows(file, { sheet: index, maxRows: most.rows + 2 })) {
      const cells = fill(row.index, row.values.slice(0, most.columns + 1)).map(text);
      while (cells.at(-1) === '') cells.pop();
      if (cells.length === 0) continue;
      const length = cells.reduce((sum, cell) => sum + cell.length + 1, 0);
      batch.push([row.index + 1, cells]);
      held += length;
      letters += length;
      count += 1;
      if (letters > most.letters) return tell({ stopped: 'letters', count: letters });
      if (count > most.rows + 1) break;
      if (held < BATCH_LETTERS) continue;
      await tell({ rows: batch });
      batch = [];
      held = 0;
    }
    await tell({ rows: batch });
  }
}

type Fill = (row: number, cells: CellValue[]) => CellValue[];

/** A cell that reaches over several rows holds its value for each of them. */
async function mergesOf(file: Uint8Array, sheet: number): Promise<Fill> {
  if (file.length > MOST_FOR_MERGES) return (_, cells) => cells;
  const found = (await readXlsx(file, { sheets: [sheet], maxRows: 1 })).sheets[0]?.merges ?? [];
  const waiting = found
    .filter(({ startRow, endRow }) => endRow > startRow)
    .sort((one, other) => other.startRow - one.startRow);
  let active: { column: number; end: number; value: CellValue }[] = [];
  return (row, cells) => {
    active = active.filter(({ end }) => end >= row);
    if (cells.some((cell) => cell !== null && cell !== '')) {
      for (const { column, value } of active) {
        if (column < cells.length) cells[column] ??= value;
        else if (value !== null) cells[column] = value;
      }
    }
    while (waiting.length > 0 && waiting.at(-1)!.startRow <= row) {
      const { startCol, endRow } = waiting.pop()!;
      if (endRow > row) {
        active.push({ column: startCol, end: endRow, value: cells[startCol] ?? null });
      }
    }
    return Array.from(cells, (cell) => cell ?? null);
  };
}

function text(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return moment(value);
  return typeof value === 'number' ? figure(value) : String(value);
}

/** As Excel shows it, with 15 digits: what a sum of fractions left behind them is no part of it. */
function figure(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const rounded = Number(value.toPrecision(15));
  const said = String(rounded);
  if (!said.includes('e')) return said;
  if (Number.isInteger(rounded)) return BigInt(rounded).toString();
  const [, places = '0'] = /e-(\d+)$/.exec(said) ?? [];
  return rounded.toFixed(Math.min(100, Number(places) + 15)).replace(/\.?0+$/, '');
}

/** A day where it is midnight, a time where there is no day. */
function moment(value: Date): string {
  const [day = '', time = ''] = new Date(Math.round(value.getTime() / 1000) * 1000)
    .toISOString()
    .replace('.000Z', '')
    .split('T');
  if (day < '1900-01-01') return time;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

const tell = (told: Told): Promise<void> =>
  new Promise((done) => {
    if (process.connected) process.send?.(told, () => done());
  });
