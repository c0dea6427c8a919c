import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { problem, registerSentences } from './problem.ts';

/** Below this many bytes of free disk nothing is started and nothing is written: 500 MB. */
export const LEAST_FREE_BYTES = 500_000_000;

registerSentences({
  home_not_writable: {
    status: 500,
    sentence:
      'Kontor keeps its data in {path}, but may not write there ({reason}). Make the folder ' +
      'writable for {user}, or set KONTOR_HOME to another one.',
  },
  home_not_a_folder: {
    status: 500,
    sentence: 'KONTOR_HOME is {path}, which is a file. Set it to a folder.',
  },
  little_disk_left: {
    status: 507,
    sentence:
      'Only {free_mb} MB of disk are free at {path}, and Kontor needs {least_mb} MB to go on ' +
      'safely. Free some space, then try again; nothing was changed.',
  },
});

/**
 * Makes the data home where it is missing, mode 0700 (0711 for root: the database's own user must
 * pass through it, and can't list it). Returns its real path. Throws home_not_writable,
 * home_not_a_folder.
 */
export function openHome(path: string): string {
  const root = process.getuid?.() === 0;
  try {
    const made = mkdirSync(path, { recursive: true, mode: 0o755 });
    const { mode, uid } = statSync(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // A folder that was there keeps its mode (it may be /tmp), but that root's lets others through.
    if (made) chmodSync(path, root ? 0o711 : 0o700);
    else if (root && uid === 0 && (mode & 0o011) !== 0o011) chmodSync(path, mode | 0o011);
    for (const folder of ['run', 'secrets']) {
      mkdirSync(join(path, folder), { recursive: true, mode: 0o700 });
      accessSync(join(path, folder), constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw problem('home_not_a_folder', { path });
    if (code === 'ENOSPC') throw littleDisk(path, 0);
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(String(code))) throw error;
    const user = process.env.USER || `user ${process.getuid?.() ?? ''}`.trim();
    throw problem('home_not_writable', { path, reason: String(code), user }, error);
  }
  return realpathSync(path);
}

/**
 * The secret of that name in the home (file mode 0600), made by `make` (32 random bytes, base64url)
 * the first time. Several processes at once get the same one.
 */
export function secret(
  home: string,
  name: string,
  make: () => string = () => randomBytes(32).toString('base64url'),
): string {
  const file = join(home, 'secrets', name);
  for (;;) {
    const found = readIfThere(file);
    if (found !== undefined) return found;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, make(), { mode: 0o600, flag: 'wx', flush: true });
    try {
      // A link is made whole or not at all, and never over another process's secret.
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

/** The secret of that name, undefined where there is none. */
export function findSecret(home: string, name: string): string | undefined {
  return readIfThere(join(home, 'secrets', name));
}

/**
 * Free bytes on the disk that holds `path` (or its nearest folder that is there). The one function
 * that looks: under KONTOR_ENV=test, KONTOR_TEST_FREE_BYTES lowers what it sees.
 */
export function freeDiskBytes(path: string): number {
  const free = realFreeBytes(path);
  const { KONTOR_ENV, KONTOR_TEST_FREE_BYTES } = process.env;
  if (KONTOR_ENV !== 'test' || !KONTOR_TEST_FREE_BYTES) return free;
  return Math.min(free, Number(KONTOR_TEST_FREE_BYTES));
}

/** Throws little_disk_left where fewer than LEAST_FREE_BYTES are free. */
export function checkFreeDisk(path: string): void {
  const free = freeDiskBytes(path);
  if (free < LEAST_FREE_BYTES) throw littleDisk(path, free);
}

function littleDisk(path: string, free: number) {
  const megabytes = (bytes: number) => Math.floor(bytes / 1_000_000);
  const params = { path, free_mb: megabytes(free), least_mb: megabytes(LEAST_FREE_BYTES) };
  return problem('little_disk_left', params);
}

function realFreeBytes(path: string): number {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch (error) {
      if (folder === dirname(folder)) throw error;
    }
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
