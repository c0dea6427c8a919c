import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import pg from 'pg';
import { openHome } from '../../home.ts';
import { Problem, problem, registerSentences } from '../../problem.ts';
import { version } from '../../version.ts';
import { foldersOf, syncFolder } from '../postgres/cluster.ts';
import { atExit } from '../postgres/departure.ts';
import { openEmbedded } from '../postgres/embedded.ts';
import { type ArchiveWriter, type Written, writeArchive } from './archive.ts';

export type Progress = (progress: { step: string; done: number; total: number }) => void;

/** The first entry of a backup: what it is, before it is read whole. */
export type BackupHead = {
  format: 1;
  kontor: string;
  /** PostgreSQL's version, for instance `18.4`. */
  postgresql: string;
  platform: string;
  started_at: string;
};

/** The last entry: every file with its size and hash. */
export type BackupManifest = BackupHead & {
  finished_at: string;
  files: Record<string, Written>;
};

export const HEAD = 'kontor-backup.json';
export const MANIFEST = 'kontor-manifest.json';

/** What of the home goes along beside the database. */
const HOME_FOLDERS = ['secrets', 'files'];

// As PostgreSQL's own pg_basebackup: what a starting server makes anew, or must not find.
const EMPTY_FOLDERS = [
  'log',
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
];
const LEFT_OUT = /^(postmaster\.(pid|opts)|current_logfiles|backup_label|tablespace_map)$/;
const LEFT_OUT_ANYWHERE = /^(pgsql_tmp|pg_internal\.init|t\d+_\d+)/;
const CONTROL = 'global/pg_control';

registerSentences({
  backup_nothing_there: {
    status: 404,
    sentence: 'There is no database in {path} yet, so there is nothing to back up.',
  },
  backup_bad_target: {
    status: 422,
    sentence:
      "The backup can't be written to {path} ({reason}). Name a file in a folder that is there " +
      "and writable, outside the database's own.",
  },
  backup_disk_full: {
    status: 507,
    sentence: 'The disk filled up while the backup was written to {path}; it was removed again.',
  },
  backup_tablespaces: {
    status: 422,
    sentence: 'The database uses tablespaces outside the data home, which a backup does not hold.',
  },
});

/**
 * Copies the whole home into one file (gzipped tar, mode 0600) while people go on working: the
 * database as of the moment when the backup ends, the secrets, the attached files. Written under
 * another name and renamed once whole; a file of that name is replaced. Returns its size in bytes.
 * The file holds the home's passwords. Throws backup_nothing_there, backup_bad_target,
 * backup_disk_full and what openEmbedded throws.
 */
export async function backup(
  home: string,
  toFile: string,
  options: { progress?: Progress; log?: (line: string) => void } = {},
): Promise<{ bytes: number }> {
  if (!existsSync(join(foldersOf(home).data, 'PG_VERSION'))) {
    throw problem('backup_nothing_there', { path: home });
  }
  const real = openHome(home);
  return await writeWhole(real, toFile, async (archive) => {
    const server = await openEmbedded(real, options.log ? { log: options.log } : {});
    const client = new pg.Client(server.admin());
    client.on('error', () => {});
    try {
      await client.connect();
      await writeBackup(real, client, archive, server.version, options.progress ?? (() => {}));
    } finally {
      // Ending the session also ends a backup that was begun, and drops its slot.
      await client.end().catch(() => {});
      await server.close();
    }
  });
}

/**
 * Writes an archive under another name and renames it once whole; a file of that name is replaced.
 * Throws backup_bad_target, backup_disk_full and what `write` throws.
 */
