import { createHash, randomBytes } from 'node:crypto';
import type { TableShape } from './catalogue.ts';
import { normalise } from './names.ts';
import { type Recognised, saidOf } from './recognise.ts';
import { fileProblem } from './sentences.ts';
import type { Cell, Field, ImportProblem, Staged, Target } from './types.ts';
import { readValues } from './values.ts';

export const MOST_PROBLEMS = 1000;

/** A staged file with what the engine needs to resolve, check and write it. */
export interface Work extends Staged {
  target: Target;
  /** Missing for a target that writes for itself, into no table of its own. */
  shape: TableShape | undefined;
  /** What the file says, read but with references as they stand there. */
  source: Map<string, Cell[]>;
  problems: ImportProblem[];
  problemCount: number;
  /** Rows of which another import has a source row already. */
  known: boolean[];
  /** By the hash as it once was reckoned, where it differs: with the zeros that a figure ends with. */
  formerHashes: Map<number, string>;
  /** Rows that an undone import archived: they are brought back, too. */
  archived: number[];
  /** Rows with a problem; their states say what they would have been, until `settle`. */
  spoilt: Set<number>;
  /** Rows of which a part of the key can't be read: whether they stand here is not known. */
  unnamed: Set<number>;
  /** Whether a row's field has its problem already, which is told once. */
  isWrong(index: number, name: string): boolean;
  /** Without a sentence: it was told elsewhere. */
  spoil(index: number, name?: string): void;
  /** From here on rows with a problem are left out. */
  settle(): void;
  tell(problem: ImportProblem): void;
}

/** Reads every column of a file as its field's kind, and hashes each row's content. */
export function stage(found: Recognised, target: Target, shape: TableShape | undefined): Work {
  const { read } = found;
  const size = read.rows.length;
  const work = empty(found, target, shape, size);
  for (const field of target.fields) {
    const columns = found.columnsOf.get(field.name);
    if (!columns) continue;
    const cells = columns.map((c) => read.rows.map((r) => r[c] ?? null));
    work.values.set(field.name, readField(work, field, cells, read.delimiter));
  }
  if (target.place && !work.values.has(target.place)) {
    work.values.set(
      target.place,
      work.lines.map((_, i) => `${i + 1}`),
    );
  }
  work.source = new Map(work.values);
  for (const field of target.fields) requireValues(work, field);
  hashRows(work);
  return work;
}

function empty(
  found: Recognised,
  target: Target,
  shape: TableShape | undefined,
  size: number,
): Work {
  const { read, columnsOf } = found;
  const labels = new Map(target.fields.map((f) => [f.name, f.label]));
  const wrong = new Set<string>();
  const places = new Map(read.lines.map((line, index) => [line, index]));
  let settled = false;
  const work: Work = {
    file: read.file,
    table: target.table,
    target,
    shape,
    lines: read.lines,
    values: new Map(),
    source: new Map(),
    ids: new Array(size),
    keys: new Array(size),
    hashes: new Array(size),
    states: new Array(size).fill('created'),
    known: new Array(size).fill(false),
    formerHashes: new Map(),
    archived: [],
    problems: [...read.problems, ...found.problems].slice(0, MOST_PROBLEMS),
    problemCount: read.problems.length + found.problems.length,
    spoilt: new Set(),
    unnamed: new Set(),
    isWrong: (index, name) => wrong.has(`${index} ${name}`),
    spoil(index, name) {
      work.spoilt.add(index);
      if (name !== undefined) wrong.add(`${index} ${name}`);
      if (settled) work.states[index] = 'bad';
    },
    settle() {
      settled = true;
      for (const index of work.spoilt) work.states[index] = 'bad';
    },
    tell(problem) {
      work.problemCount += 1;
      if (work.problems.length < MOST_PROBLEMS) work.problems.push(problem);
    },
    say(index, name, code, params = {}) {
      const known = work.isWrong(index, name);
      work.spoil(index, name);
      if (known || code === '') return;
      const place = columnsOf.get(name)?.[0];
      const value = place === undefined ? null : (read.rows[index]?.[place] ?? null);
      const column = place === undefined ? undefined : read.columns[place];
      const field = labels.get(name) ?? shape?.columns.get(name)?.label ?? name;
      const said = { value: value ?? '', field, table: target.label, ...params };
      work.tell(fileProblem(code, said, { row: read.lines[index], column, value }));
    },
  };
  // What was wrong with a cell before it was known which field it is.
  const fieldOf = new Map([...columnsOf].flatMap(([name, at]) => at.map((i) => [i, name])));
  for (const { row, column } of read.problems) {
    const index = places.get(row ?? 0);
    if (index === undefined || column === null) continue;
    work.spoil(index, fieldOf.get(read.columns.indexOf(column)));
  }
  return work;
}

function readField(work: Work, field: Field, cells: Cell[][], delimiter: string): Cell[] {
  const columns = cells.map((column) => {
    if (field.choices) return column.map((cell, i) => choose(work, field, cell, i));
    const type = field.refers ? 'text' : field.type;
    const { values, wrong } = readValues(column, type, delimiter, field.format);
    for (const { index, code } of wrong) work.say(index, field.name, code);
    return values;
  });
  const [first, ...others] = columns as [Cell[], ...Cell[][]];
  for (const other of others) {
    other.forEach((value, i) => {
      if (first[i] === null) first[i] = value;
      else if (value !== null && value !== first[i]) {
        const [mine, theirs] = [cells[0]![i], cells[columns.indexOf(other)]![i]];
        work.say(i, field.name, 'columns_disagree', { value: mine ?? '', other: theirs ?? '' });
      }
    });
  }
  return first;
}

function choose(work: Work, field: Field, cell: Cell, index: number): Cell {
  if (cell === null) return null;
  const chosen = saidOf(field.choices!, normalise(cell));
  if (chosen === undefined) {
    work.say(index, field.name, 'choice_wrong', {
      choices: Object.keys(field.choices!).join(', '),
    });
  }
  return chosen ?? null;
}

function requireValues(work: Work, field: Field): void {
  const values = work.values.get(field.name);
  if (!field.required || !values) return;
  values.forEach((value, i) => {
    if (value === null) work.say(i, field.name, 'required');
  });
}

/** The same content has the same hash, however its columns stand and its figures are written. */
function hashRows(work: Work): void {
  const kinds = new Map(work.target.fields.map(({ name, type }) => [name, type]));
  const fields = [...work.source].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let i = 0; i < work.lines.length; i++) {
    const said = fields.flatMap(([name, values]) =>
      values[i] == null ? [] : ([[name, values[i]]] as const),
    );
    const same = said.flatMap(([name, value]) => [
      name,
      kinds.get(name) === 'number' ? sameFigure(value!) : value,
    ]);
    const content = JSON.stringify(same);
    const former = JSON.stringify(said.flat());
    work.hashes[i] = hashOf(content);
    if (former !== content) work.formerHashes.set(i, hashOf(former));
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A workbook knows 649, a CSV file writes 649.00. */
const sameFigure = (value: string): string =>
  value.includes('.') ? value.replace(/\.?0+$/, '') : value;

let pool = Buffer.alloc(0);

/** A key that sorts by time, as the database makes them. */
export function uuidv7(): string {
  if (pool.length < 16) pool = randomBytes(16 * 512);
  const bytes = pool.subarray(0, 16);
  pool = pool.subarray(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
