import pg from 'pg';
import '../../../kernel/sentences.ts';
import { hasDatabase, open, openAdmin } from '../../../kernel/database/open.ts';
import { asProblem } from '../../../kernel/database/refusal.ts';
import { checkFreeDisk, freeDiskBytes, openHome } from '../../../kernel/home.ts';
import { type Settings, settings } from '../../../kernel/settings.ts';
import { runningServer } from '../desk/running.ts';
import { Told } from '../output/fail.ts';
import { printJson } from '../output/print.ts';
import { version } from '../program.ts';
import { checkReplica } from './doctor_replica.ts';
import { broken, RULES } from './doctor_rules.ts';

interface Check {
  check: string;
  ok: boolean;
  said: string;
}

/** Looks at everything that can be wrong, and says what is; exit code 1 where something is. */
export async function doctorCommand({ json }: { json?: boolean }): Promise<void> {
  const rows = await checkAll(settings());
  if (json) printJson({ rows });
  else
    for (const { ok, check, said } of rows)
      process.stdout.write(`${ok ? '✓' : '✗'} ${check}: ${said}\n`);
  if (rows.some((r) => !r.ok)) throw new Told();
}

async function checkAll(given: Settings): Promise<Check[]> {
  const rows = [
    await look('Program', () => `Kontor ${version()} on Node.js ${process.versions.node}`),
    await look('Data home', () => `${openHome(given.home)} is writable`),
    await look('Disk', () => {
      checkFreeDisk(given.home);
      return `${Math.floor(freeDiskBytes(given.home) / 1_000_000)} MB are free`;
    }),
    await look('Server', () => {
      const running = runningServer(given.home);
      return running ? `runs at ${running.url}` : 'doesn’t run';
    }),
  ];
  if (!hasDatabase(given)) {
    return [...rows, { check: 'Database', ok: true, said: 'not made yet; “kontor init” makes it' }];
  }
  if (rows.every((r) => r.ok)) rows.push(...(await checkDatabase(given)));
  return rows;
}

async function look(check: string, work: () => string | Promise<string>): Promise<Check> {
  try {
    return { check, ok: true, said: await work() };
  } catch (error) {
    const known = asProblem(error);
    return { check, ok: false, said: known instanceof Error ? known.message : String(known) };
  }
}

async function checkDatabase(given: Settings): Promise<Check[]> {
  const rows: Check[] = [];
  // Deploy first: the rules below are those of this version.
  let close = async () => {};
  rows.push(
    await look('Schema', async () => {
      const db = await open(given);
      close = () => db.close();
      return 'as this version has it';
    }),
  );
  try {
    const admin = await openAdmin(given);
    const client = new pg.Client({ ...admin.config, connectionTimeoutMillis: 10_000 });
    client.on('error', () => {});
    try {
      rows.push(await look('Database', () => connected(client)));
      if (rows.every((r) => r.ok)) rows.push(...(await checkRules(client)));
      const { databaseReadUrl } = given;
      if (databaseReadUrl) {
        rows.push(await look('Replica', () => checkReplica(admin.config, databaseReadUrl)));
      }
    } finally {
      await client.end().catch(() => {});
      await admin.close();
    }
  } catch (error) {
    rows.push(await look('Database', () => Promise.reject(error)));
  } finally {
    await close();
  }
  return rows;
}

async function connected(client: pg.Client): Promise<string> {
  await client.connect();
  const { rows } = await client.query(`select current_setting('server_version') as version`);
  return `PostgreSQL ${rows[0].version} answers`;
}

async function checkRules(client: pg.Client): Promise<Check[]> {
  // As the owner of the tables: whoever else looks sees only their own stores' rows.
  await client.query('begin read only; set local role kontor_owner');
  const rows: Check[] = [];
  for (const rule of RULES) {
    rows.push(
      await look(rule.name, async () => {
        const wrong = await broken(rule, client);
        if (wrong) throw new Error(wrong);
        return rule.good;
      }),
    );
  }
  await client.query('rollback');
  return rows;
}
