import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { type Report, reports } from '../database/reading/reports.ts';
import { operations } from '../modules.ts';
import type { AnyOperation } from '../operation.ts';
import { recordedBodies } from './openapi_examples.ts';
import { aside, headers, listParameters, problemSchema } from './openapi_parts.ts';
import { answersOf, type ColumnShape, rowSchema, tablesOf } from './openapi_tables.ts';

type Schema = Record<string, unknown>;

const made = new Map<'all' | 'strangers', { of: string; schema: Promise<Schema> }>();

/**
 * OpenAPI 3.1, made from the same definitions as the endpoints and from the live catalogue: anew once
 * a custom field has changed, whichever process changed it. What a business added is not for strangers.
 */
export async function openApi(
  db: Database,
  version: string,
  whom: 'all' | 'strangers' = 'all',
): Promise<Schema> {
  const of = whom === 'strangers' ? '' : await stampOf(db);
  let kept = made.get(whom);
  if (kept?.of !== of) {
    kept = { of, schema: makeOpenApi(db, version, whom) };
    made.set(whom, kept);
  }
  const { schema } = kept;
  return await schema.catch((error) => {
    if (made.get(whom)?.schema === schema) made.delete(whom);
    throw error;
  });
}

async function stampOf(db: Database): Promise<string> {
  const { rows } = await db.app.query('select kernel_logic.catalogue_stamp() as stamp');
  return String(rows[0].stamp);
}

async function makeOpenApi(
  db: Database,
  version: string,
  whom: 'all' | 'strangers',
): Promise<Schema> {
  const [tables, answers, all, told] = await Promise.all([
    tablesOf(db),
    answersOf(db),
    operations(),
    reports(),
  ]);
  if (whom === 'strangers') {
    for (const t of tables.values())
      t.columns = t.columns.filter((c) => !c.name.startsWith('custom.'));
  }
  const bodies = recordedBodies();
  const paths: Schema = {};
  for (const o of all.values()) {
    const table = tables.get(o.name.replace(/\.[a-z_]+$/, ''));
    const answer = table && isMade(o) ? versioned : answers.get(o.sql ?? '');
    paths[`/${o.name.replaceAll('.', '/')}`] = {
      post: posting(o, inputOf(o, table?.columns), answer, bodies.get(o.name)),
    };
  }
  for (const [name, { label, help }] of tables) {
    const path = `/${name.replace('.', '/')}`;
    paths[path] = { ...(paths[path] as Schema), get: listing(name, label, help) };
    paths[`${path}/{id}`] = { get: oneRow(name, label) };
  }
  for (const report of told.values()) paths[`/report/${report.name}`] = { get: reporting(report) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kontor',
      version,
      description:
        'Two doors: operations write (POST), lists read (GET). Exact numbers are text, days are ' +
        'YYYY-MM-DD, moments RFC 3339, ids UUIDs. Every problem is told by RFC 9457; their codes ' +
        'stand at /api/errors.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { cookie: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'kontor_session' },
      },
      schemas: {
        Problem: problemSchema,
        ...Object.fromEntries([...tables].map(([name, t]) => [name, rowSchema(t.columns)])),
      },
    },
    paths: { ...paths, ...aside },
  };
}

const isMade = (o: AnyOperation): boolean => /\.(create|change|archive|restore)$/.test(o.name);
const versioned = {
  type: 'object',
  required: ['id', 'version'],
  properties: { id: { type: 'string', format: 'uuid' }, version: { type: 'integer' } },
};

/** The input of an operation; that of a made one is its table's columns. */
function inputOf(o: AnyOperation, columns: ColumnShape[] | undefined): Schema {
  const said = z.toJSONSchema(o.input, { io: 'input', unrepresentable: 'any' }) as Schema;
  delete said.$schema;
  const verb = /\.(create|change)$/.exec(o.name)?.[1];
  if (!verb || !columns || !JSON.stringify(said).includes('propertyNames')) return said;
  const writable = columns.filter((c) => c.writable);
  const { properties } = rowSchema(writable) as { properties: Schema };
  if (verb === 'create') {
    const required = writable.filter((c) => c.required).map((c) => c.name);
    return { type: 'object', properties, required, additionalProperties: false };
  }
  const asked = (said.allOf as Schema[] | undefined)?.find((one) => one.properties) ?? {};
  return {
    type: 'object',
    properties: { ...(asked.properties as Schema), ...properties },
    required: asked.required ?? ['id'],
    additionalProperties: false,
  };
}

function posting(o: AnyOperation, input: Schema, answer: Schema | undefined, example: unknown) {
  const conditional = /\.(change|archive)$/.test(o.name) ? [headers.ifMatch] : [];
  return {
    operationId: o.name,
    tags: [o.name.split('.')[0]],
    summary: o.label,
    description: `Permission: ${o.permission}. At a shell: \`${o.example}\``,
    parameters: [...(o.keyed === false ? [] : [headers.key]), headers.prefer, ...conditional],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: input, ...(example ? { example } : {}) } },
    },
    responses: responses('What the operation answers.', answer ?? { type: 'object' }),
  };
}

const row = (table: string) => ({ $ref: `#/components/schemas/${table}` });

function listing(table: string, label: string, help: string) {
  const page = {
    type: 'object',
    required: ['rows', 'next'],
    properties: {
      rows: { type: 'array', items: row(table) },
      next: { type: ['string', 'null'], description: 'The cursor of the page after.' },
      total: { type: 'object', description: 'Of groups: the totals of all rows.' },
      subtotals: { type: 'array', items: { type: 'object' } },
      count: {
        type: 'object',
        properties: { value: { type: 'integer' }, more: { type: 'boolean' } },
      },
    },
  };
  return {
    operationId: `list ${table}`,
    tags: [table.split('.')[0]],
    summary: `List: ${label}`,
    description: help,
    parameters: listParameters,
    responses: responses('A page.', page),
  };
}

function oneRow(table: string, label: string) {
  return {
    operationId: `get ${table}`,
    tags: [table.split('.')[0]],
    summary: `One: ${label}`,
    description: 'The ETag is its version, for If-None-Match here and If-Match on a change.',
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      headers.ifNoneMatch,
    ],
    responses: responses('The row.', { type: 'object', properties: { row: row(table) } }),
  };
}

function reporting(report: Report) {
  return {
    operationId: `report ${report.name}`,
    tags: ['report'],
    summary: report.title,
    description: `Permission: ${report.permission}.`,
    parameters: [
      ...report.parameters.map((p) => ({
        name: p.name,
        in: 'query',
        required: !p.optional,
        schema: {
          type: 'string',
          ...(p.type === 'date' ? { format: 'date' } : {}),
          ...(p.type.includes('.') ? { format: 'uuid' } : {}),
        },
      })),
      {
        name: 'format',
        in: 'query',
        required: false,
        description: `A file of its rows${report.chart ? ', or its chart as a picture' : ''}.`,
        schema: { type: 'string', enum: ['json', 'csv', 'xlsx', ...(report.chart ? ['svg'] : [])] },
      },
    ],
    responses: responses('Its columns and rows.', {
      type: 'object',
      properties: {
        title: { type: 'string' },
        columns: { type: 'array', items: { type: 'object' } },
        rows: { type: 'array', items: { type: 'object' } },
      },
    }),
  };
}

function responses(description: string, schema: unknown) {
  const problem = { $ref: '#/components/schemas/Problem' };
  return {
    200: { description, content: { 'application/json': { schema } } },
    default: {
      description: 'A problem.',
      content: { 'application/problem+json': { schema: problem } },
    },
  };
}
