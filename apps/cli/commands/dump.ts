import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import pg from 'pg';
import '../../../kernel/sentences.ts';
import { openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { openHome } from '../../../kernel/home.ts';
import { problem } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import '../desk/desk.ts';
import { hasDatabase, NAME, open, openAdmin } from '../../../kernel/database/open.ts';
import { progressOn } from '../output/progress.ts';
import { checkAll } from './doctor_rules.ts';

/** Writes everything into one file that loads anywhere, while people work. */
export async function dumpCommand({ to }: { to: string }): Promise<void> {
  const given = settings();
  if (!hasDatabase(given)) throw problem('no_database_here', { home: given.home });
  const { dump } = await import('../../../kernel/database/backup/dump.ts');
  // Brought to this version first: the file says which schema its rows have.
  const db = await open(given);
  const admin = await openAdmin(given);
  const progress = progressOn(process.stderr);
  try {
    const { bytes, rows } = await dump(openHome(given.home), admin.config, to, progress.tell);
    progress.end();
    process.stdout.write(
      `Wrote ${rows} rows to ${resolve(to)} (${(bytes / 1_000_000).toFixed(1)} MB). It holds this ` +
        'home’s secrets: keep it where only you can read it.\n',
    );
  } finally {
    progress.end();
    await admin.close();
    await db.close();
  }
}

/** Makes a data home, or what DATABASE_URL names, out of a dump. */
export async function loadCommand({ from, home }: { from: string; home: string }): Promise<void> {
  const given = settings();
  const { load, readHead } = await import('../../../kernel/database/backup/load.ts');
  const { moveInto, prepareStage } = await import('../../../kernel/database/backup/restore.ts');
  await readHead(resolve(from));
  const place = resolve(home);
  const stage = await prepareStage(place);
  const progress = progressOn(process.stderr);
  try {
    const target = given.databaseUrl ? await openAdmin(given) : await newDatabase(stage);
    const options = { check: checkAll, progress: progress.tell };
    const head = await load(from, stage, target.config, options).finally(() => target.close());
    moveInto(stage, dirname(stage));
    progress.end();
    process.stdout.write(
      `Loaded what stood on ${head.started_at.slice(0, 16).replace('T', ' ')} UTC into ${place}` +
        `${given.databaseUrl ? ' and DATABASE_URL' : ''}; every rule holds.\n` +
        `Start it with: KONTOR_HOME=${place} kontor start\n`,
    );
  } finally {
    progress.end();
    rmSync(stage, { recursive: true, force: true });
  }
}

async function newDatabase(home: string) {
  const embedded = await openEmbedded(home);
  const client = new pg.Client(embedded.admin());
  try {
    await client.connect();
    await client.query(`create database ${NAME}`);
  } catch (error) {
    await embedded.close();
    throw error;
  } finally {
    await client.end();
  }
  return { config: embedded.admin(NAME), close: () => embedded.close() };
}
