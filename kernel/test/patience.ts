import { pbkdf2Sync } from 'node:crypto';

/** What the fixed work below takes on the machine that limits were set on, in milliseconds. */
const USUAL_MS = 270;

/** How many times slower this machine is than the one that limits were set on; at least 1. */
export function measureSlowness(): number {
  const took = [0, 1, 2].map(() => {
    const begun = performance.now();
    pbkdf2Sync('a fixed amount', 'of work', 2_000_000, 32, 'sha256');
    return performance.now() - begun;
  });
  // The quickest of three: what else runs at the start says nothing about the machine.
  return Math.max(1, Math.min(...took) / USUAL_MS);
}

/** A wait of a story, longer where the machine is slower; the runner measures it once for all files. */
export const patience = (ms: number): number => ms * Number(process.env.KONTOR_TEST_SLOWNESS ?? 1);
