import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { openHome } from '../../home.ts';
import { problem } from '../../problem.ts';
import { checkReachable, installBinaries, type ServerUser, serverUser } from './binaries.ts';
import {
  ADMIN,
  adminPassword,
  foldersOf,
  makeCluster,
  makeSocketFolder,
  passwordLost,
  socketFolder,
} from './cluster.ts';
import { atExit, type Departure } from './departure.ts';
import { findPostmaster, settle, startPostmaster, stopNow, stopPostmaster } from './postmaster.ts';
import { signal } from './processes.ts';
import { clearStage, finishSwitch, isSwitching } from './switch.ts';
import { enter, leave, readUsers, type User, withLock, withLockNow } from './users.ts';

export type EmbeddedOptions = {
  log?: (line: string) => void;
  /** Opens a TCP port on 127.0.0.1 too (0: any free one), and `admin()` then names it. */
  port?: number;
  /** More settings of postgresql.conf, for a server that this call starts. */
  settings?: Record<string, string>;
  /** Runs a database of another major version, with the programs that made it. */
  older?: { binaries: string; major: string };
};

export type Embedded = {
  /** How to connect as the superuser, to the database of that name (default `postgres`). */
  admin(database?: string): pg.ClientConfig;
  /** The server's version, for instance `18.4`. */
  version: string;
  /** Leaves the server; whoever leaves last stops it. A second call does nothing. */
  close(): Promise<void>;
};

export type EmbeddedStatus = {
  /** Whether a database was ever made in this home. */
  initialised: boolean;
  running: boolean;
  /** The server's process. */
  pid?: number;
  /** PostgreSQL's major version of the data folder. */
  majorVersion?: string;
  dataFolder: string;
  /** The processes that use the server. */
  users: User[];
};

type Open = {
  home: string;
  options: EmbeddedOptions;
  log: (line: string) => void;
  port: number | undefined;
  id?: string;
  /** A server that this call spawned, and that isn't ready yet. */
  young?: number | undefined;
  closed: boolean;
};

const WATCH_MS = 250;

/**
 * Opens the embedded PostgreSQL of a data home: makes it where there is none, adopts one that
 * runs, starts one that does not, and starts it again should it be killed. Several processes share
 * it; the last one out stops it. Throws Problems: home_not_writable, home_closed_to_database,
 * little_disk_left, database_did_not_start and the others of `sentences.ts`.
 */
export async function openEmbedded(home: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const real = openHome(home);
  const log = options.log ?? (() => {});
  const open: Open = { home: real, options, log, port: options.port, closed: false };
  const departure = atExit(() => leaveNow(open));
  try {
    const version = await withLock(real, () => enterRunning(open, departure));
    const watch = watchServer(open, departure);
    const close = async () => {
      if (open.closed) return;
      open.closed = true;
      await watch.stop();
      await withLock(real, () => leaveAndStop(open));
      departure.cancel();
    };
    return { admin: (database) => adminConfig(open, database), version, close };
  } catch (error) {
    departure.cancel();
    throw error;
  }
}

/** How things stand with the embedded server of a home; starts nothing and waits for nothing. */
export function embeddedStatus(home: string): EmbeddedStatus {
  const { data } = foldersOf(existsSync(home) ? realpathSync(home) : home);
  const server = findPostmaster(data);
  const versionFile = join(data, 'PG_VERSION');
  const initialised = existsSync(versionFile) || isSwitching(home);
  return {
    initialised,
    running: server?.state === 'ready',
    ...(server ? { pid: server.pid } : {}),
    ...(existsSync(versionFile) ? { majorVersion: readFileSync(versionFile, 'utf8').trim() } : {}),
    dataFolder: data,
    users: readUsers(home),
  };
}

function adminConfig(open: Open, database = 'postgres'): pg.ClientConfig {
  const server = findPostmaster(foldersOf(open.home).data);
  const tcp = open.port !== undefined;
  return {
    host: tcp ? '127.0.0.1' : (server?.socket ?? socketFolder(open.home)),
    port: open.port ?? server?.port ?? 5432,
    user: ADMIN,
    password: adminPassword(open.home),
    database,
  };
}

