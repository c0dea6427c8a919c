import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problem } from '../../kernel/problem.ts';
import { pageFor } from '../web/hints.ts';

/** The web app: its files by content, and its page for every address that is one of its own. */
export async function serveWeb(app: FastifyInstance, dist: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: dist,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  const pageOf = pageFor(dist);
  app.get('/*', (request, reply) => {
    const [path = ''] = request.url.split('?');
    if (request.url.startsWith('/api/') || /\.\w{2,5}$/.test(path)) {
      throw problem('page_not_found', { path });
    }
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
    return reply.send(pageOf(path));
  });
}
