import { readFileSync } from 'node:fs';

/** The version of this Kontor, as package.json says it. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;

/** Negative where `one` came before `other`, 0 where they are the same: 0.9.1 before 0.10.0. */
export function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
