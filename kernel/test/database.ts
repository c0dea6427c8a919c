import '../sentences.ts';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { type Database, openPools } from '../database/connect.ts';
import { deploy } from '../database/deploy/deploy.ts';
import type { Logins } from '../database/deploy/roles.ts';
import { type Embedded, openEmbedded } from '../database/embedded/embedded.ts';
import { root } from '../modules.ts';

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

/** The PostgreSQL that all test files share; whoever leaves last stops it. */
export function testCluster(): Promise<Embedded> {
  if (!cluster) {
    const home = join(tmpdir(), `kontor-test-${process.getuid?.() ?? 0}`);
    // The database's own user must pass through; nobody else can list it.
    mkdirSync(home, { recursive: true, mode: 0o711 });
    const settings = { fsync: 'off', synchronous_commit: 'off', max_connections: '200' };
    cluster = openEmbedded(home, { settings });
    closers.push(async () => (await cluster)?.close());
  }
  return cluster;
}

export async function testDatabase(): Promise<TestDatabase> {
  const embedded = await testCluster();
  const template = `template_${sourceHash()}`;
  const logins = await ensureTemplate(embedded, template);
  const name = `test_${process.pid}_${Math.trunc(performance.now())}`;
  await inPostgres(embedded, async (admin) => {
    await withTemplateLock(admin, () =>
      admin.query(`create database ${name} template ${template}`),
    );
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

async function ensureTemplate(embedded: Embedded, name: string): Promise<Logins> {
  return inPostgres(embedded, (admin) =>
    withTemplateLock(admin, async () => {
      const { rows } = await admin.query(
        'select shobj_description(oid, $2) as kept from pg_database where datname = $1',
        [name, 'pg_database'],
      );
      if (rows[0]?.kept) return JSON.parse(rows[0].kept) as Logins;
      await dropOldTemplates(admin);
      await admin.query(`create database ${name}`);
      const logins = await deploy(embedded.admin(name));
      const said = pg.escapeLiteral(JSON.stringify(logins));
      await admin.query(`comment on database ${name} is ${said}`);
      return logins;
    }),
  );
}

async function dropOldTemplates(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query(
    `select datname from pg_database where datname like 'template\\_%\\_%'`,
  );
  for (const { datname } of rows)
    await admin.query(`drop database if exists ${datname} with (force)`);
}

async function withTemplateLock<T>(admin: pg.Client, work: () => Promise<T>): Promise<T> {
  await admin.query('select pg_advisory_lock(777)');
  try {
    return await work();
  } finally {
    await admin.query('select pg_advisory_unlock(777)');
  }
}

async function inPostgres<T>(
  embedded: Embedded,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client(embedded.admin());
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** What the template is made of: every SQL file and every module.ts. */
function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['kernel', 'modules']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
    for (const file of files.filter(
      (f) =>
        /\.sql$|modules?\.ts$|currencies\.ts$|[a-z_]+\.ts$/.test(f) &&
        !f.includes('test') &&
        !f.startsWith('ui'),
    )) {
      const path = join(root, folder, file);
      if (existsSync(path)) hash.update(file).update(readFileSync(path));
    }
  }
  return `${hash.digest('hex').slice(0, 16)}_k`;
}
