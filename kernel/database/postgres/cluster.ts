import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFreeDisk, findSecret, secret } from '../../home.ts';
import { type Problem, problem } from '../../problem.ts';
import { giveTo, MAJOR_VERSION, type ServerUser } from './binaries.ts';
import './sentences.ts';

export const ADMIN = 'postgres';
const PASSWORD = 'database_admin';

// An owner may change these by `alter system`; they suit a small machine.
const DEFAULTS: Record<string, string> = {
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_connections: '100',
  max_wal_size: '2GB',
  min_wal_size: '160MB',
  wal_compression: 'on',
  random_page_cost: '1.1',
  // Tables of a fresh shop grow fast, and plans made for empty ones read them whole.
  autovacuum_naptime: '15s',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: 'log',
  // One file a weekday, written anew a week later, so that the log never fills the disk.
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
};

type Folders = { database: string; data: string; socket: string };

/** Where things are in a home. */
export function foldersOf(home: string): Folders {
  const database = join(home, 'database');
  return { database, data: join(database, 'data'), socket: join(database, 'socket') };
}

/** The superuser's password. Throws database_password_lost. */
export function adminPassword(home: string): string {
  const found = findSecret(home, PASSWORD);
  if (found === undefined) throw passwordLost(home);
  return found;
}

export function passwordLost(home: string, cause?: unknown): Problem {
  const file = join(home, 'secrets', PASSWORD);
  return problem('database_password_lost', { path: foldersOf(home).data, file }, cause);
}

/**
 * Makes the data folder where it is missing; one that is there must be of our major version. Made
 * under another name and renamed once whole, so that a stop in the middle leaves nothing half made.
 * Call it under the lock. Throws database_not_made, database_of_other_version, little_disk_left.
 */
export async function makeCluster(
  home: string,
  binaries: string,
  user: ServerUser | undefined,
  onChild: (child: ChildProcess, draft: string) => void,
  major = MAJOR_VERSION,
): Promise<void> {
  const { database, data } = foldersOf(home);
  mkdirSync(database, { recursive: true, mode: 0o700 });
  if (user) chownSync(database, user.uid, user.gid);
  removeLeftovers(database);
  if (existsSync(data)) {
    checkVersion(data, major);
    // A copied home, or one whose user was made anew, belongs to a number of old.
    if (user && statSync(data).uid !== user.uid) giveTo(user, data);
    return;
  }
  checkFreeDisk(home);
  const draft = join(database, `making-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(draft, { mode: 0o700 });
  try {
    const password = join(draft, 'password');
    writeFileSync(password, secret(home, PASSWORD), { mode: 0o600 });
    giveTo(user, draft);
    await initdb(binaries, join(draft, 'data'), password, user, onChild);
    renameSync(join(draft, 'data'), data);
    syncFolder(database);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * The folder of the server's socket. A socket's path has at most 103 bytes, so a long home gets
 * one in the system's folder for short-lived files.
 */
export function socketFolder(home: string): string {
  const folder = foldersOf(home).socket;
  if (Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= 100) return folder;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12);
  return join(tmpdir(), `kontor-${name}`);
}

/** Makes that folder, mode 0700 and empty; no server may be running. Throws socket_folder_taken. */
export function makeSocketFolder(home: string, user: ServerUser | undefined): string {
  const folder = socketFolder(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  // Anyone may make folders beside it, so one that is not ours is not used.
  const ours = [user?.uid, process.getuid?.() ?? found.uid].includes(found.uid);
  if (!found.isDirectory() || !ours) throw problem('socket_folder_taken', { folder });
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  // The lock of a killed server's socket names a process whose number may be another's by now.
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
  return folder;
}

function removeLeftovers(database: string): void {
  for (const name of readdirSync(database)) {
    if (name.startsWith('making-')) rmSync(join(database, name), { recursive: true, force: true });
  }
}

/** Makes a rename in this folder last through a power cut. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function checkVersion(data: string, major: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw problem('database_of_other_version', { path: data, found, wanted: major });
}

async function initdb(
  binaries: string,
  data: string,
  passwordFile: string,
  user: ServerUser | undefined,
  onChild: (child: ChildProcess, draft: string) => void,
): Promise<void> {
  const args = ['-D', data, '-U', ADMIN, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin');
  args.push('--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions');
  for (const [name, value] of Object.entries(DEFAULTS)) args.push('-c', `${name}=${value}`);
  const child = spawn(join(binaries, 'bin', 'initdb'), args, {
    ...as(user),
    cwd: join(data, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: whoever stops it stops the servers that it runs in turn as well.
    detached: process.platform !== 'win32',
  });
  onChild(child, join(data, '..'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      said += String(error);
      resolve(1);
    });
    child.on('close', resolve);
  });
  if (code !== 0) throw problem('database_not_made', { path: data, said: said.trim() });
}

/** How PostgreSQL's programs are spawned: as their user, with nothing of our environment. */
export function as(user: ServerUser | undefined) {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', PATH: process.env.PATH };
  if (process.platform === 'win32') env.SystemRoot = process.env.SystemRoot;
  return user ? { env, uid: user.uid, gid: user.gid } : { env };
}
