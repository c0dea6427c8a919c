import pg from 'pg';
import { MOST_LAG_MS } from '../../../kernel/database/replica.ts';

/** Whether the replica of DATABASE_READ_URL copies this database, and in time. Throws an Error that says. */
export async function checkReplica(primary: pg.ClientConfig, url: string): Promise<string> {
  const source = await ask(
    primary,
    'select pg_current_wal_lsn()::text as lsn, system_identifier::text as id from pg_control_system()',
  );
  const copy = await ask(
    { connectionString: url },
    `select pg_is_in_recovery() as copying, system_identifier::text as id,
            coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as level,
            coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp()), 0)::float8 as behind_s
       from pg_control_system()`,
    [source.lsn],
  );
  if (copy.id !== source.id) {
    throw new Error('DATABASE_READ_URL names another database, which is no copy of this one');
  }
  if (!copy.copying) return 'is the primary itself; reports run there';
  const behind = copy.level ? 0 : Number(copy.behind_s);
  if (behind * 1000 > MOST_LAG_MS) {
    throw new Error(`it is ${Math.round(behind)} s behind; reports run on the primary meanwhile`);
  }
  return 'copies this database, and reports run there';
}

async function ask(
  config: pg.ClientConfig,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text, values)).rows[0];
  } finally {
    await client.end().catch(() => {});
  }
}
