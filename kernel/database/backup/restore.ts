import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { checkFreeDisk, openHome } from '../../home.ts';
import { Problem, problem, registerSentences } from '../../problem.ts';
import { giveTo, MAJOR_VERSION, serverUser } from '../postgres/binaries.ts';
import { foldersOf, syncFolder } from '../postgres/cluster.ts';
import { type Embedded, openEmbedded } from '../postgres/embedded.ts';
import { stopPostmaster } from '../postgres/postmaster.ts';
import { type Entry, readArchive, type Written } from './archive.ts';
import { type BackupHead, type BackupManifest, HEAD, MANIFEST, type Progress } from './backup.ts';

registerSentences({
  restore_home_not_empty: {
    status: 409,
    sentence:
      'There is something in {path} already. Restore into an empty folder, look at it, and then ' +
      'put it in the place of the other.',
  },
  restore_no_file: { status: 404, sentence: 'The backup {path} is not there or not a file.' },
  restore_not_a_backup: { status: 422, sentence: '{path} is not a backup that Kontor made.' },
  restore_damaged: {
    status: 422,
    sentence: 'The backup {path} is damaged ({reason}). Nothing was restored; use another backup.',
  },
  restore_disk_full: {
    status: 507,
    sentence:
      'The disk filled up while {path} was unpacked. Nothing was restored; free some space.',
  },
  restore_of_other_version: {
    status: 422,
    sentence:
      'The backup {path} holds a database of PostgreSQL {found} on {platform}, and this Kontor ' +
      'runs PostgreSQL {wanted} on {here}. Restore it with the Kontor that made it.',
  },
});

const STAGE = '.restoring';

/**
 * Makes a home out of a backup: checks every file's hash, starts the database, lets it recover,
 * reads all of it (page checksums, tables and indexes against each other), stops it. The home must
 * be empty or absent, and is left empty where anything fails. Returns what the backup says of
 * itself. Throws restore_home_not_empty, restore_no_file, restore_not_a_backup, restore_damaged,
 * restore_of_other_version and what openEmbedded throws.
 */
