import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { call } from '../database/writing/call.ts';
import { operations } from '../modules.ts';
import { problem } from '../problem.ts';
import { refusedFor, sendWritten, withVersion } from './conditional.ts';
import { callerOf } from './who.ts';

/** The writing door over HTTP: every operation of every module. */
export async function operationRoutes(app: FastifyInstance, db: Database): Promise<void> {
  const all = await operations();
  app.post<{ Params: { module: string; document: string; verb: string } }>(
    '/api/v1/:module/:document/:verb',
    async (request, reply) => {
      const name = `${request.params.module}.${request.params.document}.${request.params.verb}`;
      const operation = all.get(name);
      if (!operation) throw problem('operation_unknown', { operation: name });
      const caller = callerOf(request);
      if (operation.keyed !== false && !caller.key) throw problem('key_missing');
      const input = withVersion(request, request.params.verb);
      const answer = await call(db, operation, caller, input).catch((error) => {
        throw refusedFor(request, error);
      });
      return sendWritten(request, reply, answer);
    },
  );
}
