import { fork } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { findSecret, openHome, secret } from '../home.ts';
import { type Params, problem } from '../problem.ts';
import type { Settings } from '../settings.ts';
import type { Door, Logins } from './deploy/roles.ts';
import { type Embedded, openEmbedded } from './embedded/embedded.ts';

/** The database as server processes see it: a pool for each door. */
export interface Database {
  app: pg.Pool;
  read: pg.Pool;
  door: pg.Pool;
  /** For one's own connections (listening, streaming), as the application role. */
  config: pg.ClientConfig;
  /** The columns that hold exact numbers: answers give them as text. */
  exact: Set<string>;
  close(): Promise<void>;
}

const NAME = 'kontor';

/**
 * Opens the database of these settings, embedded or at DATABASE_URL, brought to this program's
 * schema and logic. Throws the Problems of the embedded server and of deploy, database_unreachable.
 */
export async function openDatabase(
  given: Settings,
  log: (line: string) => void = () => {},
): Promise<Database> {
  openHome(given.home);
  if (given.databaseUrl) {
    return await openWith(given, { connectionString: given.databaseUrl }, async () => {});
  }
  const embedded = await openEmbedded(given.home, { log });
  try {
    await makeDatabase(embedded);
    return await openWith(given, embedded.admin(NAME), () => embedded.close());
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

async function openWith(
  given: Settings,
  admin: pg.ClientConfig,
  leave: () => Promise<void>,
): Promise<Database> {
  const logins = await deployInChild(given, admin);
  return openPools(given, admin, logins, leave);
}

/** The pools of a database that is deployed already. */
export async function openPools(
  given: Pick<Settings, 'pool'>,
  where: pg.ClientConfig,
  logins: Logins,
  leave: () => Promise<void>,
): Promise<Database> {
  const pool = (door: Door, max: number) => makePool(loginAt(where, logins[door]), max);
  const pools = { app: pool('app', given.pool), read: pool('read', 3), door: pool('door', 2) };
  const { rows } = await pools.app.query(
    `select distinct attname from pg_attribute a join pg_class c on c.oid = attrelid
       join pg_type t on t.oid = atttypid join kernel.module m on m.name = relnamespace::regnamespace::text
      where 1700 in (t.oid, t.typbasetype) and attnum > 0 and not attisdropped`,
  );
  return {
    ...pools,
    config: loginAt(where, logins.app),
    exact: new Set(rows.map((r) => r.attname as string)),
    async close() {
      await Promise.all(Object.values(pools).map((p) => p.end()));
      await leave();
    },
  };
}

/** How a role comes in where another does. */
function loginAt(
  where: pg.ClientConfig,
  login: { user: string; password: string },
): pg.ClientConfig {
  const { connectionString, ...rest } = where;
  if (!connectionString) return { ...rest, ...login };
  const url = new URL(connectionString);
  url.username = login.user;
  url.password = login.password;
  return { connectionString: url.href };
}

// Dates stay days and exact numbers stay text: nothing passes through a float or a time zone.
const asText = (text: string) => text;
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.DATE, asText],
  [pg.types.builtins.INT8, asText],
  [pg.types.builtins.NUMERIC, asText],
  [pg.types.builtins.JSONB, asText],
]);
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

export function makePool(config: pg.ClientConfig, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    types,
    max,
    connectionTimeoutMillis: 10_000,
    application_name: 'kontor',
    pipeline: true,
  } as pg.PoolConfig);
  // A server that goes away ends idle connections; the pool makes new ones when it is back.
  pool.on('error', () => {});
  return pool;
}

async function makeDatabase(embedded: Embedded): Promise<void> {
  const admin = new pg.Client(embedded.admin());
  await admin.connect();
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [NAME]);
    if (!rowCount) await admin.query(`create database ${NAME}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '')))
      throw error;
  } finally {
    await admin.end();
  }
}

/** Deploy holds rights that no server process should: it runs in a process of its own. */
async function deployInChild(given: Settings, admin: pg.ClientConfig): Promise<Logins> {
  const place = given.databaseUrl ? 'logins-foreign' : 'logins';
  const kept = findSecret(given.home, place);
  const child = fork(join(import.meta.dirname, 'deploy', 'main.ts'), { stdio: 'inherit' });
  const said = await new Promise<Said>((resolve) => {
    child.on('message', (message) => resolve(message as Said));
    child.on('exit', (code) =>
      resolve({ code: 'database_unreachable', params: {}, message: `${code}` }),
    );
    child.send({ admin, kept: kept ? JSON.parse(kept) : undefined });
  });
  if (!said.logins) throw problem(said.code ?? 'internal', said.params, new Error(said.message));
  const text = JSON.stringify(said.logins);
  if (text !== kept) secret(given.home, place, () => text);
  return said.logins;
}

/** What the deploying process answers. */
export interface Said {
  logins?: Logins;
  code?: string;
  params?: Params;
  message?: string;
}
