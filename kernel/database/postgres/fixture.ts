import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Embedded } from './embedded.ts';

/** A folder for one test file, which the database's own user may pass through. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kontor-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** The rows of one statement, on a connection of its own. */
export async function query(on: Pick<Embedded, 'admin'>, sql: string, database?: string) {
  const client = new pg.Client(on.admin(database));
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end().catch(() => {});
  }
}

/** Waits until a condition holds; fails after half a minute. */
export async function until(condition: () => boolean): Promise<void> {
  for (const start = Date.now(); !condition(); ) {
    if (Date.now() - start > 30_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
