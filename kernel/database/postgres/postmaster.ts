import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../free_port.ts';
import { checkFreeDisk } from '../../home.ts';
import { problem } from '../../problem.ts';
import type { ServerUser } from './binaries.ts';
import { as, foldersOf } from './cluster.ts';
import { commandOf, signal, sleep } from './processes.ts';
import './sentences.ts';

/** What `postmaster.pid` says of a server. */
export type Postmaster = {
  pid: number;
  port: number;
  socket: string;
  /** The address that it listens on, '' where it has none. */
  address: string;
  state: 'starting' | 'stopping' | 'ready' | 'standby';
};

export type Start = {
  home: string;
  binaries: string;
  socket: string;
  user: ServerUser | undefined;
  /** A TCP port on 127.0.0.1; 0 takes any that is free; undefined opens none. */
  port?: number | undefined;
  settings?: Record<string, string> | undefined;
  log: (line: string) => void;
  onSpawn: (pid: number) => void;
};

const RETRY_MS = 30_000;
const STOP_MS = 60_000;

/** The server of this data folder, undefined where none runs. */
export function findPostmaster(data: string): Postmaster | undefined {
  const said = readPidFile(data);
  if (!said) return undefined;
  const command = commandOf(said.pid);
  if (command === undefined) return undefined;
  // The number may by now belong to something else; an empty command can't be looked at.
  return command === '' || command.includes(data) ? said : undefined;
}

/**
 * Starts the server and waits until it takes connections; recovery takes the time that it takes.
 * Call it under the lock. Throws little_disk_left, database_did_not_start.
 */
export async function startPostmaster(start: Start): Promise<Postmaster> {
  checkFreeDisk(start.home);
  const { data } = foldersOf(start.home);
  const giveUp = Date.now() + RETRY_MS;
  for (;;) {
    disownPidFile(data);
    const outcome = await spawnAndWait(start, data);
    if (typeof outcome !== 'string') return outcome;
    // The parts of a server that was killed need a moment to see it, and hold its memory till then.
    const lingering = /pre-existing shared memory|still in use|being used/.test(outcome);
    if (!lingering || Date.now() > giveUp) {
      throw problem('database_did_not_start', { path: data, said: outcome });
    }
    await sleep(100);
  }
}

/** Waits for one that is starting or stopping: the server once ready, undefined once gone. */
export async function settle(
  data: string,
  log: (line: string) => void,
): Promise<Postmaster | undefined> {
  for (let waited = 0; ; waited += 20) {
    const found = findPostmaster(data);
    if (!found || found.state === 'ready') return found;
    if (waited > 0 && waited % 10_000 === 0) log(`The database is still ${found.state} …`);
    await sleep(20);
  }
}

/** Ends the sessions, writes all to disk, stops; waits for it. */
export async function stopPostmaster(data: string): Promise<void> {
  const found = findPostmaster(data);
  if (!found) return;
  stopNow(data);
  for (const start = Date.now(); findPostmaster(data)?.pid === found.pid; await sleep(20)) {
    if (Date.now() - start < STOP_MS) continue;
    // Stopped at once, it recovers at its next start; nothing that was committed is lost.
    signal(found.pid, 'SIGQUIT');
    await sleep(1000);
  }
}

/** Asks the server to stop, without waiting. */
export function stopNow(data: string): void {
  const found = findPostmaster(data);
  if (!found) return;
  if (process.platform !== 'win32') signal(found.pid, 'SIGINT');
  else {
    // Windows has no signals; PostgreSQL's own tool knows another way.
    const home = join(data, '..', '..', 'postgresql');
    const version = readdirSync(home).find((name) => !name.startsWith('making-'));
    const tool = join(home, version ?? '', 'bin', 'pg_ctl');
    execFileSync(tool, ['stop', '-D', data, '-m', 'fast', '-W'], { stdio: 'ignore' });
  }
}

function readPidFile(data: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid = '', , , port = '', socket = '', address = '', , state = ''] = lines;
  return {
    pid: Number(pid),
    port: Number(port),
    socket,
    address,
    state: (state.trim() || 'starting') as Postmaster['state'],
  };
}

// After kill -9 or a power cut the number in the file may by now belong to something else, and
// PostgreSQL would refuse to start. The file itself stays: by it PostgreSQL sees whether parts of
// the old server are still at work. It takes its parent's number for its own.
function disownPidFile(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!readPidFile(data)) return;
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [process.pid, ...rest].join('\n'));
}

async function spawnAndWait(start: Start, data: string): Promise<Postmaster | string> {
  const logFile = join(start.home, 'run', 'postgres.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(join(start.binaries, 'bin', 'postgres'), await argumentsOf(start, data), {
    ...as(start.user),
    cwd: data,
    // In a group of its own: Ctrl-C at the terminal is for the app, which stops the server last.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = String(error);
  });
  child.on('exit', (code, by) => {
    failure ??= `it ended (${by ?? `exit code ${code}`})`;
  });
  if (child.pid) start.onSpawn(child.pid);
  for (let waited = 0; failure === undefined; waited += 10) {
    const said = readPidFile(data);
    if (said && said.pid === child.pid && said.state === 'ready') return said;
    if (waited > 0 && waited % 10_000 === 0) start.log('The database is still recovering …');
    await sleep(10);
  }
  return `${lastWords(logFile, data)}\n${failure}`.trim();
}

async function argumentsOf(start: Start, data: string): Promise<string[]> {
  const port = start.port === 0 ? await freePort() : start.port;
  const settings: Record<string, string> = {
    listen_addresses: port === undefined ? '' : '127.0.0.1',
    port: String(port ?? 5432),
    unix_socket_directories: `"${start.socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    fsync: 'on',
    full_page_writes: 'on',
    // Statements carry tokens as parameters, and those stay out of the log.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...start.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, ...flags];
}

// Until its collector stands the server writes to our file, afterwards to its own.
function lastWords(logFile: string, data: string): string {
  const files = [logFile];
  try {
    for (const name of readdirSync(join(data, 'log'))) {
      const file = join(data, 'log', name);
      if (Date.now() - statSync(file).mtimeMs < 10_000) files.push(file);
    }
  } catch {
    // There is no folder of logs before the first start.
  }
  const texts = files.map((file) => readFileSync(file, 'utf8').trim().split('\n').slice(-8));
  return texts.flat().filter(Boolean).join('\n');
}
