import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Database } from '../database/connect.ts';
import { checkFreeDisk } from '../home.ts';
import { Live } from './live.ts';
import { openApi } from './openapi.ts';
import { operationRoutes } from './operations.ts';
import { answerProblems } from './problems.ts';
import { sessionRoutes } from './session.ts';
import { tableRoutes } from './tables.ts';

export interface ServerOptions {
  db: Database;
  home: string;
  log: FastifyBaseLogger;
  /** Whether people reach it by HTTPS: cookies are then for HTTPS alone. */
  secure: boolean;
  version: string;
}

const DISK_LOOK_MS = 5000;

/** The API on its two doors; `more` adds what an app wires in before it listens. */
export async function makeServer(
  options: ServerOptions,
  more: (app: FastifyInstance) => Promise<void>,
): Promise<FastifyInstance> {
  const { db, log, secure } = options;
  const app = fastify({
    loggerInstance: log,
    bodyLimit: 1_048_576,
    requestTimeout: 60_000,
    genReqId: (request) => given(request.headers['x-request-id']) ?? randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  });
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
        ...(secure ? {} : { upgradeInsecureRequests: null }),
      },
    },
    strictTransportSecurity: secure,
  });
  await app.register(rateLimit, { global: false });
  answerProblems(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        request_id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  watchDisk(app, options.home);
  const live = new Live(db);
  app.addHook('preClose', async () => live.close());

  sessionRoutes(app, db, secure);
  tableRoutes(app, db);
  await operationRoutes(app, db);
  live.routes(app);
  app.get('/api/openapi.json', () => openApi(options.version));
  app.get('/health', async (_request, reply) => {
    const alive = await db.app.query('select 1').then(
      () => true,
      () => false,
    );
    return reply
      .status(alive ? 200 : 503)
      .send({ status: alive ? 'ok' : 'database_unreachable', version: options.version });
  });
  await more(app);
  return app;
}

/** Writing stops before the disk is full: a database that runs out of it stops altogether. */
function watchDisk(app: FastifyInstance, home: string): void {
  let looked = 0;
  let failed: unknown;
  app.addHook('preHandler', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    if (Date.now() - looked > DISK_LOOK_MS) {
      looked = Date.now();
      failed = undefined;
      try {
        checkFreeDisk(home);
      } catch (error) {
        failed = error;
      }
    }
    if (failed && request.url !== '/api/v1/session') throw failed;
  });
}

function given(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w-]{8,64}$/.test(header) ? header : undefined;
}