export async function writeWhole(
  home: string,
  toFile: string,
  write: (archive: ArchiveWriter) => Promise<void>,
): Promise<{ bytes: number }> {
  const target = resolve(toFile);
  checkTarget(home, target);
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`);
  const departure = atExit(() => rmSync(draft, { force: true }));
  let archive: ArchiveWriter | undefined;
  try {
    archive = writeArchive(draft);
    await write(archive);
    await archive.end();
    renameSync(draft, target);
    syncFolder(dirname(target));
    return { bytes: statSync(target).size };
  } catch (error) {
    archive?.abort();
    throw inSentence(error, target);
  } finally {
    rmSync(draft, { force: true });
    departure.cancel();
  }
}

function checkTarget(home: string, target: string): void {
  const refuse = (reason: string) => problem('backup_bad_target', { path: target, reason });
  if (existsSync(target) && !statSync(target).isFile()) throw refuse('it is not a file');
  if (!existsSync(dirname(target))) throw refuse(`${dirname(target)} is missing`);
  const inside = relative(foldersOf(home).database, target);
  if (!inside.startsWith(`..${sep}`)) throw refuse("it lies within the database's own folder");
}

function inSentence(error: unknown, target: string): unknown {
  if (error instanceof Problem) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return problem('backup_disk_full', { path: target });
  if (code && ['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(code)) {
    return problem('backup_bad_target', { path: target, reason: code }, error);
  }
  return error;
}

async function writeBackup(
  home: string,
  client: pg.Client,
  archive: ArchiveWriter,
  postgresql: string,
  progress: Progress,
): Promise<void> {
  const { data } = foldersOf(home);
  const head: BackupHead = {
    format: 1,
    kontor: version,
    postgresql,
    platform: `${process.platform}-${process.arch}`,
    started_at: new Date().toISOString(),
  };
  const files: Record<string, Written> = {};
  const addText = async (path: string, text: string) => {
    const bytes = Buffer.from(text);
    files[path] = await archive.file(path, bytes.length, once(bytes));
  };
  const json = JSON.stringify(head, null, 2);
  await archive.file(HEAD, Buffer.byteLength(json), once(Buffer.from(json)));

  // The slot keeps the write-ahead log from being recycled until it has been copied.
  const slot = `kontor_backup_${randomBytes(6).toString('hex')}`;
  await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
  const start = await client.query(
    "select pg_walfile_name(pg_backup_start('kontor', true)) as segment",
  );
  const listed = await listData(data);
  let done = 0;
  const total = listed.files.reduce((sum, file) => sum + file.bytes, 0);
  for (const folder of listed.folders) await archive.folder(`database/data/${folder}`);
  for (const { path, bytes } of listed.files) {
    const written = await addFile(archive, join(data, path), `database/data/${path}`);
    if (written) files[`database/data/${path}`] = written;
    done += bytes;
    progress({ step: 'copying the database', done, total });
  }
  const control = await readControl(join(data, CONTROL));
  files[`database/data/${CONTROL}`] = await archive.file(
    `database/data/${CONTROL}`,
    control.length,
    once(control),
  );
  const stop = await client.query(
    'select pg_walfile_name(lsn) as segment, labelfile, spcmapfile from pg_backup_stop(false)',
  );
  const { segment, labelfile, spcmapfile } = stop.rows[0];
  if (spcmapfile) throw problem('backup_tablespaces');
  await addText('database/data/backup_label', labelfile);
  for (const name of await logSegments(data, start.rows[0].segment, segment)) {
    const path = `database/data/pg_wal/${name}`;
    const written = await addFile(archive, join(data, 'pg_wal', name), path);
    if (!written) throw new Error(`the segment ${name} of the write-ahead log is missing`);
    files[path] = written;
  }
  await addHome(home, archive, files);
  const finished: BackupManifest = { ...head, finished_at: new Date().toISOString(), files };
  const manifest = Buffer.from(JSON.stringify(finished, null, 1));
  await archive.file(MANIFEST, manifest.length, once(manifest));
}

async function listData(data: string) {
  const folders: string[] = [];
  const files: { path: string; bytes: number }[] = [];
  const walk = async (folder: string): Promise<void> => {
    // Tables and whole databases may go away while they are listed; the log knows of it.
    const entries = await readdir(join(data, folder), { withFileTypes: true }).catch(missing);
    for (const entry of entries ?? []) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (!folder && LEFT_OUT.test(entry.name)) continue;
      if (LEFT_OUT_ANYWHERE.test(entry.name) || path === CONTROL) continue;
      if (folder === 'pg_tblspc') throw problem('backup_tablespaces');
      if (entry.isDirectory()) {
        folders.push(path);
        if (!EMPTY_FOLDERS.includes(path)) await walk(path);
      } else if (entry.isFile()) {
        const found = await stat(join(data, path)).catch(missing);
        if (found) files.push({ path, bytes: found.size });
      }
    }
  };
  await walk('');
  folders.push('pg_wal/archive_status', 'pg_wal/summaries');
  return { folders, files };
}

/** The attached files and the secrets, but those that `leftOut` names. */
export async function addHome(
  home: string,
  archive: ArchiveWriter,
  files: Record<string, Written>,
  leftOut: string[] = [],
): Promise<void> {
  for (const top of HOME_FOLDERS) {
    if (!existsSync(join(home, top))) continue;
    await archive.folder(top);
    const entries = await readdir(join(home, top), { withFileTypes: true, recursive: true });
    for (const entry of entries) {
      const source = join(entry.parentPath, entry.name);
      const path = relative(home, source).split(sep).join('/');
      if (entry.isDirectory()) await archive.folder(path);
      if (!entry.isFile() || leftOut.includes(path)) continue;
      const written = await addFile(archive, source, path);
      if (written) files[path] = written;
    }
  }
}

async function addFile(
  archive: ArchiveWriter,
  source: string,
  path: string,
): Promise<Written | undefined> {
  const file = await open(source, 'r').catch(missing);
  if (!file) return undefined;
  try {
    // It may grow or shrink meanwhile; what is taken is as long as it was now, and the
    // write-ahead log holds the rest.
    const { size } = await file.stat();
    return await archive.file(path, size, contentOf(file, size));
  } finally {
    await file.close();
  }
}

async function* contentOf(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const chunk = Buffer.allocUnsafe(Math.min(262_144, bytes - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

export async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

// The server may be writing it at this moment; read the same twice, it is whole.
async function readControl(file: string): Promise<Buffer> {
  let before = Buffer.alloc(0);
  for (;;) {
    const now = readFileSync(file);
    if (now.equals(before)) return now;
    before = now;
  }
}

async function logSegments(data: string, first: string, last: string): Promise<string[]> {
  const names = await readdir(join(data, 'pg_wal'));
  return names
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
    .sort();
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
