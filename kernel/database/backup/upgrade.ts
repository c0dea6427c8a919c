import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findSecret, freeDiskBytes, LEAST_FREE_BYTES, openHome } from '../../home.ts';
import { problem } from '../../problem.ts';
import { version } from '../../version.ts';
import { deploy } from '../deploy/deploy.ts';
import { keptBinaries, MAJOR_VERSION, majorOf } from '../postgres/binaries.ts';
import { foldersOf } from '../postgres/cluster.ts';
import { type Embedded, openEmbedded } from '../postgres/embedded.ts';
import { stopPostmaster } from '../postgres/postmaster.ts';
import {
  clearStage,
  finishSwitch,
  makeStage,
  removeStage,
  STAGE,
  switchData,
} from '../postgres/switch.ts';
import { readUsers, withLock } from '../postgres/users.ts';
import type { Progress } from './backup.ts';
import {
  beginSnapshot,
  type Contents,
  fillTables,
  openOwner,
  rowsOf,
  takeContents,
} from './walk.ts';

export interface UpgradeOptions {
  /** Looks at the new database before it is kept; what it throws refuses it. */
  check(client: pg.ClientBase): Promise<void>;
  /** Also where the version is the same already. */
  again?: boolean;
  progress?: Progress;
  /** Gives up; the old database stays. */
  signal?: AbortSignal;
}

const NAME = 'kontor';
const BEFORE = 'data-before-';
const AFTER = 'data-after-';

/**
 * Makes a new database beside the home's own with this Kontor's PostgreSQL, copies every row,
 * compares, and puts it in the other's place; the old one is kept. Nobody else may use the home.
 * Answers where the old one is. Throws the Problems named upgrade_…, rows_differ and those of the
 * check; then, as after a crash at any moment, the home works with one of the two, whole.
 */
export async function upgrade(home: string, options: UpgradeOptions): Promise<{ kept: string }> {
  const real = openHome(home);
  await withLock(real, async () => {
    finishSwitch(real);
    await clearStage(real);
    checkUnused(real);
  });
  const found = majorOf(real);
  if (!found) throw problem('upgrade_nothing_there', { path: real });
  if (found === MAJOR_VERSION && !options.again) {
    throw problem('upgrade_not_needed', { path: real, found });
  }
  const older = found === MAJOR_VERSION ? undefined : olderOf(real, found);
  checkSpace(real);
  const stage = makeStage(real);
  try {
    return { kept: await makeAndExchange(real, stage, older, options) };
  } catch (error) {
    throw options.signal?.aborted ? problem('upgrade_cancelled', {}, error) : error;
  } finally {
    await removeStage(real);
  }
}

/** Puts the database that the last upgrade kept back in its place, and keeps the later one. */
export async function goBack(home: string): Promise<{ kept: string; major: string | undefined }> {
  const real = openHome(home);
  const { database } = foldersOf(real);
  const last = existsSync(database)
    ? readdirSync(database)
        .filter((name) => name.startsWith(BEFORE))
        .sort()
        .at(-1)
    : undefined;
  if (!last) throw problem('upgrade_no_way_back', { path: database });
  const kept = await exchange(real, join('database', last), AFTER);
  return { kept, major: majorOf(real) };
}

function olderOf(home: string, major: string) {
  const binaries = keptBinaries(home, major);
  if (!binaries) {
    throw problem('upgrade_without_programs', { found: major, path: join(home, 'postgresql') });
  }
  return { binaries, major };
}

function checkUnused(home: string): void {
  const user = readUsers(home).find((u) => u.pid !== process.pid);
  if (user) throw problem('upgrade_in_use', { pid: user.pid, path: home });
}

function checkSpace(home: string): void {
  const { data } = foldersOf(home);
  let needed = LEAST_FREE_BYTES;
  for (const entry of readdirSync(data, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) needed += statSync(join(entry.parentPath, entry.name)).size;
  }
  const free = freeDiskBytes(home);
  if (free >= needed) return;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);
  const params = { path: home, needed_mb: megabytes(needed), free_mb: megabytes(free) };
  throw problem('upgrade_little_disk', params);
}

