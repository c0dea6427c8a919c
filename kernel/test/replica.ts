import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { backup } from '../database/backup/backup.ts';
import { unpack } from '../database/backup/restore.ts';
import { giveTo, installBinaries, serverUser } from '../database/postgres/binaries.ts';
import { as, foldersOf } from '../database/postgres/cluster.ts';
import { freePort } from '../free_port.ts';
import { openHome } from '../home.ts';
import { eventually } from './servers.ts';

/** A streaming replica of a home’s database, at a port of its own. */
export interface Replica {
  port: number;
  start(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Copies a running home’s database by our own backup and makes a standby of it, not yet started. */
export async function makeReplica(
  home: string,
  primary: pg.ClientConfig,
  folder: string,
): Promise<Replica> {
  const archive = join(folder, 'base.tar.gz');
  await backup(home, archive);
  const copy = openHome(join(folder, 'replica'));
  await unpack(archive, copy, () => {});
  const { data } = foldersOf(copy);
  const user = await serverUser();
  const said = `host=${primary.host} port=${primary.port} user=${primary.user} password=${primary.password}`;
  writeFileSync(join(data, 'standby.signal'), '');
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${said}'\n`);
  giveTo(user, join(copy, 'database'));
  const sockets = join(copy, 'database', 'socket');
  mkdirSync(sockets, { mode: 0o700, recursive: true });
  giveTo(user, sockets);
  const binaries = installBinaries(copy);
  const port = await freePort();
  let child: ChildProcess | undefined;
  return {
    port,
    async start() {
      const log = openSync(join(folder, 'replica.log'), 'a');
      const settings = ['listen_addresses=127.0.0.1', `port=${port}`];
      settings.push(`unix_socket_directories=${sockets}`, 'logging_collector=off');
      const flags = settings.flatMap((one) => ['-c', one]);
      child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...flags], {
        ...as(user),
        cwd: data,
        stdio: ['ignore', log, log],
      });
      const where = { ...primary, host: '127.0.0.1', port };
      await eventually('the replica answers', () => answers(where));
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode) return;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGQUIT');
      await gone;
    },
  };
}

export async function answers(where: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(where);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
