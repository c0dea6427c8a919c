import pg from 'pg';
import { z } from 'zod';
import { asProblem } from '../database/refusal.ts';
import { Problem } from '../problem.ts';
import { readCatalogue, type TableShape } from './catalogue.ts';
import { check } from './check.ts';
import { gatherCustom } from './custom.ts';
import { identify, rowsOf } from './identify.ts';
import { load, remember } from './load.ts';
import { type GivenFile, MOST_COLUMNS, type ReadFile, readFiles } from './read.ts';
import {
  type Called,
  corrected,
  type GivenMapping,
  type Recognised,
  recognise,
  saidOf,
} from './recognise.ts';
import { type Context, rememberNames, resolveReferences, spoilDependents } from './references.ts';
import { fileProblem, worded } from './sentences.ts';
import { MOST_PROBLEMS, stage, type Work } from './stage.ts';
import { allTargets } from './targets.ts';
import type { FileReport, ImportProblem, Query, Target } from './types.ts';

export type { GivenFile } from './read.ts';
export type { GivenMapping } from './recognise.ts';
export type { FileReport } from './types.ts';

export interface ImportProgress {
  step: 'reading' | 'checking' | 'loading';
  done: number;
  total: number;
}

export interface ImportRequest {
  /** Of the application role. */
  pool: pg.Pool;
  token: string;
  files: GivenFile[];
  /** Everything is done, then rolled back. */
  dryRun?: boolean;
  mapping?: GivenMapping;
  onProgress?(progress: ImportProgress): void;
  /** Stops the running statement and rolls back; the import then throws the signal's reason. */
  signal?: AbortSignal;
  requestContext?: { request_id?: string; address?: string };
  /** Where rows come from: the same row of the same source never acts twice. */
  source?: string;
}

export interface ImportResult {
  /** Of the import, where it was loaded; missing after a dry run and where there are problems. */
  id?: string;
  files: FileReport[];
  /** What a file can be taken for, to correct what was found. */
  targets: ShownTarget[];
}

export interface ShownTarget {
  table: string;
  label: string;
  fields: { name: string; label: string; required: boolean }[];
}

/**
 * Brings files in one transaction: all of them, or nothing where one row has a problem.
 * Problems of files are in the result; errors of the caller (`not_signed_in`, `not_permitted`) throw.
 */
export async function importFiles(request: ImportRequest): Promise<ImportResult> {
  const { files, signal, onProgress } = request;
  const read: ReadFile[] = [];
  for (const [done, file] of files.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ step: 'reading', done, total: files.length });
    read.push(...(await readFiles(file, signal)));
    signal?.throwIfAborted();
  }
  const client = await request.pool.connect();
  const stop = cancelOn(client, request);
  try {
    await client.query('begin');
    const query = queryOn(client, signal);
    await query('select kernel_logic.begin_import($1, $2)', [
      request.token,
      JSON.stringify(request.requestContext ?? {}),
    ]);
    const result = await run(request, read, query);
    signal?.throwIfAborted();
    await client.query(result.id ? 'commit' : 'rollback');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    signal?.throwIfAborted();
    throw refusal(error);
  } finally {
    stop();
    // A cancel may still be under way: it must not meet who would use this connection next.
    client.release(signal?.aborted === true);
  }
}

function queryOn(client: pg.PoolClient, signal: AbortSignal | undefined): Query {
  return async <R>(text: string, values: unknown[] = []) => {
    signal?.throwIfAborted();
    return (await client.query(text, values)).rows as R[];
  };
}

/** Cancels what the connection is running, by another connection of the same role. */
function cancelOn(client: pg.PoolClient, { signal, pool }: ImportRequest): () => void {
  const cancel = () => {
    const { processID } = client as unknown as { processID: number };
    pool.query('select pg_cancel_backend($1)', [processID]).catch(() => {});
  };
  signal?.addEventListener('abort', cancel);
  return () => signal?.removeEventListener('abort', cancel);
}

function refusal(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== 'KO001') return error;
  return asProblem(error);
}

