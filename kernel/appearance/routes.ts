import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { sendTagged } from '../http/conditional.ts';
import { problem } from '../problem.ts';

/** The business's colour and logo, for everybody: also the page where one signs in shows them. */
export function appearanceRoutes(app: FastifyInstance, db: Database): void {
  const limited = { config: { rateLimit: { max: 300, timeWindow: '1 minute' } } };

  app.get('/api/v1/appearance', limited, async (request, reply) => {
    const { rows } = await db.app.query(
      'select accent, logo is not null as has_logo, version from kernel.appearance',
    );
    const { accent = null, has_logo = false, version = 0 } = rows[0] ?? {};
    const logo = has_logo ? `/api/v1/logo?${version}` : null;
    return sendTagged(request, reply, { accent, logo });
  });

  app.get('/api/v1/logo', limited, async (_request, reply) => {
    const { rows } = await db.app.query('select logo, logo_type from kernel.appearance');
    if (!rows[0]?.logo) throw problem('not_found');
    return reply
      .type(rows[0].logo_type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(rows[0].logo);
  });
}
