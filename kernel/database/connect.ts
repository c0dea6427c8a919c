import { fork } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { findSecret, openHome, secret } from '../home.ts';
import { type Params, problem } from '../problem.ts';
import type { Settings } from '../settings.ts';
import type { Door, Logins } from './deploy/roles.ts';
import { isPooled, Unnamed } from './pooler.ts';
import { type Embedded, openEmbedded } from './postgres/embedded.ts';
import { asProblem } from './refusal.ts';
import { type Reading, readPrimary, readReplica } from './replica.ts';
import { readRules } from './rule.ts';

/** The database as server processes see it: a pool for each door. */
export interface Database {
  app: pg.Pool;
  /** For reports: the replica where there is one and it is well. */
  read: Reading;
  door: pg.Pool;
  /** For one's own connections (streaming), as the application role. */
  config: pg.ClientConfig;
  /** The same past any pooler: for LISTEN and for locks of a whole connection. */
  direct: pg.ClientConfig;
  /** The columns that hold exact numbers: answers give them as text. */
  exact: Set<string>;
  close(): Promise<void>;
}

const NAME = 'kontor';

/** How long one waits for a connection, also in the queue of a pool that is all in use. */
const CONNECT_MS = 10_000;
/** A replica that doesn't answer is not waited for: the primary does. */
const REPLICA_MS = 2000;

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
    const logins = await deployInChild(given, adminAt(given, given.databaseUrl));
    const where = { connectionString: given.databaseUrl };
    return await openPools(given, where, logins, async () => {});
  }
  const embedded = await openEmbedded(given.home, { log });
  try {
    await makeDatabase(embedded);
    const admin = embedded.admin(NAME);
    const logins = await deployInChild(given, admin);
    return await openPools(given, admin, logins, () => embedded.close());
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

/** How who may do everything comes in: past any pooler, for deploy locks a whole connection. */
export function adminAt(given: Settings, databaseUrl: string): pg.ClientConfig {
  return { connectionString: given.databaseDirectUrl ?? databaseUrl };
}

type PoolSettings = Pick<Settings, 'pool' | 'databaseReadUrl' | 'databaseDirectUrl'>;

/** The pools of a database that is deployed already. Throws database_unreachable. */
export async function openPools(
  given: PoolSettings,
  where: pg.ClientConfig,
  logins: Logins,
  leave: () => Promise<void>,
): Promise<Database> {
  const config = loginAt(where, logins.app);
  // Ours is never behind a pooler; at an address given to us one can be.
  const pooled = Boolean(where.connectionString) && (await reached(isPooled(config)));
  const pool = (door: Door, max: number, at = where, timeoutMs = CONNECT_MS) => {
    const connection = { ...loginAt(at, logins[door]), connectionTimeoutMillis: timeoutMs };
    return makePool(connection, max, pooled ? Unnamed : pg.Client);
  };
  const app = pool('app', given.pool);
  const door = pool('door', 2);
  const { databaseReadUrl, databaseDirectUrl } = given;
  const read = databaseReadUrl
    ? readReplica(pool('read', 3), pool('read', 3, replicaAt(databaseReadUrl), REPLICA_MS))
    : readPrimary(pool('read', 3));
  const direct = databaseDirectUrl
    ? loginAt({ connectionString: databaseDirectUrl }, logins.app)
    : config;
  const [columns] = await Promise.all([exactColumns(app), readRules(app)]);
  const exact = new Set(columns);
  return {
    ...{ app, read, door, config, direct, exact },
    async close() {
      await Promise.all([app.end(), read.end(), door.end()]);
      await leave();
    },
  };
}

const replicaAt = (connectionString: string): pg.ClientConfig => ({ connectionString });

async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asProblem(error);
  }
}

async function exactColumns(app: pg.Pool): Promise<string[]> {
  const { rows } = await app.query(
    `select distinct attname from pg_attribute a join pg_class c on c.oid = attrelid
       join pg_type t on t.oid = atttypid join kernel.module m on m.name = relnamespace::regnamespace::text
      where 1700 in (t.oid, t.typbasetype) and attnum > 0 and not attisdropped`,
  );
  return rows.map((r) => r.attname as string);
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

function makePool(config: pg.ClientConfig, max: number, Client: typeof pg.Client): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    Client,
    types,
    max,
    application_name: 'kontor',
    pipeline: true,
  } as pg.PoolConfig);
  // A server that goes away ends idle connections; the pool makes new ones when it is back.
  pool.on('error', () => {});
  // One that is lent out has no listener of the pool: its queries say what happened, and an error
  // that nobody listens to would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
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
