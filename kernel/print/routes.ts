import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { dispositionOf } from '../files/names.ts';
import { checked } from '../http/input.ts';
import { tokenOf } from '../http/who.ts';
import { language } from '../i18n/language.ts';
import { problem } from '../problem.ts';
import { documentData, PAPERS, printDocument } from './document.ts';

const Query = z.object({
  format: z.enum(['pdf', 'json']).optional(),
  paper: z.enum(PAPERS).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
});
const ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Documents as PDF, of what the caller may read: `GET /api/v1/document/pos.receipt/<id>?paper=roll`;
 * `format=json` answers what stands on them.
 */
export function printRoutes(app: FastifyInstance, db: Database): void {
  app.get<{ Params: { document: string; id: string } }>(
    '/api/v1/document/:document/:id',
    { config: { rateLimit: { max: 300, timeWindow: '1 minute' } } },
    async (request, reply) => {
      const { document, id } = request.params;
      const token = tokenOf(request);
      const asked = checked(Query, request.query);
      if (!ID.test(id)) throw problem('not_found');
      const wish = { paper: asked.paper, language: asked.language ?? language() };
      if (asked.format === 'json') {
        const data = await documentData(db, token, { document, id }, wish);
        return reply.header('cache-control', 'private, no-store').send(data);
      }
      const { pdf, title } = await printDocument(db, token, { document, id }, wish);
      return (
        reply
          .type('application/pdf')
          .header('content-disposition', dispositionOf('inline', `${title}.pdf`))
          .header('cache-control', 'private, no-store')
          .header('x-content-type-options', 'nosniff')
          // A browser's own viewer is an object in a page that it makes around the file.
          .header(
            'content-security-policy',
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
          )
          .send(pdf)
      );
    },
  );
}
