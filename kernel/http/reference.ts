import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { Problem } from '../problem.ts';
import { sendTagged } from './conditional.ts';
import { errorsPage } from './errors_page.ts';
import { openApi } from './openapi.ts';
import { tokenOf } from './who.ts';

/** So often a minute one address gets each of them: they are large, and anybody may ask. */
const OPEN_TO_ALL = { max: 60, timeWindow: '1 minute' };

/**
 * The API's description, its reference page and the register of problems. They are open to all, for
 * they tell what the program is; the fields that a business added are told to who is signed in.
 */
export async function referenceRoutes(
  app: FastifyInstance,
  db: Database,
  version: string,
): Promise<void> {
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
  await app.register(async (inner) => {
    inner.addHook('onRequest', inner.rateLimit(OPEN_TO_ALL));
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
