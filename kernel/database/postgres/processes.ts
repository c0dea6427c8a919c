import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same number: the moment of its start. Undefined
 * where it is gone (or dead and only not yet buried).
 */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startOnLinux(pid);
  if (process.platform === 'win32') return exists(pid) ? 'running' : undefined;
  return ps(pid, 'lstart=');
}

/** The command line of a process; undefined where it is gone, empty where it can't be seen. */
export function commandOf(pid: number): string | undefined {
  if (process.platform === 'win32') return exists(pid) ? '' : undefined;
  if (process.platform !== 'linux') return ps(pid, 'command=');
  if (startOnLinux(pid) === undefined) return undefined;
  return readOrNothing(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
}

/** Sends a signal; false where the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

let boot: string | undefined;

function startOnLinux(pid: number): string | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (!stat) return undefined;
  // The name, in parentheses, may hold spaces; after it come the state and, 19 on, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  boot ??= readOrNothing('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}/${fields[19]}`;
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const said = execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
    return said.trim() || undefined;
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
