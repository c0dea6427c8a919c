import pg from 'pg';

/**
 * Whether a transaction pooler such as PgBouncer stands at this address. It answers a connection
 * with a process number of its own; PostgreSQL with that of the backend.
 */
export async function isPooled(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return rows[0].pid !== (client as unknown as { processID: number }).processID;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * A client without named statements: behind a transaction pooler the next transaction may run on a
 * backend that never heard the name.
 */
export class Unnamed extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own overloads, passed through.
  override query(given: any, ...rest: any[]): any {
    const named = typeof given === 'object' && given !== null && 'name' in given && given.name;
    const { name: _, ...unnamed } = named ? given : { name: '' };
    return super.query(named ? unnamed : given, ...(rest as []));
  }
}
