import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { readFacts } from '../database/reading/facts.ts';
import { type ListSpec, list } from '../database/reading/list.ts';
import { language, SOURCE } from '../i18n/language.ts';
import { problem } from '../problem.ts';
import { catalogue } from './catalogue.ts';
import { sendTagged } from './conditional.ts';
import { answerExport } from './export.ts';
import { checked } from './input.ts';
import { answerReport } from './report_files.ts';
import { tokenOf } from './who.ts';

const Query = z.object({
  q: z.string().max(200).optional(),
  sort: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().max(2000).optional(),
  columns: z.string().max(2000).optional(),
  filter: z.string().max(10_000).optional(),
  count: z.string().max(5).optional(),
  group: z.string().max(400).optional(),
  totals: z.string().max(1000).optional(),
  view: z.string().max(200).optional(),
  format: z.enum(['csv', 'json', 'xlsx']).optional(),
  time_zone: z.string().max(60).optional(),
});
const Scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const Filter = z
  .array(
    z
      .tuple([z.string().max(200), z.string().max(20)])
      .or(z.tuple([z.string().max(200), z.string().max(20), Scalar.or(z.array(Scalar).max(200))])),
  )
  .max(20);

/** The reading door over HTTP: lists, rows, exports, reports, the catalogue. */
export function tableRoutes(app: FastifyInstance, db: Database): void {
  app.get<{ Params: { module: string; table: string } }>(
    '/api/v1/:module/:table',
    async (request, reply) => {
      const table = `${request.params.module}.${request.params.table}`;
      const page = await list(db, tokenOf(request), table, specOf(request.query));
      return sendTagged(request, reply, page);
    },
  );

  app.get<{ Params: { module: string; table: string; id: string } }>(
    '/api/v1/:module/:table/:id',
    async (request, reply) => {
      const { module, table, id } = request.params;
      if (!/^[0-9a-f-]{36}$/i.test(id)) throw problem('not_found');
      const page = await list(db, tokenOf(request), `${module}.${table}`, {
        ...inTheirs(),
        original: true,
        filter: [['id', '=', id]],
      });
      if (!page.rows[0]) throw problem('not_found');
      const [row] = page.rows;
      return sendTagged(request, reply, { row }, row.version);
    },
  );

  app.get<{ Params: { table: string } }>('/api/v1/export/:table', async (request, reply) => {
    const { format, time_zone } = checked(Query, request.query);
    return answerExport(db, request, reply, { spec: specOf(request.query), format, time_zone });
  });

  app.get<{ Params: { table: string; id: string } }>(
    '/api/v1/facts/:table/:id',
    async (request, reply) => {
      const { table, id } = request.params;
      if (!/^[0-9a-f-]{36}$/i.test(id)) throw problem('not_found');
      const facts = await readFacts(db, tokenOf(request), table, id);
      return sendTagged(request, reply, { facts });
    },
  );

  app.get<{ Params: { name: string }; Querystring: Record<string, string> }>(
    '/api/v1/report/:name',
    (request, reply) => answerReport(db, request, reply),
  );

  app.get('/api/v1/catalogue', (request) => catalogue(db, tokenOf(request)));
}

/** The language of translated columns, where it isn't the one that they were written in. */
const inTheirs = () => (language() === SOURCE ? {} : { language: language() });

/** A list's wishes out of a query string. Error: input_wrong. */
function specOf(query: unknown): ListSpec {
  const said = checked(Query, query);
  const { q, sort, limit, cursor, columns, filter, count, group, totals, view } = said;
  return {
    ...inTheirs(),
    ...(view ? { view } : {}),
    ...(q ? { q } : {}),
    ...(sort
      ? {
          sort: sort.split(',').map((s) => (s.startsWith('-') ? [s.slice(1), 'desc'] : [s, 'asc'])),
        }
      : {}),
    ...(limit ? { limit } : {}),
    ...(cursor ? { cursor } : {}),
    ...(columns ? { columns: columns.split(',') } : {}),
    ...(filter ? { filter: fromJson('filter', filter, Filter) as ListSpec['filter'] & {} } : {}),
    ...(count ? { count: true } : {}),
    ...(group ? { group: group.split(',') } : {}),
    ...(totals ? { totals: totals.split(',') } : {}),
  } as ListSpec;
}

function fromJson<T>(name: string, text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw problem('parameter_wrong', {
      parameter: name,
      why: 'must be JSON as the API describes it',
    });
  }
}
