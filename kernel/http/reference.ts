import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { errorsPage } from './errors_page.ts';
import { openApi } from './openapi.ts';

/** The API's description, its reference page and the register of problems; open to all. */
export async function referenceRoutes(
  app: FastifyInstance,
  db: Database,
  version: string,
): Promise<void> {
  app.get('/api/openapi.json', () => openApi(db, version));
  app.get('/api/errors', (_request, reply) => reply.type('text/html').send(errorsPage()));
  await app.register(async (inner) => {
    // The reference starts itself by a script and styles that stand in its page.
    inner.addHook('onSend', async (_request, reply, payload) => {
      reply.header(
        'content-security-policy',
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; " +
          "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
          "connect-src 'self'; frame-ancestors 'none'",
      );
      return payload;
    });
    await inner.register(scalar, {
      routePrefix: '/api/reference',
      configuration: {
        url: '/api/openapi.json',
        title: 'Kontor API',
        theme: 'none',
        hideClientButton: true,
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      } as never,
    });
  });
}
