import '../sentences.ts';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { sourceFolders } from '../elsewhere.ts';
import { deploy } from './deploy/deploy.ts';
import type { Logins } from './deploy/roles.ts';
import { type Embedded, openEmbedded } from './postgres/embedded.ts';

/** Where what all stories share is kept from one run to the next. */
export function testHome(): string {
  const home = join(tmpdir(), `kontor-test-${process.getuid?.() ?? 0}`);
  // The database's own user must pass through; nobody else can list it.
  mkdirSync(home, { recursive: true, mode: 0o711 });
  return home;
}

/** Opens the PostgreSQL that all tests share; whoever leaves last stops it. */
export function openTestCluster(): Promise<Embedded> {
  const home = testHome();
  const settings = { fsync: 'off', synchronous_commit: 'off', max_connections: '200' };
  return openEmbedded(home, { settings });
}

/** What a database holds already when a story begins: statements with their values. */
export type Beginning = [text: string, values: unknown[]][];

/**
 * The logins of the template of that name, deployed now where it isn't there; `copy` is made while no
 * other checkout's stories can take the template away for theirs, and holds the beginning.
 */
export async function ensureTemplate(
  embedded: Embedded,
  name: string,
  copy?: string,
  beginning: Beginning = [],
): Promise<Logins> {
  return inPostgres(embedded, (admin) =>
    withTemplateLock(admin, async () => {
      const logins = await templateLogins(embedded, admin, name);
      if (!copy) return logins;
      const begun = beginning.length ? await begunTemplate(embedded, admin, name, beginning) : name;
      await admin.query(`create database ${copy} template ${begun}`);
      return logins;
    }),
  );
}

/** A template made from that one, in which these statements have run. */
async function begunTemplate(
  embedded: Embedded,
  admin: pg.Client,
  name: string,
  beginning: Beginning,
): Promise<string> {
  // By the day, for set-up may write dates of today, such as those of the business year.
  const today = new Date().toISOString().slice(0, 10);
  const hash = createHash('sha256').update(JSON.stringify([name, beginning, today]));
  const begun = `template_begun_${hash.digest('hex').slice(0, 16)}_k`;
  // A comment says that it is whole: a process may have ended while it was made.
  const { rows } = await admin.query(
    `select shobj_description(oid, 'pg_database') as state from pg_database where datname = $1`,
    [begun],
  );
  if (rows[0]?.state) return begun;
  await dropTemplates(admin, 'template\\_begun\\_%');
  await admin.query(`create database ${begun} template ${name}`);
  const client = new pg.Client(embedded.admin(begun));
  await client.connect();
  try {
    for (const [text, values] of beginning) await client.query(text, values);
  } finally {
    await client.end();
  }
  await admin.query(`comment on database ${begun} is 'whole'`);
  return begun;
}

async function templateLogins(embedded: Embedded, admin: pg.Client, name: string): Promise<Logins> {
  const { rows } = await admin.query(
    'select shobj_description(oid, $2) as kept from pg_database where datname = $1',
    [name, 'pg_database'],
  );
  if (rows[0]?.kept) return JSON.parse(rows[0].kept) as Logins;
  await dropTemplates(admin, 'template\\_%\\_%');
  await admin.query(`create database ${name}`);
  const logins = await deploy(embedded.admin(name));
  const text = pg.escapeLiteral(JSON.stringify(logins));
  await admin.query(`comment on database ${name} is ${text}`);
  return logins;
}

async function dropTemplates(admin: pg.Client, pattern: string): Promise<void> {
  const { rows } = await admin.query('select datname from pg_database where datname like $1', [
    pattern,
  ]);
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

export async function inPostgres<T>(
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

/** The template's name, by the content of what it is made of. */
export function templateName(): string {
  const hash = createHash('sha256');
  for (const folder of sourceFolders()) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    for (const file of files.filter(
      (f) =>
        /\.sql$|modules?\.ts$|currencies\.ts$|[a-z_]+\.ts$/.test(f) &&
        !f.includes('test') &&
        !f.startsWith('ui'),
    )) {
      const path = join(folder, file);
      if (existsSync(path)) hash.update(file).update(readFileSync(path));
    }
  }
  return `template_${hash.digest('hex').slice(0, 16)}_k`;
}
