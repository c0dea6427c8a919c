import { phrase } from '../problem.ts';
import { likeness, namedAfter, normalise } from './names.ts';
import type { ReadFile } from './read.ts';
import { fileProblem, worded } from './sentences.ts';
import { isMade } from './targets.ts';
import type { ColumnMapping, Field, ImportProblem, Target } from './types.ts';
import { readValues } from './values.ts';

/**
 * A person's correction, by the name of the file: which table it is (null: it is left out), and which
 * column is which field (null: none). remembered: it was said of an earlier file with these columns.
 */
export type GivenMapping = Record<
  string,
  { table?: string | null; columns?: Record<string, string | null>; remembered?: boolean }
>;

/** What was said under that name; files and columns may be called as what every object has. */
export const saidOf = <T>(said: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(said, name) ? said[name] : undefined;

/** What was said before, and what is said now: of a file that stays the same table both hold. */
export function corrected(before: GivenMapping, now: GivenMapping): GivenMapping {
  const all = { ...before };
  for (const [file, said] of Object.entries(now)) {
    const former = saidOf(before, file);
    const same = !said.table || !former?.table || former.table === said.table;
    all[file] = same ? { ...said, columns: { ...former?.columns, ...said.columns } } : said;
  }
  return all;
}

export interface Recognised {
  read: ReadFile;
  target?: Target;
  mapping: ColumnMapping[];
  /** Field → the places of its columns. */
  columnsOf: Map<string, number[]>;
  problems: ImportProblem[];
}

/** Names and numbers by which rows of a table are called, here and in the files. */
export type Called = Map<string, Set<string>>;

/**
 * Finds which table each file is and which column is which field. Files are looked at together:
 * what one refers to says what another is, so their order doesn't matter.
 */
export function recognise(
  files: ReadFile[],
  targets: Target[],
  called: Called,
  given: GivenMapping = {},
): Recognised[] {
  const first = files.map((read) => best(read, targets, called, saidOf(given, read.file), []));
  const refs = first.flatMap((r) => (r.target ? referencesOf(r) : []));
  const grown = new Map([...called].map(([table, names]) => [table, new Set(names)]));
  for (const r of first) if (r.target) addNames(r, grown);
  // What another file plainly is, this one is hardly referred to as.
  const others = (read: ReadFile) =>
    refs.filter(
      (ref) =>
        ref.read !== read && !first.some((f) => f.read !== read && f.target?.table === ref.table),
    );
  return files.map((read) => best(read, targets, grown, saidOf(given, read.file), others(read)));
}

interface References {
  read: ReadFile;
  table: string;
  values: Set<string>;
}

function referencesOf({ read, target, columnsOf }: Recognised): References[] {
  return target!.fields.flatMap((field) => {
    const [column] = columnsOf.get(field.name) ?? [];
    if (!field.refers || column === undefined) return [];
    return [{ read, table: field.refers.table, values: valuesOf(read, column) }];
  });
}

const distinct = new WeakMap<ReadFile, Map<number, Set<string>>>();

function valuesOf(read: ReadFile, column: number): Set<string> {
  const columns = distinct.get(read) ?? new Map<number, Set<string>>();
  distinct.set(read, columns);
  const known = columns.get(column);
  if (known) return known;
  const values = new Set(read.rows.map((r) => r[column]).filter((v) => v != null));
  columns.set(column, values);
  return values;
}

function addNames({ read, target, columnsOf }: Recognised, called: Called): void {
  const names = called.get(target!.table) ?? new Set<string>();
  called.set(target!.table, names);
  for (const name of ['name', 'code', 'number']) {
    const [column] = columnsOf.get(name) ?? [];
    if (column !== undefined) for (const v of valuesOf(read, column)) names.add(v);
  }
}

function best(
  read: ReadFile,
  targets: Target[],
  called: Called,
  given: GivenMapping[string] | undefined,
  refs: References[],
): Recognised {
  const nothing = { read, mapping: [], columnsOf: new Map(), problems: [] as ImportProblem[] };
  if (read.columns.length === 0) return nothing;
  if (given?.table === null) return nothing;
  const columns = given?.columns ?? {};
  const said = given?.remembered ? phrase('as was said last time') : phrase('as you said');
  if (given?.table) {
    const target = targets.find((t) => t.table === given.table);
    if (!target) {
      return { ...nothing, problems: [fileProblem('table_unknown', { table: given.table })] };
    }
    return finish(read, target, mapColumns(read, target, called, columns, said), columns);
  }
  const ranked = targets
    .map((target) => {
      const found = mapColumns(read, target, called, columns, said);
      return { target, found, score: scoreOf(read, target, found, refs) };
    })
    .sort((a, b) => b.score - a.score);
  const [top, next] = ranked;
  if (!top || top.score < 0.45 || (next && top.score - next.score < 0.05)) {
    const heads = read.columns.slice(0, 12).join(', ');
    return {
      ...nothing,
      problems: [fileProblem('not_recognised', { columns: heads }, { row: 1 })],
    };
  }
  return finish(read, top.target, top.found, columns);
}

interface Match {
  field: Field;
  score: number;
  reason: string;
}

function scoreOf(
  read: ReadFile,
  target: Target,
  found: (Match | undefined)[],
  refs: References[],
): number {
  const named = namedAfter(read.file, target);
  if (isMade(target) && !named) return 0;
  const filled = new Set(found.map((m) => m?.field.name));
  const missing = target.fields.filter(
    (f) => f.required && !filled.has(f.name) && f.name !== target.place,
  );
  const cover = found.reduce((sum, m) => sum + (m?.score ?? 0), 0) / read.columns.length;
  // By its key a row may stand already: a file that changes some columns needs no others.
  const lack = target.match.some((key) => key.every((name) => filled.has(name))) ? 0.8 : 0.4;
  const score = cover * lack ** missing.length + (named ? 0.25 : 0) - (isMade(target) ? 0.05 : 0);
  return score + 0.3 * referredTo(read, target, found, refs);
}

/** How well the values by which other files refer to this table are the names in this file. */
function referredTo(
  read: ReadFile,
  target: Target,
  found: (Match | undefined)[],
  refs: References[],
): number {
  const mine = found.flatMap((m, column) =>
    m && /^(number|code|name|first_name)$/.test(m.field.name) ? [valuesOf(read, column)] : [],
  );
  let most = 0;
  for (const ref of refs.filter((r) => r.table === target.table && r.values.size > 0)) {
    for (const names of mine) {
      const both = [...ref.values].filter((v) => names.has(v)).length;
      most = Math.max(most, both / (ref.values.size + names.size - both));
    }
  }
  return most;
}

function mapColumns(
  read: ReadFile,
  target: Target,
  called: Called,
  given: Record<string, string | null>,
  said: string,
): (Match | undefined)[] {
  const found: (Match | undefined)[] = new Array(read.columns.length).fill(undefined);
  const taken = new Set<string>();
  read.columns.forEach((column, i) => {
    const field = target.fields.find((f) => f.name === saidOf(given, column));
    if (field) found[i] = { field, score: 1, reason: worded(said, {}) };
    if (field) taken.add(field.name);
  });
  const free = read.columns.flatMap((column, i) =>
    column !== '' && !Object.hasOwn(given, column) ? [i] : [],
  );
  const pairs = free.flatMap((i) =>
    target.fields.flatMap((field) => {
      const like = likeness(read.columns[i]!, field, target);
      if (field.exact && !isCalled(read.columns[i]!, field)) return [];
      // A needed field whose name is plain keeps its column: each wrong value is then told.
      const sure = like && field.required && like.score >= 0.9;
      return like && (sure || fits(read, i, field)) ? [{ i, field, ...like }] : [];
    }),
  );
  for (const { i, field, score, reason } of pairs.sort((a, b) => b.score - a.score || a.i - b.i)) {
    if (found[i] || (taken.has(field.name) && !field.several)) continue;
    found[i] = { field, score, reason };
    taken.add(field.name);
  }
  for (const i of free) {
    if (found[i]) continue;
    const field = target.fields.find(
      (f) => f.refers && !taken.has(f.name) && holdsNames(read, i, f, called),
    );
    if (!field) continue;
    const reason = worded(phrase('the values are names of: {field}'), { field: field.label });
    found[i] = { field, score: 0.8, reason };
    taken.add(field.name);
  }
  return found;
}

const nobody = (given: Record<string, string | null>, column: string): string =>
  saidOf(given, column) === null ? phrase('as you said') : phrase('no field is like it');

const isCalled = (column: string, { name, label }: Field): boolean =>
  [name, label].some((said) => normalise(said) === normalise(column));

/** Whether most of a column's values can be read as the field's kind. */
function fits(read: ReadFile, column: number, field: Field): boolean {
  const some: string[] = [];
  for (let i = 0; i < read.rows.length && some.length < 50; i++) {
    const value = read.rows[i]![column];
    if (value != null) some.push(value);
  }
  if (some.length === 0) return true;
  if (field.choices)
    return (
      some.filter((v) => Object.hasOwn(field.choices!, normalise(v))).length * 2 >= some.length
    );
  if (field.refers || field.type === 'text' || field.type === 'json') return true;
  const { wrong } = readValues(some, field.type, read.delimiter);
  return wrong.filter((w) => /_wrong$/.test(w.code)).length * 2 <= some.length;
}

function holdsNames(read: ReadFile, column: number, field: Field, called: Called): boolean {
  const names = called.get(field.refers!.table);
  if (!names?.size) return false;
  let some = false;
  for (const row of read.rows) {
    const value = row[column];
    if (value == null) continue;
    // Bare numbers are names of anything.
    if (!names.has(value) || /^[\d.,]+$/.test(value)) return false;
    some = true;
  }
  return some;
}

function finish(
  read: ReadFile,
  target: Target,
  found: (Match | undefined)[],
  given: Record<string, string | null>,
): Recognised {
  const columnsOf = new Map<string, number[]>();
  const problems: ImportProblem[] = [];
  found.forEach((m, i) => {
    if (m) columnsOf.set(m.field.name, [...(columnsOf.get(m.field.name) ?? []), i]);
  });
  const mapping = read.columns.map((column, i) => {
    const m = found[i];
    return {
      column,
      field: m?.field.name ?? null,
      reason: m?.reason ?? worded(nobody(given, column), {}),
    };
  });
  // Heads that are wrong themselves have been told; what they would leave out is not.
  if (read.rows.length === 0) return { read, target, mapping, columnsOf, problems };
  for (const [column, name] of Object.entries(given)) {
    if (!read.columns.includes(column))
      problems.push(fileProblem('column_unknown', {}, { column }));
    else if (name !== null && !target.fields.some((f) => f.name === name)) {
      problems.push(
        fileProblem('field_unknown', { value: name, field: name, table: target.label }, { column }),
      );
    }
  }
  // By its key a row may be one that stands already, and keeps what the file doesn't say.
  const mayStand = target.match.some((key) => key.every((name) => columnsOf.has(name)));
  for (const field of target.fields) {
    const columns = columnsOf.get(field.name) ?? [];
    if (columns.length > 1 && !field.several) {
      const said = columns.map((c) => read.columns[c]).join(', ');
      problems.push(fileProblem('field_twice', { field: field.label, columns: said }, { row: 1 }));
    }
    if (field.required && columns.length === 0 && field.name !== target.place && !mayStand) {
      problems.push(
        fileProblem('field_missing', { field: field.label, table: target.label }, { row: 1 }),
      );
    }
  }
  return { read, target, mapping, columnsOf, problems };
}
