import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { exportColumns, type ListSpec, list, listAll } from '../database/list.ts';
import { asProblem } from '../database/refusal.ts';
import { reports, runReport } from '../database/reports.ts';
import { modules, operations } from '../modules.ts';
import { Problem, problem } from '../problem.ts';
import { exportRows } from '../transfer/export.ts';
import { checked } from './input.ts';
import { tokenOf } from './who.ts';

const Query = z.object({
  q: z.string().max(200).optional(),
  sort: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().max(2000).optional(),
  columns: z.string().max(2000).optional(),
  filter: z.string().max(10_000).optional(),
  count: z.string().max(5).optional(),
  format: z.enum(['csv', 'json']).optional(),
});
const Scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const Filter = z
  .array(
    z
      .tuple([z.string(), z.string()])
      .or(
        z.tuple([
          z.string(),
          z.string(),
          Scalar.or(z.array(z.union([z.string(), z.number()])).max(200)),
        ]),
      ),
  )
  .refine(
    (all) => all.every(([, operator, value]) => (operator === 'in') === Array.isArray(value)),
    'The operator in takes a list of values, the others one.',
  )
  .max(20);

/** The reading door over HTTP: lists, rows, exports, reports, the catalogue. */
export function tableRoutes(app: FastifyInstance, db: Database): void {
  app.get<{ Params: { module: string; table: string } }>('/api/v1/:module/:table', (request) =>
    list(
      db,
      tokenOf(request),
      `${request.params.module}.${request.params.table}`,
      specOf(request.query),
    ),
  );

  app.get<{ Params: { module: string; table: string; id: string } }>(
    '/api/v1/:module/:table/:id',
    async (request) => {
      const { module, table, id } = request.params;
      if (!/^[0-9a-f-]{36}$/i.test(id)) throw problem('not_found');
      const page = await list(db, tokenOf(request), `${module}.${table}`, {
        filter: [['id', '=', id]],
      });
      if (!page.rows[0]) throw problem('not_found');
      return { row: page.rows[0] };
    },
  );

  app.get<{ Params: { table: string } }>('/api/v1/export/:table', async (request, reply) => {
    const { table } = request.params;
    const token = tokenOf(request);
    const { format = 'csv' } = checked(Query, request.query);
    const spec = specOf(request.query);
    // Asked first, while a problem can still be answered.
    const [columns] = await Promise.all([
      exportColumns(db, token, table, spec.columns),
      list(db, token, table, { ...spec, limit: 1 }),
    ]);
    reply
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
      .header('content-disposition', `attachment; filename="${table}.${format}"`);
    return reply.send(exportRows(listAll(db, token, table, spec), columns, format, { bom: true }));
  });

  app.get<{ Params: { name: string }; Querystring: Record<string, string> }>(
    '/api/v1/report/:name',
    (request) => runReport(db, tokenOf(request), request.params.name, request.query),
  );

  app.get('/api/v1/catalogue', (request) => catalogue(db, tokenOf(request)));
}

/** A list's wishes out of a query string. Error: input_wrong. */
function specOf(query: unknown): ListSpec {
  const { q, sort, limit, cursor, columns, filter, count } = checked(Query, query);
  return {
    ...(q ? { q } : {}),
    ...(sort
      ? {
          sort: sort.split(',').map((s) => (s.startsWith('-') ? [s.slice(1), 'desc'] : [s, 'asc'])),
        }
      : {}),
    ...(limit ? { limit } : {}),
    ...(cursor
      ? { cursor: fromJson('cursor', cursor, z.tuple([z.string().nullable(), z.uuid()])) }
      : {}),
    ...(columns ? { columns: columns.split(',') } : {}),
    ...(filter ? { filter: fromJson('filter', filter, Filter) as ListSpec['filter'] & {} } : {}),
    ...(count ? { count: true } : {}),
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

async function roleNames(): Promise<string[]> {
  const all = (await modules()).flatMap((m) => Object.keys(m.roles));
  return [...new Set(all)];
}

async function catalogue(db: Database, token: string) {
  try {
    const { rows } = await db.app.query(
      'select kernel_logic.catalogue($1) as c, kernel_logic.me($1) as me',
      [token],
    );
    const { permissions } = JSON.parse(rows[0].me) as { permissions: Record<string, unknown> };
    return {
      tables: JSON.parse(rows[0].c),
      operations: [...(await operations()).values()]
        .filter((o) => permissions[o.permission])
        .map((o) => ({ name: o.name, label: o.label, permission: o.permission })),
      roles: permissions['identity.manage_users'] ? await roleNames() : [],
      reports: [...(await reports()).values()]
        .filter((r) => permissions[r.permission])
        .map(({ name, title, parameters, chart }) => ({ name, title, parameters, chart })),
    };
  } catch (error) {
    const known = asProblem(error);
    throw known instanceof Problem ? known : error;
  }
}
