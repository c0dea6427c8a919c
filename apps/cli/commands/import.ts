import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { GivenMapping } from '../../../kernel/import/recognise.ts';
import type { FileReport } from '../../../kernel/import/types.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { sessionElsewhere } from '../desk/desk.ts';
import { Told, WrongCall } from '../output/fail.ts';
import { readObject } from '../output/input.ts';
import { printJson, printTable } from '../output/print.ts';
import { progressOn, type Step } from '../output/progress.ts';

registerSentences({
  import_cancelled: { status: 409, sentence: 'Stopped. Nothing was changed.' },
  folder_without_files: { status: 422, sentence: 'There are no CSV or Excel files in {path}.' },
});

/** id: of the import, by which it is undone; missing where nothing was loaded. */
export interface Brought {
  id?: string;
  files: FileReport[];
}

export interface ImportOptions {
  dryRun?: boolean;
  json?: boolean;
  map?: string;
  undo?: string;
  url?: string;
}

/** What either way of importing is given. */
export interface ImportWish {
  files: { name: string; path: string }[];
  dryRun: boolean;
  mapping: Record<string, unknown> | undefined;
  onProgress(step: Step): void;
  signal: AbortSignal;
}

/** Brings files in one transaction, or says every problem of theirs. Exit codes 0, 1 and 2. */
export async function importCommand(paths: string[], options: ImportOptions): Promise<void> {
  if (options.undo !== undefined) {
    if (paths.length > 0) throw new WrongCall('--undo takes the id of an import, and no files.');
    return (await import('./import_undo.ts')).undoCommand(options.undo, options);
  }
  const cancel = new AbortController();
  const onSignal = () => cancel.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  const progress = progressOn(process.stderr);
  const wish: ImportWish = {
    files: paths.flatMap(filesAt),
    dryRun: options.dryRun ?? false,
    mapping: options.map === undefined ? undefined : readObject(options.map),
    onProgress: progress.tell,
    signal: cancel.signal,
  };
  if (wish.files.length === 0) throw new WrongCall('Name the files or folders to import.');
  try {
    const { id, files } = await run(wish, options.url);
    progress.end();
    if (options.json) printJson({ ...(id ? { id } : {}), files: files.map(plain) });
    else show(files, wish.dryRun, id);
    if (files.some((f) => f.problems.length > 0)) throw new Told();
  } catch (error) {
    progress.end();
    throw cancel.signal.aborted ? problem('import_cancelled', {}, error) : error;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal);
  }
}

/** A folder stands for the files of rows in it. */
function filesAt(path: string): { name: string; path: string }[] {
  // A file that isn't there is one of the import's own problems, told beside the others.
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return [{ name: basename(path), path }];
  }
  const found = readdirSync(path).filter((name) => /\.(csv|tsv|txt|xlsx)$/i.test(name));
  if (found.length === 0) throw problem('folder_without_files', { path });
  return found.sort().map((name) => ({ name, path: join(path, name) }));
}

async function run(wish: ImportWish, url: string | undefined): Promise<Brought> {
  const given = settings();
  const session = await sessionElsewhere(given, url);
  if (session) return await (await import('./import_there.ts')).importThere(wish, session);
  const { openLocal } = await import('../desk/local.ts');
  const desk = await openLocal(given);
  try {
    const { importFiles } = await import('../../../kernel/import/import.ts');
    const { mapping, ...rest } = wish;
    const { token } = desk.session;
    const { id, files } = await importFiles({
      pool: desk.db.app,
      token,
      ...rest,
      ...(mapping ? { mapping: mapping as GivenMapping } : {}),
    });
    return { files, ...(id ? { id } : {}) };
  } finally {
    await desk.close();
  }
}

function plain({ problems, file, table, rows, created, updated, unchanged, undo }: FileReport) {
  const told = problems.map(({ row, column, value, code, message }) => ({
    row,
    column,
    value,
    code,
    message,
  }));
  return { file, table, rows, created, updated, unchanged, undo, problems: told };
}

const MOST_TOLD = 50;

function show(files: FileReport[], dryRun: boolean, id: string | undefined): void {
  const count = (f: FileReport) => f.problem_count ?? f.problems.length;
  const rows = files.map((f) => ({ ...f, table: f.table ?? '?', problems: count(f) }));
  const titles = ['file', 'table', 'rows', 'created', 'updated', 'unchanged', 'problems'];
  printTable(
    titles.map((c) => ({ name: c, title: c })),
    rows,
  );
  const said = files.flatMap((f) => f.problems.map((p) => ({ file: f.file, ...p })));
  for (const p of said.slice(0, MOST_TOLD)) {
    const place = [p.file, p.row === null ? '' : `row ${p.row}`, p.column ?? ''].filter(Boolean);
    process.stderr.write(`${place.join(', ')}: ${p.message}\n`);
  }
  for (const { file, mapping } of files) {
    const out = mapping.filter(({ field }) => !field).map(({ column }) => column);
    if (out.length > 0) process.stderr.write(`${file}: left out: ${out.join(', ')}\n`);
  }
  for (const { file, undo, created } of files) {
    if (undo === 'never' && created > 0) {
      process.stderr.write(`${file}: its rows are posted; such an import can’t be undone.\n`);
    }
  }
  const more = files.reduce((n, f) => n + count(f), 0) - Math.min(said.length, MOST_TOLD);
  if (more > 0) process.stderr.write(`And ${more} more; --json tells them all.\n`);
  if (said.length > 0) process.stderr.write('Nothing was changed.\n');
  else
    process.stdout.write(dryRun ? 'All can be loaded. Nothing was changed.\n' : 'All is loaded.\n');
  if (id) process.stdout.write(`To take it back: kontor import --undo ${id}\n`);
}