async function makeAndExchange(
  home: string,
  stage: string,
  older: { binaries: string; major: string } | undefined,
  options: UpgradeOptions,
): Promise<string> {
  const opened: Embedded[] = [];
  const tell = options.progress ?? (() => {});
  try {
    tell({ step: 'making the new database', done: 0, total: 0 });
    const old = await openEmbedded(home, older ? { older } : {});
    opened.push(old);
    // The same password: the secrets of the home then fit both.
    openHome(stage);
    const password = join('secrets', 'database_admin');
    copyFileSync(join(home, password), join(stage, password));
    const next = await openEmbedded(stage);
    opened.push(next);
    await makeDatabase(next);
    const source = await openOwner(old.admin(NAME));
    try {
      await copyAll(home, source, next, options);
      await next.close();
      options.signal?.throwIfAborted();
      // The lock on the tables is held until the old server stops, so that no write is left behind.
      return await exchange(home, join(STAGE, 'database', 'data'), BEFORE);
    } finally {
      await source.end().catch(() => {});
    }
  } finally {
    for (const one of opened) await one.close();
  }
}

async function copyAll(
  home: string,
  source: pg.Client,
  next: Embedded,
  { check, progress = () => {}, signal }: UpgradeOptions,
): Promise<void> {
  await lockTables(source);
  const contents = await takeContents(source, (_t, done, total) =>
    progress({ step: 'counting', done, total }),
  );
  const kept = findSecret(home, 'logins');
  await deploy(next.admin(NAME), kept ? JSON.parse(kept) : undefined, version, {
    files: contents.schema_files,
    fill: (client) =>
      fillTables(
        client,
        contents,
        (put) => copyRows(source, contents, put, progress, signal),
        (_t, done, total) => {
          signal?.throwIfAborted();
          progress({ step: 'comparing', done, total });
        },
      ),
    async check(client) {
      progress({ step: 'checking every rule', done: 0, total: 0 });
      await check(client);
    },
  });
  const client = new pg.Client(next.admin(NAME));
  await client.connect();
  await client.query('vacuum analyze').finally(() => client.end());
}

// Reading goes on, writing waits; a process that dies lets go of it.
async function lockTables(source: pg.Client): Promise<void> {
  const { rows } = await source.query(
    `select string_agg(format('%I.%I', n.nspname, c.relname), ', ' order by n.nspname, c.relname) as all
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and to_regnamespace(n.nspname || '_logic') is not null`,
  );
  await beginSnapshot(source);
  await source.query(`lock table ${rows[0].all} in share mode`);
}

async function copyRows(
  source: pg.Client,
  { tables }: Contents,
  put: (table: string, rows: AsyncIterable<Buffer>) => Promise<void>,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const total = tables.reduce((sum, t) => sum + t.rows, 0);
  let done = 0;
  async function* watched(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of rows) {
      signal?.throwIfAborted();
      yield chunk;
    }
  }
  for (const table of tables) {
    progress({ step: 'copying', done, total });
    await put(table.name, watched(rowsOf(source, table)));
    done += table.rows;
  }
}

async function makeDatabase(next: Embedded): Promise<void> {
  const client = new pg.Client(next.admin());
  await client.connect();
  await client.query(`create database ${NAME}`).finally(() => client.end());
}

/** Answers what the database that stood there is called now. */
async function exchange(home: string, incoming: string, prefix: string): Promise<string> {
  return await withLock(home, async () => {
    checkUnused(home);
    const { database, data } = foldersOf(home);
    await stopPostmaster(data);
    const now = new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
    const kept = `${prefix}${majorOf(home)}-${now}`;
    switchData(home, { incoming, kept: join('database', kept) });
    return join(database, kept);
  });
}
