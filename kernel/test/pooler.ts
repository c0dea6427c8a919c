import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { giveTo, serverUser } from '../database/postgres/binaries.ts';
import { as } from '../database/postgres/cluster.ts';
import type { Embedded } from '../database/postgres/embedded.ts';
import { freePort } from '../free_port.ts';
import { root } from '../modules.ts';
import { answers } from './replica.ts';
import { eventually } from './servers.ts';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync);
const PASSWORD = 'of-the-pooler';

/** Why the stories of the pooler can't be told here; undefined where they can. */
export const noPooler = PROGRAM
  ? undefined
  : 'PgBouncer is missing: “npm test -- --install”, or “apt-get install pgbouncer”';

/** PgBouncer as deploy/pgbouncer.ini has it, before this database; answers its port. */
export async function startPooler(
  embedded: Embedded,
  database: string,
  folder: string,
): Promise<{ port: number; stop(): Promise<void> }> {
  const shipped = readFileSync(join(root, 'deploy', 'pgbouncer.ini'), 'utf8');
  await prepare(embedded.admin(database), database, shipped);
  const place = join(folder, 'pooler');
  mkdirSync(place, { mode: 0o755 });
  const port = await freePort();
  const { host, port: behind } = embedded.admin();
  const users = join(place, 'users.txt');
  const ini = join(place, 'pgbouncer.ini');
  writeFileSync(users, `"pooler" "${PASSWORD}"\n`);
  writeFileSync(
    ini,
    shipped
      .replace('host=<database host>', `host=${host}`)
      .replace('port=<database port>', `port=${behind}`)
      .replace('listen_addr = <here>', 'listen_addr = 127.0.0.1')
      .replace('listen_port = 6432', `listen_port = ${port}`)
      .replace(/<file: .*>/, users)
      // Fewer than the clients have: transactions of different ones share a backend.
      .replace('default_pool_size = 10', 'default_pool_size = 3'),
  );
  const user = await serverUser();
  giveTo(user, place);
  const log = openSync(join(folder, 'pooler.log'), 'a');
  const child = spawn(PROGRAM as string, [ini], { ...as(user), stdio: ['ignore', log, log] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const where = { host: '127.0.0.1', port, user: 'pooler', password: PASSWORD };
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  try {
    await eventually('the pooler answers', () => answers({ ...where, database }));
    return { port, stop };
  } catch (error) {
    await stop();
    const said = readFileSync(join(folder, 'pooler.log'), 'utf8').slice(-1000);
    throw new Error(said, { cause: error });
  }
}

/** Runs what the file says must be run once. */
async function prepare(admin: pg.ClientConfig, database: string, shipped: string): Promise<void> {
  const [, once = ''] = shipped.split('before Kontor starts:\n');
  const client = new pg.Client(admin);
  await client.connect();
  await client.query(
    once.replaceAll(/^;/gm, '').replace('<password>', PASSWORD).replace('<database>', database),
  );
  await client.end();
}