async function enterRunning(open: Open, departure: Departure): Promise<string> {
  finishSwitch(open.home);
  await clearStage(open.home);
  try {
    const version = await ensureRunning(open, departure);
    open.id = enter(open.home);
    return version;
  } catch (error) {
    // A server that started but can't be used would be nobody's.
    if (readUsers(open.home).length === 0) await stopPostmaster(foldersOf(open.home).data);
    throw error;
  }
}

async function ensureRunning(open: Open, departure: Departure): Promise<string> {
  const { data } = foldersOf(open.home);
  const giveUp = Date.now() + 30_000;
  for (;;) {
    const running = await settle(data, open.log);
    const server = running ?? (await startServer(open, departure));
    open.young = undefined;
    if (open.port !== undefined && !server.address) {
      throw problem('database_without_port', { path: data });
    }
    if (open.port !== undefined) open.port = server.port;
    try {
      return await askVersion(open);
    } catch (error) {
      // One that is just stopping still has its socket; then it is waited for and started again.
      const { code } = error as { code?: string };
      const passing = ['57P03', '57P01', 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'];
      if (code === '28P01') throw passwordLost(open.home, error);
      if (!passing.includes(String(code)) || Date.now() > giveUp) throw error;
      await wait(50);
    }
  }
}

async function startServer(open: Open, departure: Departure) {
  const { home, log, options } = open;
  const user: ServerUser | undefined = await serverUser();
  checkReachable(user, home);
  const binaries = options.older?.binaries ?? installBinaries(home);
  if (!existsSync(foldersOf(home).data)) log('Making a database …');
  await makeCluster(home, binaries, user, departure.kill, options.older?.major);
  log('Starting the database …');
  const socket = makeSocketFolder(home, user);
  const onSpawn = (pid: number) => {
    open.young = pid;
  };
  const { settings } = options;
  const port = open.port;
  return startPostmaster({ home, binaries, socket, user, port, settings, log, onSpawn });
}

async function askVersion(open: Open): Promise<string> {
  const client = new pg.Client({ ...adminConfig(open), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version') as version");
    return rows[0].version;
  } finally {
    await client.end().catch(() => {});
  }
}

async function leaveAndStop(open: Open): Promise<void> {
  if (!open.id || leave(open.home, open.id) > 0) return;
  await stopPostmaster(foldersOf(open.home).data);
}

// Where the process ends without close(), it leaves just the same, but can't wait for the stop.
function leaveNow(open: Open): void {
  if (open.closed && !open.id) return;
  withLockNow(open.home, () => {
    const left = open.id ? leave(open.home, open.id) : readUsers(open.home).length;
    if (left > 0) return;
    if (open.young) signal(open.young, 'SIGINT');
    else stopNow(foldersOf(open.home).data);
  });
}

// The server may be killed (kill -9, out of memory); whoever uses it starts it again.
function watchServer(open: Open, departure: Departure) {
  const { data } = foldersOf(open.home);
  let server = findPostmaster(data)?.pid;
  let working: Promise<void> = Promise.resolve();
  let busy = false;
  let pause = WATCH_MS;
  let notBefore = 0;
  const restart = async () => {
    try {
      await withLock(open.home, async () => {
        if (open.closed) return;
        if (!findPostmaster(data)) open.log('The database was gone and is started again.');
        await ensureRunning(open, departure);
      });
      server = findPostmaster(data)?.pid;
      pause = WATCH_MS;
    } catch (error) {
      open.log(`The database could not be started again: ${(error as Error).message}`);
      pause = Math.min(pause * 2, 30_000);
      notBefore = Date.now() + pause;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => {
    if (busy || Date.now() < notBefore) return;
    if (server !== undefined && isAlive(server)) return;
    busy = true;
    working = restart();
  }, WATCH_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await working;
    },
  };

  function isAlive(pid: number): boolean {
    return findPostmaster(data)?.pid === pid;
  }
}
