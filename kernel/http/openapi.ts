import { z } from 'zod';
import { operations } from '../modules.ts';

const problemSchema = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};

/** OpenAPI 3.1, made from the same definitions as the endpoints. */
export async function openApi(version: string): Promise<Record<string, unknown>> {
  const paths: Record<string, unknown> = { '/{module}/{table}': { get: listing() } };
  for (const o of (await operations()).values()) {
    paths[`/${o.name.replaceAll('.', '/')}`] = {
      post: {
        operationId: o.name,
        summary: o.label,
        description: `Permission: ${o.permission}. At a shell: ${o.example}`,
        ...(o.keyed === false ? {} : { parameters: [idempotencyKey] }),
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: z.toJSONSchema(o.input, { unrepresentable: 'any' }) },
          },
        },
        responses: responses('What the operation answers.', { type: 'object' }),
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Kontor', version },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problemSchema },
    },
    paths,
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

function listing() {
  const text = (name: string, description: string) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  });
  const place = (name: string) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  });
  return {
    operationId: 'list',
    summary: 'List a table or view',
    parameters: [
      place('module'),
      place('table'),
      text('q', 'Search.'),
      text('sort', 'A column, with - before it for the other way.'),
      text('limit', 'At most 200.'),
      text('cursor', 'The `next` of the page before, as JSON.'),
      text('columns', 'Separated by commas.'),
      text('filter', 'JSON: [[column, operator, value], …].'),
      text('count', '1 counts too, to 10,000.'),
    ],
    responses: responses('A page.', {
      type: 'object',
      properties: {
        rows: { type: 'array', items: { type: 'object' } },
        next: {},
        count: { type: 'object' },
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
