import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problem } from '../../kernel/problem.ts';

/** The web app: its files by content, and its page for every address that is one of its own. */
export async function serveWeb(app: FastifyInstance, dist: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: dist,
    wildcard: false,
    preCompressed: true,
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
