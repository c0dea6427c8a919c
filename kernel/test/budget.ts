import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../modules.ts';

/** File or check → milliseconds. */
export type Times = Record<string, number>;

const kept = join(root, 'node_modules', '.cache', 'kontor-test-times.json');

/** What a whole run may take with the modules of today, and with each further one. */
const WHOLE_MS = 8 * 60_000;
const MODULES = 6;
const FURTHER_MS = 30_000;
/** What the stories of one module may take together. */
const MODULE_MS = 20_000;

/** Files by what they took the last time; a file that is new goes first. */
export function longestFirst(files: string[]): string[] {
  const known = readTimes();
  const took = (file: string) => known[file] ?? Number.POSITIVE_INFINITY;
  return files.toSorted((a, b) => (took(b) === took(a) ? 0 : took(b) - took(a)));
}

function readTimes(): Times {
  try {
    return JSON.parse(readFileSync(kept, 'utf8')) as Times;
  } catch {
    return {};
  }
}

export function writeTimes(times: Times): void {
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify({ ...readTimes(), ...times }));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(7)} s`;

/** The ten dearest files, and what each part of the project takes. */
export function printTimes(times: Times, whole_ms: number): void {
  const dearest = Object.entries(times).toSorted(([, a], [, b]) => b - a);
  console.log('# dearest');
  for (const [name, ms] of dearest.slice(0, 10)) console.log(`# ${seconds(ms)}  ${name}`);
  console.log('# parts, which run side by side');
  const parts = Object.entries(partsOf(times)).toSorted(([, a], [, b]) => b - a);
  for (const [name, ms] of parts) console.log(`# ${seconds(ms)}  ${name}`);
  console.log(`# ${seconds(whole_ms)}  in all`);
}

function partsOf(times: Times): Times {
  const parts: Times = {};
  for (const [name, ms] of Object.entries(times)) {
    const [top = '', second] = name.split('/');
    const part = ['modules', 'apps'].includes(top) ? `${top}/${second}` : top;
    parts[part] = (parts[part] ?? 0) + ms;
  }
  return parts;
}

/** Whether the run took clearly more than it may; says of each part that did. */
export function overBudget(times: Times, whole_ms: number, slowness: number): boolean {
  const modules = Object.entries(partsOf(times)).filter(([name]) => name.startsWith('modules/'));
  const further = Math.max(0, modules.length - MODULES);
  const limits: [string, number, number][] = [
    ['The whole run', whole_ms, WHOLE_MS + further * FURTHER_MS],
    ...modules.map(([name, ms]): [string, number, number] => [name, ms, MODULE_MS]),
  ];
  for (const [name, ms, limit] of limits) {
    if (ms > limit * slowness)
      console.log(`# OVER BUDGET: ${name} took ${seconds(ms)} of ${seconds(limit * slowness)}`);
  }
  // A machine that is busy with other things is no reason to fail; twice as much is one.
  return limits.some(([, ms, limit]) => ms > limit * slowness * 2);
}
