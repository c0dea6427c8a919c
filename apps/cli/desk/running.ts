import {
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { commandOf, startOf } from '../../../kernel/database/postgres/processes.ts';

/** A server process of a home, as it said of itself when it started. */
export interface RunningServer {
  pid: number;
  /** What tells the process from a later one with the same number. */
  started: string;
  url: string;
  since: string;
}

const fileIn = (home: string) => join(home, 'run', 'server.json');

/** The server that runs on this home; undefined where none does. */
export function runningServer(home: string): RunningServer | undefined {
  try {
    const said = JSON.parse(readFileSync(fileIn(home), 'utf8')) as RunningServer;
    return startOf(said.pid) === said.started ? said : undefined;
  } catch {
    return undefined;
  }
}

export function sayRunning(home: string, url: string): void {
  const me: RunningServer = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    url,
    since: new Date().toISOString(),
  };
  const draft = `${fileIn(home)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(me, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(home));
}

export function sayStopped(home: string): void {
  if (runningServer(home)?.pid === process.pid) rmSync(fileIn(home), { force: true });
}

/** Which process listens at a port, where this system lets one see it. */
export function listenerAt(port: number): { pid: number; command: string } | undefined {
  try {
    const sockets = new Set([...inodes('tcp', port), ...inodes('tcp6', port)]);
    if (sockets.size === 0) return undefined;
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, sockets));
    return pid ? { pid: Number(pid), command: commandOf(Number(pid))?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

const LISTENING = '0A';

function inodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/net/${table}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((f) => f[3] === LISTENING && f[1]?.endsWith(`:${wanted}`))
    .map((f) => `socket:[${f[9]}]`);
}

function holds(pid: string, sockets: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    // Another user's process doesn't show what it holds.
    return false;
  }
}