async function run(request: ImportRequest, read: ReadFile[], query: Query): Promise<ImportResult> {
  const shapes = await readCatalogue(query);
  const targets = await allTargets(shapes);
  const given = corrected(await remembered(read, targets, query), request.mapping ?? {});
  const found = recognise(read, targets, await calledHere(targets, shapes, query), given);
  const context: Context = {
    query,
    source: request.source ?? 'file',
    brought: new Map(),
    broken: new Set(),
    spoilt: new Map(),
  };
  for (const f of found) if (f.target && unusable(f)) context.broken.add(f.target.table);
  const total = found.reduce((sum, f) => sum + f.read.rows.length, 0);
  let done = 0;
  const works = new Map<Recognised, Work>();
  for (const f of inOrder(found.filter((f) => f.target && !unusable(f)))) {
    request.onProgress?.({ step: 'checking', done, total });
    const work = stage(f, f.target!, shapes.get(f.target!.table));
    works.set(f, work);
    const before = done;
    await bring(work, context, (rows) => {
      done += rows;
      request.onProgress?.({ step: 'loading', done, total });
    });
    done = before + work.lines.length;
  }
  const undone = await undoOf(found, query);
  const files = found.map((f) => reportOf(f, works.get(f), undone.get(f.target?.table ?? '')));
  const said = { files, targets: targets.map(shown) };
  if (request.dryRun || files.some((f) => f.problem_count > 0)) return said;
  const id = await keepBatch(files, [...works.values()], context, given);
  request.onProgress?.({ step: 'loading', done: total, total });
  return { id, ...said };
}

function shown({ table, label, fields, place }: Target): ShownTarget {
  return {
    table,
    label: worded(label, {}),
    fields: fields.map(({ name, label, required }) => {
      return { name, label: worded(label, {}), required: Boolean(required) && name !== place };
    }),
  };
}

/** Says nothing of rows: the heads are wrong, or the file could not be read. */
function unusable(f: Recognised): boolean {
  return f.problems.length > 0 || f.read.rows.length === 0;
}

/** One file's way: resolve, identify, check, write. What only writing shows is told of the file. */
async function bring(work: Work, context: Context, loaded: (rows: number) => void): Promise<void> {
  const { query } = context;
  await query('savepoint file');
  try {
    await resolveReferences(work, context, false);
    await identify(work, context);
    await resolveReferences(work, context, true);
    await work.target.complete?.(work, rowsOf(work, 'created'), query);
    gatherCustom(work);
    await check(work, context);
    spoilDependents(work);
    work.settle();
    await load(work, context, loaded);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError || error instanceof Problem) || cancelled(error))
      throw error;
    await query('rollback to savepoint file');
    work.settle();
    work.tell(await lastStep(error, work));
    for (const i of rowsOf(work, 'created', 'updated')) work.spoil(i);
    context.broken.add(work.table);
  }
  rememberNames(work, context);
}

function cancelled(error: Error): boolean {
  return error instanceof pg.DatabaseError && /^(57|40|08|53|XX)/.test(error.code ?? '');
}

async function lastStep(error: pg.DatabaseError | Problem, work: Work): Promise<ImportProblem> {
  const said = error instanceof pg.DatabaseError ? refusal(error) : error;
  if (said instanceof Problem) {
    const message = said.errors?.[0]?.message ?? said.message;
    return { row: null, column: null, value: null, code: said.code, message };
  }
  const { code, message, detail } = error as pg.DatabaseError;
  if (code === '42501') return fileProblem('not_permitted_rows', { table: work.target.label });
  return fileProblem('last_step', { why: detail ?? message });
}

async function keepBatch(
  files: FileReport[],
  works: Work[],
  context: Context,
  given: GivenMapping,
): Promise<string> {
  const said = files.map(({ file, table, rows, created, updated, unchanged, mapping }) => {
    const correction = saidOf(given, file);
    const heads = mapping.map((m) => m.column);
    return {
      ...{ file, table, rows, created, updated, unchanged },
      ...(correction && { given: { ...correction, heads } }),
    };
  });
  const sum = (name: 'created' | 'updated') => files.reduce((all, file) => all + file[name], 0);
  const [batch] = await context.query<{ id: string }>(
    `insert into kernel.import_batch (imported_by, name, files, rows_made, rows_changed)
     values (kernel_logic.actor(), $1, $2, $3, $4) returning id`,
    [
      files.map(({ file }) => file).join(', '),
      JSON.stringify(said),
      sum('created'),
      sum('updated'),
    ],
  );
  for (const work of works) await remember(work, context, batch!.id);
  return batch!.id;
}

