import '../../kernel/sentences.ts';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Database } from '../../kernel/database/connect.ts';
import { announce } from '../../kernel/database/deploy/watch.ts';
import { open } from '../../kernel/database/open.ts';
import { makeServer } from '../../kernel/http/server.ts';
import { startWorker } from '../../kernel/jobs/worker.ts';
import { jobs } from '../../kernel/modules.ts';
import { problem } from '../../kernel/problem.ts';
import { checkAddress, type Settings } from '../../kernel/settings.ts';
import { version } from '../../kernel/version.ts';
import { watchFeed } from '../../kernel/webhooks/wake.ts';
import { buildWeb } from '../web/build.ts';
import { importRoutes } from './import.ts';
import type { Lan } from './lan/lan.ts';
import { makeRoom } from './make_room.ts';
import { setUpRoutes } from './setup.ts';
import { serveWeb } from './web.ts';

export interface RunningServer {
  url: string;
  /** With --lan: how other devices come to trust it. */
  lan?: Lan;
  /** Finishes what runs, then closes. */
  close(): Promise<void>;
  /** Settles once it has closed by itself, since a newer program was deployed. */
  madeRoom: Promise<void>;
}

/**
 * Builds what isn't built, opens the database unless it is handed one that is deployed, serves;
 * answers the address. Closing finishes what is running. Throws the Problems of settings, home and database, and port_taken.
 */
export async function startServer(
  settings: Settings,
  { web = true, database }: { web?: boolean; database?: Database } = {},
): Promise<RunningServer> {
  checkAddress(settings);
  const log = logOf(settings);
  const [db, pages] = await Promise.all([
    database ?? open(settings, (line) => log.info(line)),
    web ? buildWeb() : undefined,
  ]);
  // What is to close, the last one opened first.
  const closers: (() => Promise<unknown> | undefined)[] = database ? [] : [() => db.close()];
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      for (const one of closers.reverse()) await one();
    })();
    return closed;
  };
  const room = makeRoom({ db, log, settings, close });
  closers.push(async () => room.stopWatching());
  try {
    const { home, slowMs, behindProxy, proxies } = settings;
    // Certificates and codes to scan are 20 MB of program, which only a shop's network needs.
    const inLan = settings.lan ? await import('./lan/lan.ts') : undefined;
    const tls = await inLan?.lanIdentity(home);
    const { isLeaving } = room;
    const app = await makeServer(
      { db, home, log, tls, behindProxy, proxies, version, slowMs, isLeaving },
      async (server) => {
        setUpRoutes(server, { db, home });
        await importRoutes(server, db, home);
        if (pages) await serveWeb(server, pages);
      },
    );
    const worker = startWorker({ db, home, jobs: await jobs(), log });
    closers.push(() => worker.close());
    const stopFeed = watchFeed(db, worker.wake);
    closers.push(
      () => app.close(),
      async () => stopFeed(),
    );
    const url = await listen(app, settings);
    const lan = tls && (await inLan?.openLan(app, home, Number(new URL(url).port), tls));
    if (lan) closers.push(() => lan.close());
    await announce(db).catch((error) => log.warn({ err: error }, 'not announced'));
    return { url, ...(lan ? { lan } : {}), close, madeRoom: room.made };
  } catch (error) {
    await close();
    throw error;
  }
}

const logOf = ({ home, logLevel: level }: Settings) =>
  pino(
    {
      level,
      redact: ['req.headers.authorization', 'req.headers.cookie', 'password', '*.password'],
    },
    pino.destination({ dest: join(home, 'run', 'kontor.log'), mkdir: true, sync: false }),
  );

async function listen(app: FastifyInstance, { host, port, lan }: Settings): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw problem('port_taken', { port });
    throw error;
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  const own = host === '127.0.0.1' || host === '::1' || host === '0.0.0.0';
  return `${lan ? 'https' : 'http'}://${own ? 'localhost' : host}:${bound}`;
}
