import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../modules.ts';

/** A call as it was recorded: what was asked and what was answered. */
export interface RecordedCall {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  status: number;
  answer?: unknown;
}

export const RECORDED = join(root, 'test', 'recorded');

/** An input for each operation: the first that was recorded and not refused. */
export function recordedBodies(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (!existsSync(RECORDED)) return found;
  for (const file of globSync(join(RECORDED, '[0-9]*.json')).sort().reverse()) {
    for (const call of JSON.parse(readFileSync(file, 'utf8')).calls as RecordedCall[]) {
      const name = call.path.replace(/^\//, '').replaceAll('/', '.');
      if (call.method === 'POST' && call.status < 300 && !found.has(name)) {
        found.set(name, call.body);
      }
    }
  }
  return found;
}
