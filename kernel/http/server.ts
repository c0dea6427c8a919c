import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { appearanceRoutes } from '../appearance/routes.ts';
import type { Database } from '../database/connect.ts';
import { fileRoutes } from '../files/routes.ts';
import { checkFreeDisk } from '../home.ts';
import { languageOf, speaking } from '../i18n/language.ts';
import { readLanguages } from '../i18n/read_languages.ts';
import { printRoutes } from '../print/routes.ts';
import { problem } from '../problem.ts';
import { aboutRoutes } from './about.ts';
import { Live } from './live.ts';
import { metricsRoute } from './metrics.ts';
import { operationRoutes } from './operations.ts';
import { answerProblems } from './problems.ts';
import { referenceRoutes } from './reference.ts';
import { sessionRoutes } from './session.ts';
import { tableRoutes } from './tables.ts';

export interface ServerOptions {
  db: Database;
  home: string;
  log: FastifyBaseLogger;
  /** Its own certificate, where it speaks HTTPS itself. */
  tls?: { cert: string; key: string } | undefined;
  /** A proxy speaks HTTPS before it and says so in X-Forwarded-Proto. */
  behindProxy?: boolean;
  /** Addresses of proxies on other machines; without them only this one's is believed. */
  proxies?: string[] | undefined;
  version: string;
  /** Whether this process is about to leave: new requests should go to another. */
  isLeaving?: () => boolean;
  /** Operations, lists and reports that take longer are named in the log. */
  slowMs?: number;
}

const SLOW_MS = 500;
const DISK_LOOK_MS = 5000;

/** The API on its two doors; `more` adds what an app wires in before it listens. */
export async function makeServer(
  options: ServerOptions,
  more: (app: FastifyInstance) => Promise<void>,
): Promise<FastifyInstance> {
  const { db, log, tls, behindProxy = false } = options;
  // Whether people reach it by HTTPS: cookies are then for HTTPS alone.
  const secure = Boolean(tls) || behindProxy;
  const app = fastify({
    loggerInstance: log,
    ...(tls ? { https: tls } : {}),
    // A device of the network is no proxy: it could say that it came from anywhere.
    trustProxy: behindProxy ? (options.proxies ?? ['loopback']) : false,
    bodyLimit: 1_048_576,
    requestTimeout: 60_000,
    genReqId: (request) => given(request.headers['x-request-id']) ?? randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  });
  // Lists and the catalogue shrink to a sixth; what is short is sent as it is.
  // What comes is never inflated: a small request would be many times its limit on the disk.
  await app.register(compress, {
    ...{ threshold: 2048, encodings: ['gzip', 'identity'] },
    globalDecompression: false,
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
    // Not with a certificate of one's own: a device that forgot it could not even be told why.
    strictTransportSecurity: behindProxy,
  });
  await app.register(rateLimit, { global: false });
  answerProblems(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const open = request.protocol === 'https' || request.url === '/health';
    if (behindProxy && !open) throw problem('not_over_https');
    // Kept connections end with their answers, so that none is cut in the middle of a request.
    if (options.isLeaving?.()) reply.header('connection', 'close');
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
  await speakTheirLanguage(app);
  watchDisk(app, options.home);
  metricsRoute(app, db, options.slowMs ?? SLOW_MS);
  const live = new Live(db);
  app.addHook('preClose', async () => live.close());

  sessionRoutes(app, db, secure);
  tableRoutes(app, db);
  await operationRoutes(app, db);
  await fileRoutes(app, options);
  printRoutes(app, db);
  live.routes(app);
  appearanceRoutes(app, db);
  aboutRoutes(app, options);
  referenceRoutes(app, db, options.version);
  app.get('/health', async (_request, reply) => {
    const alive = await db.app.query('select 1').then(
      () => true,
      () => false,
    );
    const leaving = options.isLeaving?.();
    const status = leaving ? 'leaving' : alive ? 'ok' : 'database_unreachable';
    return reply.status(status === 'ok' ? 200 : 503).send({ status, version: options.version });
  });
  await more(app);
  return app;
}

/** What the API answers to people is in the language that they accept; codes stay as they are. */
async function speakTheirLanguage(app: FastifyInstance): Promise<void> {
  await readLanguages();
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/api/')) return done();
    // A link that is followed to a file can't say so in a header.
    const { language: wish } = request.query as { language?: unknown };
    const wished = typeof wish === 'string' ? wish : request.headers['accept-language'];
    const said = languageOf(wished);
    reply.header('content-language', said).header('vary', 'Accept-Language');
    speaking(said, done);
  });
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
