import { readFile, stat } from 'node:fs/promises';
import { analyse } from 'chardet';
import papa from 'papaparse';
import { fileProblem } from './sentences.ts';
import type { Cell, ImportProblem } from './types.ts';
import { isWorkbook, readWorkbook } from './workbook.ts';

export const MOST_BYTES = 50 * 1024 * 1024;
export const MOST_COLUMNS = 200;
export const MOST_ROWS = 1_000_000;

export interface GivenFile {
  name: string;
  path?: string;
  bytes?: Uint8Array;
}

/** A file's rows as text; `lines` are row numbers as a person counts them, heads being row 1. */
export interface ReadFile {
  file: string;
  delimiter: string;
  columns: string[];
  rows: Cell[][];
  lines: number[];
  problems: ImportProblem[];
}

/** Reads a file of rows; of a workbook each sheet. What is wrong is told in `problems`, never thrown. */
export async function readFiles(given: GivenFile, signal?: AbortSignal): Promise<ReadFile[]> {
  const read = nothingOf(given.name);
  const bytes = await bytesOf(given, read.problems);
  if (!bytes) return [read];
  if (isWorkbook(bytes)) return await readSheets(given, bytes, signal);
  const text = decode(bytes);
  if (text.trim() === '') read.problems.push(fileProblem('file_empty'));
  else if (text.includes('\u0000')) read.problems.push(fileProblem('not_text'));
  else parse(text, read);
  return [read];
}

const nothingOf = (file: string): ReadFile => {
  return { file, delimiter: ',', columns: [], rows: [], lines: [], problems: [] };
};

async function readSheets(
  given: GivenFile,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<ReadFile[]> {
  const most = { rows: MOST_ROWS, columns: MOST_COLUMNS };
  const { sheets, problem } = await readWorkbook(given, bytes, most, { signal });
  if (problem) return [{ ...nothingOf(given.name), problems: [problem] }];
  return sheets.map(({ name, data, lines }) => {
    const read = nothingOf(sheets.length > 1 ? `${given.name}: ${name}` : given.name);
    const above = titlesAbove(data);
    const table = data.slice(above);
    const width = table.reduce((most, row) => Math.max(most, row.length), 0);
    for (const row of table) while (row.length < width) row.push('');
    take(table, lines.slice(above), read);
    for (const [at, row] of read.rows.entries()) {
      const wrong = row.findIndex((cell) => cell !== null && CELL_ERROR.test(cell));
      if (wrong < 0) continue;
      const place = { row: read.lines[at]!, column: read.columns[wrong]!, value: row[wrong]! };
      read.problems.push(fileProblem('cell_error', { value: row[wrong]! }, place));
    }
    return read;
  });
}

/** What a formula that failed leaves behind. */
const CELL_ERROR = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/;

/** How many lines of a title stand above the heads: one cell each, while the rows below have more. */
function titlesAbove(data: string[][]): number {
  const filled = (row: string[]) => row.filter((cell) => cell.trim() !== '').length;
  const heads = data.slice(0, 10).findIndex((row) => filled(row) > 1);
  return Math.max(0, heads);
}

async function bytesOf(
  given: GivenFile,
  problems: ImportProblem[],
): Promise<Uint8Array | undefined> {
  const refuse = (code: string, params: Record<string, string> = {}) => {
    problems.push(fileProblem(code, { file: given.name, ...params }));
    return undefined;
  };
  const tooBig = (size: number) =>
    refuse('file_too_big', {
      size: (size / 1024 ** 2).toFixed(1),
      most: `${MOST_BYTES / 1024 ** 2}`,
    });
  if (given.bytes) {
    return given.bytes.length > MOST_BYTES ? tooBig(given.bytes.length) : given.bytes;
  }
  try {
    const found = await stat(given.path ?? given.name);
    if (found.isDirectory()) return refuse('file_is_folder');
    if (found.size > MOST_BYTES) return tooBig(found.size);
    return await readFile(given.path ?? given.name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return code === 'ENOENT' ? refuse('file_missing') : refuse('file_unreadable', { why: code });
  }
}

/** Text from bytes: by byte order mark, else strict UTF-8, else as it looks, else Windows-1252. */
export function decode(bytes: Uint8Array): string {
  const wide = byteOrder(bytes);
  if (wide) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(guessEncoding(bytes)).decode(bytes);
  }
}

function byteOrder(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Without a mark, Latin text in UTF-16 still shows: every other byte is zero.
  const some = bytes.subarray(0, 400);
  const zeros = [0, 0];
  some.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]! += 1;
  });
  if (zeros[1]! > some.length * 0.3 && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > some.length * 0.3 && zeros[1] === 0) return 'utf-16be';
  return undefined;
}

