import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** A sign-in that “kontor login” keeps for the commands after it. */
export interface SavedSession {
  url: string;
  username: string;
  token: string;
}

export const sessionFile = () =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'kontor', 'session.json');

export function savedSession(): SavedSession | undefined {
  try {
    return JSON.parse(readFileSync(sessionFile(), 'utf8')) as SavedSession;
  } catch {
    return undefined;
  }
}

/** Keeps the token where only its owner reads it. */
export function saveSession(session: SavedSession): void {
  mkdirSync(dirname(sessionFile()), { recursive: true, mode: 0o700 });
  // A file that is there keeps its mode when written, so it goes first.
  rmSync(sessionFile(), { force: true });
  writeFileSync(sessionFile(), `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
}

export function forgetSession(): void {
  rmSync(sessionFile(), { force: true });
}
