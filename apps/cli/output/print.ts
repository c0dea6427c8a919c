import type { Row } from '../../../kernel/database/reading/list.ts';

/** A column of a table on the screen. */
export interface Shown {
  name: string;
  title: string;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Rows as a table that fits the terminal: numbers to the right, long text cut, columns that find
 * no place named below it.
 */
export function printTable(columns: Shown[], rows: Row[], width = terminalWidth()): void {
  if (rows.length === 0) {
    process.stdout.write('No rows.\n');
    return;
  }
  const made = columns.map((c) => {
    const cells = rows.map((r) => textOf(r[c.name]));
    const right = cells.every((cell) => cell === '' || NUMBER.test(cell));
    const widest = Math.max(c.title.length, ...cells.map((cell) => cell.length));
    return { title: c.title, cells, right, width: Math.min(widest, right ? widest : WIDEST) };
  });
  const fitting = fit(made, width);
  const line = (cell: (c: Made) => string) =>
    `${fitting
      .map((c) => pad(cell(c), c.width, c.right))
      .join('  ')
      .trimEnd()}\n`;
  let text = line((c) => c.title) + line((c) => '─'.repeat(c.width));
  for (const i of rows.keys()) text += line((c) => c.cells[i] ?? '');
  process.stdout.write(text);
  const hidden = made.slice(fitting.length).map((c) => c.title);
  if (hidden.length > 0) process.stderr.write(`Not shown: ${hidden.join(', ')}\n`);
}

interface Made {
  title: string;
  cells: string[];
  right: boolean;
  width: number;
}

const NUMBER = /^-?\d[\d.]*$/;
const WIDEST = 40;

function fit(columns: Made[], width: number): Made[] {
  let left = width;
  const fitting: Made[] = [];
  for (const c of columns) {
    if (c.width > left && fitting.length > 0) break;
    fitting.push(c);
    left -= c.width + 2;
  }
  return fitting;
}

function pad(text: string, width: number, right: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A row is one line, and no text of a customer's may steer the terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

// What goes into a file or pipe isn't cut to a screen that isn't there.
function terminalWidth(): number {
  return process.stdout.columns ?? (Number(process.env.COLUMNS) || 200);
}
