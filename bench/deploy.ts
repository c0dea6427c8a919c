import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../kernel/database/postgres/embedded.ts';
import { temporaryFolder } from '../kernel/database/postgres/fixture.ts';
import { rollOver } from '../kernel/test/rolling.ts';
import type { Measured } from './ground.ts';

/** The next version is deployed while four tills sell and two people read. */
export async function deployUnderLoad(): Promise<Measured[]> {
  const folder = temporaryFolder('bench-deploy');
  const embedded = await openEmbedded(join(folder, 'database'), { port: 0 });
  try {
    const admin = new pg.Client(embedded.admin());
    await admin.connect();
    await admin.query('create database shop');
    await admin.end();
    const { user, password, port } = embedded.admin();
    const url = `postgres://${user}:${encodeURIComponent(String(password))}@127.0.0.1:${port}/shop`;
    const { longest_ms, longest_before_ms, failed, next } = await rollOver(url, folder, '0.99.0');
    await next.stop();
    return [
      {
        name: `deploy under load: longest pause (${failed.length} calls failed)`,
        unit: 'ms',
        value: longest_ms,
        peer: 'the longest call before it',
        peer_value: longest_before_ms,
        ratio: null,
        must: '< 10000, none failed',
        ok: longest_ms < 10_000 && failed.length === 0,
      },
    ];
  } finally {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
