import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { signal } from './processes.ts';

/** What to leave tidy should this process end without having closed. */
export type Departure = {
  /** A child that must not outlive this process, and the folder that it is making. */
  kill(child: ChildProcess, draft: string): void;
  /** Call it when closed in good order. */
  cancel(): void;
};

const leaving = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `leave` when the process ends: by exit, by an error that nobody caught, or by a signal for
 * which the app has no handler of its own. (An app with a handler closes by itself.) After kill -9
 * nothing is called; then the next start adopts the server.
 */
export function atExit(leave: () => void): Departure {
  const children = new Map<ChildProcess, string>();
  const go = () => {
    try {
      for (const [child, draft] of children) {
        if (child.pid && process.platform !== 'win32') signal(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
        rmSync(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
      }
      leave();
    } catch {
      // The process is ending, and the next start sets right what is left.
    }
  };
  if (leaving.size === 0) listen();
  leaving.add(go);
  return {
    kill(child, draft) {
      children.set(child, draft);
      child.once('close', () => children.delete(child));
    },
    cancel() {
      leaving.delete(go);
      if (leaving.size === 0) stopListening();
    },
  };
}

function leaveAll(): void {
  for (const go of leaving) go();
  leaving.clear();
}

const onSignal = (name: NodeJS.Signals) => {
  if (process.listenerCount(name) > 1) return;
  leaveAll();
  stopListening();
  signal(process.pid, name);
};

function listen(): void {
  process.on('exit', leaveAll);
  for (const name of SIGNALS) process.on(name, onSignal);
}

function stopListening(): void {
  process.removeListener('exit', leaveAll);
  for (const name of SIGNALS) process.removeListener(name, onSignal);
}
