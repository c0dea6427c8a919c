// What OpenAPI says beside operations, tables and reports.

export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'request_id'],
  properties: {
    type: { type: 'string', description: 'Where the code is explained.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'For programs; it stays when the sentence changes.' },
    detail: { type: 'string', description: 'For people: what is wrong and what to do.' },
    params: { type: 'object' },
    request_id: { type: 'string', description: 'The same in the log and in the trail.' },
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

const header = (name: string, description: string, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string', maxLength: 200 },
});

export const headers = {
  key: header(
    'Idempotency-Key',
    'Made by you; the same when you try the same request again, which then acts once.',
    true,
  ),
  prefer: header('Prefer', '`return=minimal` answers 204 without a body.'),
  ifMatch: header(
    'If-Match',
    'The ETag that you saw, in place of `version` in the body; 412 where it changed since.',
  ),
  ifNoneMatch: header('If-None-Match', 'The ETag that you have: answers 304 if it still stands.'),
};

const text = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
});

export const listParameters = [
  text('q', 'Search: three letters or more, or the beginning of a word.'),
  text('sort', 'Columns, separated by commas; - before one for the other way.'),
  { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200 } },
  text('cursor', 'The `next` of the page before.'),
  text('columns', 'Separated by commas; all without it.'),
  text('filter', 'JSON: [[column, operator, value], …].'),
  text('count', '1 counts too: exactly to 10,000, then `more` is true.'),
  text('group', 'One or two columns; a date by day, week, month or year: `business_on:month`.'),
  text('totals', 'Of groups: `sum:gross_amount,avg:…`, also min and max.'),
  text('view', 'The name of a saved view; what else is asked for goes over it.'),
  headers.ifNoneMatch,
];

const answer = (description: string, type = 'application/json') => ({
  200: { description, content: { [type]: { schema: {} } } },
  default: {
    description: 'A problem.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
});
const body = (properties: Record<string, unknown>, required: string[]) => ({
  required: true,
  content: { 'application/json': { schema: { type: 'object', properties, required } } },
});
const words = { type: 'string' };

/** The paths that are neither a table's nor an operation's. */
export const aside = {
  '/session': {
    post: {
      operationId: 'sign in',
      tags: ['session'],
      summary: 'Sign in',
      description: 'With `bearer: true` it answers a token, otherwise it sets a cookie.',
      security: [],
      requestBody: body({ login: words, password: words, bearer: { type: 'boolean' } }, [
        'login',
        'password',
      ]),
      responses: answer('Who you are and what you may.'),
    },
    get: {
      operationId: 'who am I',
      tags: ['session'],
      summary: 'Who you are and what you may',
      responses: answer('Your name, permissions and stores.'),
    },
    delete: {
      operationId: 'sign out',
      tags: ['session'],
      summary: 'Sign out',
      responses: answer('Ended.'),
    },
  },
  '/approval': {
    post: {
      operationId: 'approve',
      tags: ['session'],
      summary: 'A second person’s consent to one call',
      description: 'Send what it answers in the header X-Approval of that very call.',
      requestBody: body({ login: words, password: words, operation: words, input: {} }, [
        'login',
        'password',
        'operation',
        'input',
      ]),
      responses: answer('The approval, good for five minutes and one call.'),
    },
  },
  '/catalogue': {
    get: {
      operationId: 'catalogue',
      tags: ['session'],
      summary: 'The tables, operations and reports that you may see',
      responses: answer('As screens are made of it.'),
    },
  },
  '/export/{table}': {
    get: {
      operationId: 'export',
      tags: ['data'],
      summary: 'Every row of a list, streamed',
      parameters: [
        { name: 'table', in: 'path', required: true, schema: { type: 'string' } },
        text('format', 'csv, json or xlsx (Excel).'),
        text('language', 'Of the titles in an Excel file, such as ar.'),
        text('time_zone', 'Of the moments in an Excel file; that of the shop.'),
        ...listParameters.filter((p) => ['q', 'sort', 'columns', 'filter'].includes(p.name)),
      ],
      responses: answer('The rows.', 'text/csv'),
    },
  },
  '/facts/{table}/{id}': {
    get: {
      operationId: 'facts',
      tags: ['data'],
      summary: 'Figures of a record, of what you may list',
      description: 'Each is the total of the list that it names, with this filter.',
      parameters: [
        { name: 'table', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      ],
      responses: answer('The figures.'),
    },
  },
  '/document/{document}/{id}': {
    get: {
      operationId: 'document',
      tags: ['data'],
      summary: 'A document as PDF, of what you may read',
      parameters: [
        {
          name: 'document',
          in: 'path',
          required: true,
          description: '`module.table`, as the catalogue names those that there are.',
          schema: { type: 'string' },
        },
        { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
        text('paper', 'a4, a5, letter, or roll (80 mm); without it what the country uses.'),
        text('language', 'Such as ar; without it that of Accept-Language.'),
        text('format', 'pdf, or json for what stands on it.'),
      ],
      responses: answer('The document.', 'application/pdf'),
    },
  },
  '/live': {
    get: {
      operationId: 'live',
      tags: ['data'],
      summary: 'Notices of what changed, as server-sent events',
      description: 'Each carries a table and a store only; ask the list again.',
      parameters: [
        text('as_of', 'That of the session when one began to read: what one read is not told.'),
      ],
      responses: answer('A stream.', 'text/event-stream'),
    },
  },
};
