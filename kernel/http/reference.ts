import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { Problem, problem } from '../problem.ts';
import { sendTagged } from './conditional.ts';
import { errorsPage } from './errors_page.ts';
import { openApi } from './openapi.ts';
import { tokenOf } from './who.ts';

const PATH = '/api/reference';

/** So often a minute one address gets each of them: they are large, and anybody may ask. */
const OPEN_TO_ALL = { max: 60, timeWindow: '1 minute' };

/**
 * The API's description, its reference page and the register of problems. They are open to all, for
 * they tell what the program is; the fields that a business added are told to who is signed in.
 */
export function referenceRoutes(app: FastifyInstance, db: Database, version: string): void {
  const limited = { config: { rateLimit: OPEN_TO_ALL } };
  app.get('/api/openapi.json', limited, async (request, reply) => {
    const whom = (await isSignedIn(db, request)) ? 'all' : 'strangers';
    reply.header('cache-control', 'private, no-cache');
    reply.header('vary', 'Accept-Language, Authorization, Cookie');
    return sendTagged(request, reply, await openApi(db, version, whom));
  });
  app.get('/api/errors', limited, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/html').send(errorsPage()),
  );

  let made: Promise<FastifyInstance> | undefined;
  app.get(PATH, limited, (_request, reply) => reply.redirect(`${PATH}/`, 301));
  app.get(`${PATH}/*`, limited, async (request, reply) => {
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

/** Whose session has ended is a stranger, and still gets what strangers get. */
async function isSignedIn(db: Database, request: FastifyRequest): Promise<boolean> {
  try {
    await db.app.query('select kernel_logic.set_actor($1)', [tokenOf(request)]);
    return true;
  } catch (error) {
    const known = asProblem(error);
    if (known instanceof Problem && known.code === 'not_signed_in') return false;
    throw error;
  }
}