// A few accented letters look like many code pages: another one must be clearly likelier.
function guessEncoding(bytes: Uint8Array): string {
  const guesses = analyse(bytes.subarray(0, 65_536));
  const western = guesses.find((g) => /^(windows-1252|ISO-8859-1)$/i.test(g.name));
  const best = guesses[0];
  if (!best || (western && western.confidence + 20 >= best.confidence) || best.confidence < 50) {
    return 'windows-1252';
  }
  try {
    return new TextDecoder(best.name).encoding;
  } catch {
    return 'windows-1252';
  }
}

function parse(text: string, read: ReadFile): void {
  const plain = text.replace(/^\ufeff/, '');
  const parsed = papa.parse<string[]>(plain, {
    delimiter: delimiterOf(plain),
    preview: MOST_ROWS + 2,
  });
  read.delimiter = parsed.meta.delimiter;
  for (const e of parsed.errors) {
    if (e.type === 'Quotes')
      read.problems.push(fileProblem('quote_broken', {}, { row: (e.row ?? 0) + 1 }));
  }
  take(
    parsed.data,
    parsed.data.map((_, at) => at + 1),
    read,
  );
}

/** Heads, then rows; `lines` says where each of them stands. */
function take(data: string[][], lines: number[], read: ReadFile): void {
  const heads = (data[0] ?? []).map((h) => h.trim());
  const isUsed = (column: number) => data.some((row) => noValue(row[column]) !== null);
  while (heads.length > 1 && heads.at(-1) === '' && !isUsed(heads.length - 1)) heads.pop();
  read.columns = heads;
  checkHeads(heads, data, read.problems);
  if (read.problems.length > 0) return;
  takeRows(data, lines, read);
  if (read.rows.length > MOST_ROWS) {
    read.problems.push(fileProblem('too_many_rows', { most: MOST_ROWS.toLocaleString('en') }));
  }
  if (read.rows.length === 0 && read.problems.length === 0) {
    read.problems.push(fileProblem('heads_only', {}, { row: lines[0] ?? 1 }));
  }
}

/** The separator by which most rows have as many cells as the heads; of such, the one with most. */
function delimiterOf(text: string): string {
  const start = text.slice(0, 100_000);
  let best = { delimiter: ',', same: 0, width: 1 };
  for (const delimiter of [',', ';', '\t', '|']) {
    const { data } = papa.parse<string[]>(start, { delimiter, preview: 50, skipEmptyLines: true });
    const width = data[0]?.length ?? 0;
    if (width < 2) continue;
    const same = data.filter((row) => row.length === width).length / data.length;
    if (same > best.same || (same === best.same && width > best.width)) {
      best = { delimiter, same, width };
    }
  }
  return best.delimiter;
}

function checkHeads(heads: string[], rows: string[][], problems: ImportProblem[]): void {
  if (heads.length > MOST_COLUMNS) {
    problems.push(
      fileProblem('too_many_columns', { count: `${heads.length}`, most: `${MOST_COLUMNS}` }),
    );
    return;
  }
  const seen = new Map<string, number>();
  for (const head of heads) seen.set(head.toLowerCase(), (seen.get(head.toLowerCase()) ?? 0) + 1);
  for (const [head, count] of seen) {
    if (head === '' || count === 1) continue;
    const column = heads.find((h) => h.toLowerCase() === head) ?? head;
    problems.push(fileProblem('column_twice', { count: `${count}` }, { row: 1, column }));
  }
  heads.forEach((head, i) => {
    const used = head === '' && rows.slice(1).some((r) => noValue(r[i]) !== null);
    if (used) problems.push(fileProblem('column_unnamed', { count: `${i + 1}` }, { row: 1 }));
  });
}

function takeRows(data: string[][], lines: number[], read: ReadFile): void {
  const width = read.columns.length;
  for (let i = 1; i < data.length; i++) {
    const cells = data[i]!;
    if (cells.length === 1 && cells[0]!.trim() === '' && width > 1) continue;
    if (i === data.length - 1 && cells.length === 1 && cells[0] === '') continue;
    const spare = cells.slice(width).some((c) => noValue(c) !== null);
    if (spare || cells.length < width) {
      const params = { count: `${cells.length}`, columns: `${width}` };
      const code = spare ? 'cells_too_many' : 'cells_too_few';
      read.problems.push(fileProblem(code, params, { row: lines[i]! }));
      continue;
    }
    const row = cells.slice(0, width).map(noValue);
    if (row.every((c) => c === null)) continue;
    read.rows.push(row);
    read.lines.push(lines[i]!);
  }
}

function noValue(cell: string | undefined): Cell {
  const text = cell?.trim() ?? '';
  return text === '' || /^(null|nan)$/i.test(text) ? null : text;
}
