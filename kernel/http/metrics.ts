import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { onTimed } from '../database/timed.ts';
import { problem } from '../problem.ts';
import { tokenOf } from './who.ts';

/** `/metrics` for Prometheus, for who may look after the installation (bearer token). */
export function metricsRoute(app: FastifyInstance, db: Database, slowMs: number): void {
  const registers = [new Registry()] as [Registry];
  collectDefaultMetrics({ register: registers[0] });
  const http = new Histogram({
    name: 'kontor_http_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const work = new Histogram({
    name: 'kontor_work_seconds',
    help: 'Time of operations, lists and reports, by name.',
    labelNames: ['kind', 'name'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const failed = new Counter({
    name: 'kontor_work_refused_total',
    help: 'Operations, lists and reports that were refused or failed.',
    labelNames: ['kind', 'name'],
    registers,
  });
  new Gauge({
    name: 'kontor_pool_connections',
    help: 'Connections to the database, by pool and what they do.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      const pools = Object.entries({ app: db.app, door: db.door, ...db.read.pools });
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waited_for' }, waitingCount);
      }
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    http.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
  const forget = onTimed(({ kind, name, ms, refused }) => {
    work.observe({ kind, name }, ms / 1000);
    if (refused) failed.inc({ kind, name });
    if (ms >= slowMs) app.log.warn({ kind, name, ms: Math.round(ms) }, 'slow');
  });
  app.addHook('onClose', async () => forget());

  app.get('/metrics', async (request, reply) => {
    if (!(await mayAdminister(db, tokenOf(request)))) {
      throw problem('not_permitted', { permission: 'kernel.administer' });
    }
    return reply.type(registers[0].contentType).send(await registers[0].metrics());
  });
}

async function mayAdminister(db: Database, token: string): Promise<boolean> {
  try {
    const { rows } = await db.app.query('select kernel_logic.me($1) as me', [token]);
    return 'kernel.administer' in JSON.parse(rows[0].me).permissions;
  } catch (error) {
    throw asProblem(error);
  }
}