export async function restore(
  fromFile: string,
  home: string,
  options: { progress?: Progress; log?: (line: string) => void } = {},
): Promise<BackupHead> {
  const file = resolve(fromFile);
  const progress = options.progress ?? (() => {});
  const stage = await prepareStage(home);
  try {
    const manifest = await unpack(file, stage, progress);
    checkFreeDisk(stage);
    await verify(stage, file, progress, options.log);
    moveInto(stage, dirname(stage));
    const { files: _files, finished_at: _finished, ...head } = manifest;
    return head;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * Makes a home that must be empty or absent; answers the folder in it to work in, whose content
 * moveInto puts in its place. Throws restore_home_not_empty.
 */
export async function prepareStage(home: string): Promise<string> {
  // What a restore that was killed left behind is no one's data.
  if (existsSync(join(home, STAGE))) {
    await stopPostmaster(foldersOf(realpathSync(join(home, STAGE))).data);
    rmSync(join(home, STAGE), { recursive: true, force: true });
  }
  if (existsSync(home) && readdirSync(home).some((name) => !isBare(home, name))) {
    throw problem('restore_home_not_empty', { path: home });
  }
  const real = openHome(home);
  checkFreeDisk(real);
  for (const bare of ['run', 'secrets']) rmSync(join(real, bare), { recursive: true, force: true });
  return openHome(join(real, STAGE));
}

// Looking at a home's state makes its folders; such a home is still empty.
function isBare(home: string, name: string): boolean {
  if (name === 'lost+found') return true;
  try {
    return ['run', 'secrets'].includes(name) && readdirSync(join(home, name)).length === 0;
  } catch {
    return false;
  }
}

/** The content of a backup, checked against its list; the database in it isn't started yet. */
export async function unpack(
  file: string,
  stage: string,
  progress: Progress,
): Promise<BackupManifest> {
  const files = new Map<string, Written>();
  let head: BackupHead | undefined;
  let manifest: BackupManifest | undefined;
  let done = 0;
  const take = async (entry: Entry, content: AsyncIterable<Buffer>) => {
    if (entry.path === HEAD) {
      head = checkHead(file, await text(content));
    } else if (!head) {
      throw problem('restore_not_a_backup', { path: file });
    } else if (entry.path === MANIFEST) {
      manifest = JSON.parse(await text(content));
    } else if (entry.kind === 'folder') {
      mkdirSync(join(stage, entry.path), { recursive: true, mode: 0o700 });
    } else {
      files.set(entry.path, await write(join(stage, entry.path), content));
      done += entry.bytes;
      progress({ step: 'unpacking', done, total: 0 });
    }
  };
  try {
    await readArchive(file, take);
  } catch (error) {
    throw inSentence(error, file, head !== undefined);
  }
  if (!manifest) throw problem('restore_damaged', { path: file, reason: 'its end is missing' });
  compare(file, manifest.files, files);
  const user = await serverUser();
  giveTo(user, join(stage, 'database'));
  return manifest;
}

function checkHead(file: string, json: string): BackupHead {
  const head: BackupHead = JSON.parse(json);
  if (head.format !== 1) throw problem('restore_not_a_backup', { path: file });
  const here = `${process.platform}-${process.arch}`;
  if (head.postgresql.split('.')[0] !== MAJOR_VERSION || head.platform !== here) {
    throw problem('restore_of_other_version', {
      path: file,
      found: head.postgresql,
      platform: head.platform,
      wanted: MAJOR_VERSION,
      here,
    });
  }
  return head;
}

function compare(file: string, wanted: Record<string, Written>, found: Map<string, Written>) {
  const damaged = (reason: string) => problem('restore_damaged', { path: file, reason });
  for (const [path, { sha256 }] of Object.entries(wanted)) {
    if (!found.has(path)) throw damaged(`${path} is missing`);
    if (found.get(path)?.sha256 !== sha256) throw damaged(`${path} is not as it was`);
  }
  for (const path of found.keys()) {
    if (!Object.hasOwn(wanted, path)) throw damaged(`${path} is not in its list`);
  }
}

function inSentence(error: unknown, path: string, begun: boolean): unknown {
  if (error instanceof Problem) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code && ['ENOENT', 'EISDIR', 'EACCES'].includes(code) && !begun) {
    return problem('restore_no_file', { path }, error);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return problem('restore_disk_full', { path }, error);
  const ours = code?.startsWith('Z_') || error instanceof SyntaxError || /archive/.test(message);
  if (!ours) return error;
  if (!begun) return problem('restore_not_a_backup', { path }, error);
  return problem('restore_damaged', { path, reason: message }, error);
}

export async function write(path: string, content: AsyncIterable<Buffer>): Promise<Written> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed() {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(Readable.from(hashed()), file);
  return { bytes, sha256: hash.digest('hex') };
}

export async function text(content: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function verify(
  stage: string,
  file: string,
  progress: Progress,
  log?: (line: string) => void,
): Promise<void> {
  const server = await openEmbedded(stage, log ? { log } : {});
  try {
    const databases = await query(
      server,
      'postgres',
      'select datname as name from pg_database where datallowconn order by 1',
    );
    for (const [index, { name }] of databases.entries()) {
      progress({ step: 'checking', done: index, total: databases.length });
      const found = await findDamage(server, name);
      if (found) throw problem('restore_damaged', { path: file, reason: `${name}: ${found}` });
    }
  } finally {
    await server.close();
  }
}

async function query(server: Embedded, database: string, sql: string) {
  const client = new pg.Client(server.admin(database));
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

// Reading a table reads its pages, and reading a page checks its sum. The extension is made and
// rolled back, so that nothing of it stays.
async function findDamage(server: Embedded, database: string): Promise<string | undefined> {
  const client = new pg.Client(server.admin(database));
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('begin; create schema kontor_check');
    await client.query('create extension if not exists amcheck schema kontor_check');
    const where = await client.query(
      `select quote_ident(n.nspname) as place from pg_extension e
         join pg_namespace n on n.oid = e.extnamespace where e.extname = 'amcheck'`,
    );
    const { place } = where.rows[0];
    const tables = await client.query(
      `select c.oid::regclass::text as relation, d.msg
         from pg_class c, lateral ${place}.verify_heapam(c.oid) d
        where c.relkind in ('r', 't', 'm') and c.relpersistence = 'p' limit 1`,
    );
    if (tables.rows[0]) return `${tables.rows[0].relation}: ${tables.rows[0].msg}`;
    await client.query(
      `select ${place}.bt_index_check(i.indexrelid, heapallindexed => true)
         from pg_index i join pg_class c on c.oid = i.indexrelid
         join pg_am a on a.oid = c.relam
        where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p'
          and i.indisready and i.indisvalid`,
    );
    return undefined;
  } catch (error) {
    // XX001 and XX002 are PostgreSQL's codes for damaged data and damaged indexes.
    const { code, message } = error as { code?: string; message: string };
    if (code === 'XX001' || code === 'XX002') return message;
    throw error;
  } finally {
    await client.query('rollback').catch(() => {});
    await client.end().catch(() => {});
  }
}

/** Puts what was made in its place. The database comes last: without one a home is empty enough. */
export function moveInto(stage: string, home: string): void {
  for (const name of readdirSync(stage)) {
    if (name !== 'database' && name !== 'run') renameSync(join(stage, name), join(home, name));
  }
  openHome(home);
  if (existsSync(foldersOf(stage).database)) {
    renameSync(foldersOf(stage).database, foldersOf(home).database);
  }
  syncFolder(home);
}
