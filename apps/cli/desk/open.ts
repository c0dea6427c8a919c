import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import '../../../kernel/sentences.ts';
import {
  adminAt,
  type Database,
  openDatabase,
  openPools,
} from '../../../kernel/database/connect.ts';
import type { Logins } from '../../../kernel/database/deploy/roles.ts';
import { embeddedStatus, openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { sourceFolders } from '../../../kernel/elsewhere.ts';
import { findSecret } from '../../../kernel/home.ts';
import type { Settings } from '../../../kernel/settings.ts';

/** The database's name in the embedded server. */
export const NAME = 'kontor';

/**
 * Opens the database as openDatabase does, but asks deploy only where the program's files or the
 * database changed since it last ran here: a command then starts in half the time.
 */
export async function open(given: Settings, log?: (line: string) => void): Promise<Database> {
  const admin = await openAdmin(given, log);
  try {
    const quick = await openDeployed(given, admin);
    if (quick) return quick;
    const db = await openDatabase(given, log);
    await keepStamp(given, admin.config);
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

async function openDeployed(given: Settings, admin: Admin): Promise<Database | undefined> {
  const kept = findSecret(given.home, given.databaseUrl ? 'logins-foreign' : 'logins');
  const stamp = readStamp(given);
  if (!kept || !stamp || stamp.files !== filesNow()) return undefined;
  if ((await deployed(admin.config)) !== stamp.deployed) return undefined;
  return await openPools(given, whereOf(given, admin), JSON.parse(kept) as Logins, admin.close);
}

// Where people's doors are: at the pooler, if there is one.
function whereOf(given: Settings, admin: Admin): pg.ClientConfig {
  return given.databaseUrl ? { connectionString: given.databaseUrl } : admin.config;
}

async function keepStamp(given: Settings, admin: pg.ClientConfig): Promise<void> {
  const stamp = { files: filesNow(), deployed: await deployed(admin) };
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

/** What tells a changed program: name, size and time of every file that deploy reads. */
function filesNow(): string {
  const said: string[] = [];
  for (const folder of sourceFolders()) {
    for (const file of readdirSync(folder, { recursive: true }) as string[]) {
      if (!/\.([jt]s|sql)$/.test(file) || file.endsWith('.test.ts')) continue;
      const { size, mtimeMs } = statSync(join(folder, file));
      said.push(`${folder}/${file} ${size} ${mtimeMs}`);
    }
  }
  return hash(said.sort().join('\n'));
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
