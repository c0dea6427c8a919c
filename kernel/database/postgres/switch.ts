import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersOf, syncFolder } from './cluster.ts';
import { stopPostmaster } from './postmaster.ts';
import { sleep, startOf } from './processes.ts';

// A database is exchanged for another by two renames, and a crash may come between them: what is
// meant is written down first, and whoever comes next ends it.

interface Meant {
  /** Which folder becomes the data folder; both are named from the home on. */
  incoming: string;
  /** What the data folder is called from then on. */
  kept: string;
}

/** Where a database is made that shall take this one’s place. */
export const STAGE = '.upgrading';

/** Ten seconds, after which what stands in the way is said. */
const MOST_TRIES = 200;

const meantFile = (home: string) => join(foldersOf(home).database, 'switching.json');
const ownerFile = (home: string) => join(home, STAGE, 'owner.json');

/** Puts one data folder in the place of the other; no server may run. Call it under the lock. */
export function switchData(home: string, meant: Meant): void {
  const file = meantFile(home);
  writeFileSync(`${file}.new`, JSON.stringify(meant), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  syncFolder(dirname(file));
  finishSwitch(home);
}

/** Whether a switch was begun and not ended. */
export const isSwitching = (home: string): boolean => existsSync(meantFile(home));

/** Ends a switch that was begun. Call it under the lock, before looking at the data folder. */
export function finishSwitch(home: string): void {
  if (!isSwitching(home)) return;
  const { database, data } = foldersOf(home);
  const { incoming, kept } = JSON.parse(readFileSync(meantFile(home), 'utf8')) as Meant;
  if (existsSync(join(home, incoming))) {
    if (existsSync(data)) renameSync(data, join(home, kept));
    renameSync(join(home, incoming), data);
    syncFolder(database);
  }
  rmSync(meantFile(home));
}

/** Makes the folder in which the next database is made, and says whose work it is. */
export function makeStage(home: string): string {
  mkdirSync(join(home, STAGE), { recursive: true, mode: 0o711 });
  const me = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(ownerFile(home), JSON.stringify(me));
  return join(home, STAGE);
}

/** Removes what a process that was killed left of its work. Call it under the lock. */
export async function clearStage(home: string): Promise<void> {
  if (!existsSync(join(home, STAGE)) || isSwitching(home)) return;
  try {
    const { pid, started } = JSON.parse(readFileSync(ownerFile(home), 'utf8'));
    if (startOf(pid) === started) return;
  } catch {
    // It was killed before it could say whose the folder is.
  }
  await removeStage(home);
}

export async function removeStage(home: string): Promise<void> {
  await stopPostmaster(foldersOf(join(home, STAGE)).data);
  // What the killed one had started, such as initdb, may still be writing its last.
  for (let tries = 0; existsSync(join(home, STAGE)); tries++) {
    if (tries > 0) await sleep(50);
    const force = tries < MOST_TRIES;
    rmSync(join(home, STAGE), { recursive: true, force });
  }
}
