import '../../kernel/sentences.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type Database, openDatabase } from '../../kernel/database/connect.ts';
import { makeServer } from '../../kernel/http/server.ts';
import { root } from '../../kernel/modules.ts';
import { problem } from '../../kernel/problem.ts';
import { checkAddress, type Settings } from '../../kernel/settings.ts';
import { buildWeb } from '../web/build.ts';
import { importRoutes } from './import.ts';
import { setUpRoutes } from './setup.ts';

export const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};

/**
 * Builds what isn't built, opens the database, serves; answers the address. Closing finishes what
 * is running. Throws the Problems of settings, home and database, and port_taken.
 */
export async function startServer(
  settings: Settings,
): Promise<{ url: string; close(): Promise<void> }> {
  checkAddress(settings);
  const log = pino(
    {
      level: settings.logLevel,
      redact: ['req.headers.authorization', 'req.headers.cookie', 'password', '*.password'],
    },
    pino.destination({ dest: join(settings.home, 'run', 'kontor.log'), mkdir: true, sync: false }),
  );
  const [db] = await Promise.all([openDatabase(settings, (line) => log.info(line)), buildWeb()]);
  try {
    const app = await makeServer(
      { db, home: settings.home, log, secure: false, version },
      async (server) => {
        setUpRoutes(server, db);
        await importRoutes(server, db, settings.home);
        await serveWeb(server);
      },
    );
    const address = await listen(app, settings);
    const daily = setInterval(() => void forgetOld(db, log), 86_400_000);
    void forgetOld(db, log);
    return {
      url: address,
      async close() {
        clearInterval(daily);
        await app.close();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Keys and sessions that are long over; a failure is tried again tomorrow. */
async function forgetOld(db: Database, log: FastifyBaseLogger): Promise<void> {
  await db.door
    .query('select kernel_logic.forget_old()')
    .catch((error) => log.warn({ err: error }, 'old keys stay'));
}

async function listen(app: FastifyInstance, { host, port }: Settings): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw problem('port_taken', { port });
    throw error;
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  const own = host === '127.0.0.1' || host === '::1' || host === '0.0.0.0';
  return `http://${own ? 'localhost' : host}:${bound}`;
}

/** The web app: its files by content, and its page for every address that is one of its own. */
async function serveWeb(app: FastifyInstance): Promise<void> {
  const dist = join(root, 'apps', 'web', 'dist');
  await app.register(fastifyStatic, {
    root: dist,
    wildcard: false,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app.get('/*', (request, reply) => {
    if (request.url.startsWith('/api/') || /\.\w{2,5}(\?|$)/.test(request.url)) {
      throw problem('page_not_found', { path: request.url.split('?')[0] ?? '' });
    }
    return reply.sendFile('index.html');
  });
}
