import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { problem } from '../../problem.ts';
import { sleep, startOf } from './processes.ts';
import './sentences.ts';

/** A process that uses the database server; one process may do so several times. */
export type User = { id: string; pid: number; started: string; since: string };

const WAIT_MS = 120_000;
const held = new Set<string>();

/**
 * Runs `work` while no other process (and nothing else in this one) starts or stops the server of
 * this home. The lock is SQLite's, for Node has no other that the system takes back from a process
 * that was killed. Throws home_busy after two minutes.
 */
export async function withLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(join(home, 'run', 'lock'), { timeout: 0 });
  try {
    for (const start = Date.now(); !take(lock); await sleep(25)) {
      if (Date.now() - start > WAIT_MS) throw problem('home_busy', { path: home });
    }
    held.add(home);
    return await work();
  } finally {
    held.delete(home);
    lock.close();
  }
}

/** The same for a process that is about to end and can't wait; gives up after two seconds. */
export function withLockNow(home: string, work: () => void): void {
  if (held.has(home)) {
    work();
    return;
  }
  const lock = new DatabaseSync(join(home, 'run', 'lock'), { timeout: 2000 });
  try {
    if (take(lock)) work();
  } finally {
    lock.close();
  }
}

/** Those users that are still alive. */
export function readUsers(home: string): User[] {
  let users: User[];
  try {
    users = JSON.parse(readFileSync(usersFile(home), 'utf8'));
  } catch {
    return [];
  }
  return users.filter((user) => startOf(user.pid) === user.started);
}

/** Call it under the lock. Returns what leave() takes. */
export function enter(home: string): string {
  const id = randomUUID();
  const started = startOf(process.pid) ?? '';
  const me = { id, pid: process.pid, started, since: new Date().toISOString() };
  writeUsers(home, [...readUsers(home), me]);
  return id;
}

/** Call it under the lock. Returns how many users are left. */
export function leave(home: string, id: string): number {
  const left = readUsers(home).filter((user) => user.id !== id);
  writeUsers(home, left);
  return left.length;
}

function writeUsers(home: string, users: User[]): void {
  const draft = `${usersFile(home)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, usersFile(home));
}

function usersFile(home: string): string {
  return join(home, 'run', 'users.json');
}

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const SQLITE_BUSY = 5;
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
