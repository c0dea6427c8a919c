import { after } from 'node:test';
import pg from 'pg';
import { type Database, openPools } from '../database/connect.ts';
import type { Logins } from '../database/deploy/roles.ts';
import type { Embedded } from '../database/postgres/embedded.ts';
import {
  type Beginning,
  ensureTemplate,
  inPostgres,
  openTestCluster,
  templateName,
} from '../database/template.ts';

/** A database of one's own for this test file, made from a template that is deployed once. */
export interface TestDatabase extends Database {
  /** As the superuser, to set the scene and to look behind it. */
  admin: pg.Pool;
  logins: Logins;
  name: string;
  /** How to reach it as the superuser. */
  where: pg.ClientConfig;
}

let cluster: Promise<Embedded> | undefined;

// Registered here, for a hook that is set inside a story would run at that story's end.
const closers: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

/** Closes something that uses a test's database before that database is closed. */
export const closeAtEnd = (close: () => Promise<unknown>): void => void closers.push(close);

function testCluster(): Promise<Embedded> {
  if (!cluster) {
    cluster = openTestCluster();
    closers.push(async () => (await cluster)?.close());
  }
  return cluster;
}

/** Deployed and empty, or holding what these statements made; they run once for all stories. */
export async function testDatabase(beginning: Beginning = []): Promise<TestDatabase> {
  const embedded = await testCluster();
  const name = `test_${process.pid}_${Math.trunc(performance.now())}`;
  const logins = await ensureTemplate(embedded, templateName(), name, beginning);
  await inPostgres(embedded, async (admin) => {
    await admin.query(`revoke all on database ${name} from public`);
    for (const { user } of Object.values(logins)) {
      await admin.query(`grant connect on database ${name} to ${user}`);
    }
  });
  const where = embedded.admin(name);
  const admin = new pg.Pool({ ...where, max: 4 });
  admin.on('error', () => {});
  const db = await openPools({ pool: 10 }, where, logins, async () => {
    await admin.end();
    await inPostgres(embedded, (p) => p.query(`drop database if exists ${name} with (force)`));
  });
  closers.push(() => db.close());
  return { ...db, admin, logins, name, where };
}