/** Whoever may import writes these rows, by SQL too: what isn't shaped so is passed over. */
const Remembered = z.object({
  table: z.string().nullish(),
  columns: z.record(z.string(), z.string().nullable()).optional(),
  heads: z.array(z.string()),
});

/** What was said of an earlier file with the same columns holds until something else is said. */
async function remembered(
  read: ReadFile[],
  targets: Target[],
  query: Query,
): Promise<GivenMapping> {
  const rows = await query<{ given: string }>(
    `select f->'given' as given
       from (select files, imported_at, id from kernel.import_batch order by imported_at desc, id limit 500) b
      cross join lateral jsonb_array_elements(case jsonb_typeof(files) when 'array' then files else '[]' end) f
      where f ? 'given' order by imported_at desc, id`,
  );
  const before = rows.flatMap(({ given }) => {
    return Remembered.safeParse(JSON.parse(given)).data ?? [];
  });
  const known: GivenMapping = {};
  for (const { file, columns: heads } of read) {
    const same = before.find((one) => one.heads.join('\n') === heads.join('\n'));
    const target = targets.find(({ table }) => table === same?.table);
    const columns = Object.entries(same?.columns ?? {}).filter(
      ([, name]) => name === null || !target || target.fields.some((field) => field.name === name),
    );
    if (!same || (same.table && !target)) continue;
    known[file] = {
      ...(same.table ? { table: same.table } : {}),
      ...{ columns: Object.fromEntries(columns), remembered: true },
    };
  }
  return known;
}

/** Said before anything is loaded: what can't be taken back. */
async function undoOf(found: Recognised[], query: Query): Promise<Map<string, FileReport['undo']>> {
  const tables = new Set(found.flatMap(({ target }) => target?.table ?? []));
  const rows = await query<{ table: string; undo: FileReport['undo'] }>(
    'select t as table, kernel_logic.undo_of(t) as undo from unnest($1::text[]) t',
    [[...tables]],
  );
  return new Map(rows.map(({ table, undo }) => [table, undo]));
}

function reportOf(
  { read, target, mapping, problems }: Recognised,
  work: Work | undefined,
  undo: FileReport['undo'] = null,
): FileReport {
  const told = work?.problems ?? [...read.problems, ...problems];
  const placeOf = ({ row, column }: ImportProblem) =>
    (row ?? 0) * (MOST_COLUMNS + 1) + read.columns.indexOf(column ?? '');
  const count = (state: Work['states'][number]) => (work ? rowsOf(work, state).length : 0);
  return {
    file: read.file,
    table: target?.table ?? null,
    rows: read.rows.length,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    mapping,
    problems: told.slice(0, MOST_PROBLEMS).sort((a, b) => placeOf(a) - placeOf(b)),
    problem_count: work?.problemCount ?? told.length,
    sample: work ? sampleOf(work) : [],
    undo,
  };
}

function sampleOf(work: Work): FileReport['sample'] {
  return work.lines
    .slice(0, 5)
    .map((_, i) =>
      Object.fromEntries([...work.source].map(([name, values]) => [name, values[i] ?? null])),
    );
}

/** Files after those whose tables theirs refers to. */
function inOrder(found: Recognised[]): Recognised[] {
  const out = new Set<Recognised>();
  const visit = (f: Recognised, path: Recognised[]) => {
    if (out.has(f) || path.includes(f)) return;
    for (const field of f.target!.fields) {
      const to = field.refers && f.columnsOf.has(field.name) ? field.refers.table : undefined;
      for (const other of found) if (other.target!.table === to) visit(other, [...path, f]);
    }
    out.add(f);
  };
  for (const f of found) visit(f, []);
  return [...out];
}

/** By what names and numbers rows are called that files may refer to. */
async function calledHere(
  targets: Target[],
  shapes: Map<string, TableShape>,
  query: Query,
): Promise<Called> {
  const called: Called = new Map();
  const tables = new Set(targets.flatMap((t) => t.fields.flatMap((f) => f.refers?.table ?? [])));
  for (const table of tables) {
    const shape = shapes.get(table);
    const columns = ['name', 'code'].filter((c) => shape?.columns.get(c)?.readable);
    if (columns.length === 0) continue;
    const rows = await query<Record<string, string>>(
      `select ${columns.join(', ')} from ${table} limit 2000`,
    );
    called.set(table, new Set(rows.flatMap((r) => Object.values(r)).filter((v) => v !== null)));
  }
  return called;
}
