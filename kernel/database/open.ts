import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import '../sentences.ts';
import { sourceFolders } from '../elsewhere.ts';
import { findSecret, openHome } from '../home.ts';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';
import { adminAt, type Database, openDatabase, openPools } from './connect.ts';
import type { Logins } from './deploy/roles.ts';
import { embeddedStatus, openEmbedded } from './postgres/embedded.ts';

/** The database's name in the embedded server. */
export const NAME = 'kontor';

/**
 * Opens the database as openDatabase does, but asks deploy only where the program's files or the
 * database changed since it last ran here: commands and servers then start in half the time.
 */
export async function open(given: Settings, log?: (line: string) => void): Promise<Database> {
  openHome(given.home);
  // Before deploy reads them: what is edited meanwhile is deployed at the next start.
  const files = filesNow();
  const admin = await openAdmin(given, log);
  try {
    const quick = await openDeployed(given, admin, files);
    if (quick) return quick;
    const db = await openDatabase(given, log);
    await keepStamp(given, admin.config, files);
    await admin.close();
    return db;
  } catch (error) {
    await admin.close();
    throw error;
  }
}

/** A connection's settings as the one who may do everything: for checks, and to look at deploy. */
export interface Admin {
  config: pg.ClientConfig;
  close(): Promise<void>;
}

/** Whether this home, or DATABASE_URL, holds a database to work on. */
export function hasDatabase(given: Settings): boolean {
  return Boolean(given.databaseUrl) || embeddedStatus(given.home).initialised;
}

export async function openAdmin(given: Settings, log?: (line: string) => void): Promise<Admin> {
  if (given.databaseUrl) {
    return { config: adminAt(given, given.databaseUrl), async close() {} };
  }
  const embedded = await openEmbedded(given.home, log ? { log } : {});
  return { config: embedded.admin(NAME), close: () => embedded.close() };
}

async function openDeployed(
  given: Settings,
  admin: Admin,
  files: string,
): Promise<Database | undefined> {
  const kept = findSecret(given.home, given.databaseUrl ? 'logins-foreign' : 'logins');
  const stamp = readStamp(given);
  if (!kept || !stamp || stamp.files !== files) return undefined;
  if ((await deployed(admin.config)) !== stamp.deployed) return undefined;
  try {
    return await openPools(given, whereOf(given, admin), JSON.parse(kept) as Logins, admin.close);
  } catch {
    // The logins may be gone, as after a restore into another cluster: deploy says what is wrong.
    return undefined;
  }
}

// Where people's doors are: at the pooler, if there is one.
function whereOf(given: Settings, admin: Admin): pg.ClientConfig {
  return given.databaseUrl ? { connectionString: given.databaseUrl } : admin.config;
}

async function keepStamp(given: Settings, admin: pg.ClientConfig, files: string): Promise<void> {
  const stamp = { files, deployed: await deployed(admin) };
  const draft = `${stampFile(given)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(stamp), { mode: 0o600 });
  renameSync(draft, stampFile(given));
}

interface Stamp {
  files: string;
  deployed?: string;
}

function readStamp(given: Settings): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampFile(given), 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

// One for each database that this home has been used with.
function stampFile({ home, databaseUrl }: Settings): string {
  const which = databaseUrl ? hash(databaseUrl).slice(0, 12) : 'embedded';
  return join(home, 'run', `deployed-${which}.json`);
}

async function deployed(config: pg.ClientConfig): Promise<string | undefined> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      `select value #>> '{}' as value from kernel.setting where name = 'deployed'`,
    );
    return rows[0]?.value;
  } catch {
    // No such database or table yet; deploy makes it, or says what is wrong.
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

/** What tells a changed program: its version; name, size and time of every file that deploy reads. */
function filesNow(): string {
  const facts: string[] = [version];
  for (const folder of sourceFolders()) {
    for (const file of readdirSync(folder, { recursive: true }) as string[]) {
      if (!/\.([jt]s|sql)$/.test(file) || file.endsWith('.test.ts')) continue;
      const { size, mtimeMs } = statSync(join(folder, file));
      facts.push(`${folder}/${file} ${size} ${mtimeMs}`);
    }
  }
  return hash(facts.sort().join('\n'));
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
