import fastify, { type FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { problem } from '../problem.ts';
import { errorsPage } from './errors_page.ts';
import { openApi } from './openapi.ts';

const PATH = '/api/reference';

/** The API's description, its reference page and the register of problems; open to all. */
export function referenceRoutes(app: FastifyInstance, db: Database, version: string): void {
  app.get('/api/openapi.json', () => openApi(db, version));
  app.get('/api/errors', (_request, reply) => reply.type('text/html').send(errorsPage()));

  let made: Promise<FastifyInstance> | undefined;
  app.get(PATH, (_request, reply) => reply.redirect(`${PATH}/`, 301));
  app.get(`${PATH}/*`, async (request, reply) => {
    made ??= makeReference();
    const answer = await (await made).inject(request.url);
    if (answer.statusCode === 404) throw problem('page_not_found', { path: request.url });
    return (
      reply
        .status(answer.statusCode)
        .type(String(answer.headers['content-type']))
        // The reference starts itself by a script and styles that stand in its page.
        .header(
          'content-security-policy',
          "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; " +
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
            "connect-src 'self'; frame-ancestors 'none'",
        )
        .send(answer.rawPayload)
    );
  });
}

/** A server of its own behind ours: a plugin can't be added later, and this one weighs 25 MB. */
async function makeReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = fastify();
  await inner.register(scalar, {
    routePrefix: PATH,
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
  return inner;
}
