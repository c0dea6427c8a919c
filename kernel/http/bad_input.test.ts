import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld, uuidv7 } from '#kernel/test';
import { counter, product, sale } from '../test/shop.ts';
import { makeServer } from './server.ts';

let app: FastifyInstance;
let base = '';
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'silent' });
  app = await makeServer({ db, home: tmpdir(), log, version: 'test' }, async () => {});
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => app.close());

interface Told {
  status: number;
  code: string;
  request_id: string;
  errors: { field: string }[];
  [more: string]: unknown;
}

async function ask(
  method: string,
  path: string,
  token?: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': uuidv7() } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(
    response.status < 500,
    `${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`,
  );
  assert.ok(response.headers.get('x-request-id'));
  return { response, told: JSON.parse(text) as Told };
}

story('a bad request is told what is wrong, field by field, and changes nothing', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const good = sale(at, [{ product: await product(world, { unit_price: '10.00' }), quantity: 1 }]);
  const count = async () => (await world.behind('select count(*) from pos.receipt'))[0]?.count;
  const before = await count();
  const wrong: [string, unknown, string, string?][] = [
    ['a wrong type', { ...good, number: 'one' }, 'input_wrong', 'number'],
    ['a huge number', { ...good, net_amount: '9'.repeat(40) }, 'input_wrong', 'net_amount'],
    ['an unknown field', { ...good, colour: 'red' }, 'input_wrong', 'colour'],
    ['no lines', { ...good, lines: [] }, 'input_wrong', 'lines'],
    ['an id that is none', { ...good, id: 'x' }, 'input_wrong', 'id'],
    [
      'a NUL byte',
      {
        ...good,
        payments: [{ position: 1, method: 'card', amount: '10.00', approval_code: 'a\u0000' }],
      },
      'input_wrong',
      'payments.0.approval_code',
    ],
    ['a claim that is nobody’s', { ...good, claim_id: uuidv7() }, 'till_unknown'],
    ['a session of another till', { ...good, till_session_id: uuidv7() }, 'session_unknown'],
    ['amounts that don’t add up', { ...good, net_amount: '11.00' }, 'receipt_does_not_add_up'],
    [
      'a payment too little',
      { ...good, payments: [{ position: 1, method: 'cash', amount: '9.00' }] },
      'receipt_does_not_add_up',
    ],
    [
      'a product that isn’t there',
      { ...good, lines: good.lines.map((l) => ({ ...l, product_id: uuidv7() })) },
      'refers_to_nothing',
    ],
    ['a list instead of an object', [], 'input_wrong'],
    ['null', null, 'input_wrong'],
  ];
  for (const [what, body, code, field] of wrong) {
    const { told } = await ask('POST', '/pos/receipt/ring_up', cashier.token, body);
    assert.equal(told.code, code, `${what}: ${JSON.stringify(told)}`);
    if (field)
      assert.ok(
        told.errors.some((e) => e.field === field),
        `${what}: ${JSON.stringify(told.errors)}`,
      );
  }
  assert.equal(await count(), before);
  const { response } = await ask('POST', '/pos/receipt/ring_up', cashier.token, good);
  assert.equal(response.status, 200);
});

story(
  'what isn’t JSON, is too large or isn’t signed in is refused with a sentence',
  async (world) => {
    const manager = await world.as('manager', { store: 'HILL' });
    const cases: [string, string, string | undefined, unknown, string][] = [
      ['POST', '/master/party/create', manager.token, '{"first_name": ', 'body_not_json'],
      ['POST', '/master/party/create', manager.token, '', 'body_not_json'],
      [
        'POST',
        '/master/party/create',
        manager.token,
        { note: 'x'.repeat(10_000_000) },
        'body_too_large',
      ],
      ['POST', '/master/party/create', undefined, { first_name: 'A' }, 'not_signed_in'],
      ['POST', '/master/party/create', 'x'.repeat(32), { first_name: 'A' }, 'not_signed_in'],
      ['POST', '/master/party/fly', manager.token, {}, 'operation_unknown'],
      ['GET', '/master/nothing', manager.token, undefined, 'table_unknown'],
      ['GET', '/master/party?filter=nonsense', manager.token, undefined, 'parameter_wrong'],
      ['GET', '/master/party?limit=100000', manager.token, undefined, 'input_wrong'],
      ['GET', '/master/party?sort=%27%3B--', manager.token, undefined, 'column_unknown'],
      [
        'GET',
        `/master/party?filter=${encodeURIComponent('[["name","; drop","x"]]')}`,
        manager.token,
        undefined,
        'operator_unknown',
      ],
      [
        'GET',
        `/pos/receipt?filter=${encodeURIComponent('[["gross_amount",">","x"]]')}`,
        manager.token,
        undefined,
        'value_wrong',
      ],
      ['GET', `/master/party?q=${encodeURIComponent("o'neil%_\\")}`, manager.token, undefined, ''],
      ['GET', '/kernel/secret', manager.token, undefined, 'table_unknown'],
      [
        'GET',
        `/master/party?filter=${encodeURIComponent('[["name","in","x"]]')}`,
        manager.token,
        undefined,
        'filter_value_wrong',
      ],
      ['GET', '/master/party/not-an-id', manager.token, undefined, 'not_found'],
      ['GET', `/master/party/${uuidv7()}`, manager.token, undefined, 'not_found'],
      ['GET', '/report/nothing', manager.token, undefined, 'report_unknown'],
      [
        'GET',
        '/report/sales_by_store?from=yesterday&to=2026-01-01',
        manager.token,
        undefined,
        'parameter_wrong',
      ],
      ['GET', '/export/identity.session_secret', manager.token, undefined, 'table_unknown'],
    ];
    for (const [method, path, token, body, code] of cases) {
      const { told } = await ask(method, path, token, body);
      assert.equal(
        told.code ?? '',
        code,
        `${method} ${path}: ${JSON.stringify(told).slice(0, 300)}`,
      );
    }
  },
);

story('made forms name the field, and a change on top of another’s is told', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const made = async (body: unknown) =>
    (await ask('POST', '/catalog/product/create', manager.token, body)).told;
  const bad: [Record<string, unknown>, string, string?][] = [
    [{ name: 'Bell' }, 'input_wrong', 'unit_price'],
    [{ name: 'Bell', unit_price: 'cheap' }, 'input_wrong', 'unit_price'],
    [{ name: 'Bell', unit_price: '1.999' }, 'input_wrong', 'unit_price'],
    [{ name: 'Bell', unit_price: '1', brand_id: uuidv7() }, 'refers_to_nothing', 'brand_id'],
    [{ name: 'Bell', unit_price: '1', id: uuidv7() }, 'input_wrong', 'id'],
    [{ name: 'Bell\u0000', unit_price: '1' }, 'input_wrong', 'name'],
    [{ name: 'Bell', unit_price: '-1' }, 'rule_broken', 'unit_price'],
    [{ name: 'Bell', unit_price: '1', model_year: 99999 }, 'value_wrong'],
  ];
  for (const [body, code, field] of bad) {
    const told = await made(body);
    assert.equal(told.code, code, JSON.stringify(told));
    if (field)
      assert.ok(
        told.errors.some((e) => e.field === field),
        JSON.stringify(told.errors),
      );
  }
  const below = await made({ name: 'Bell', unit_price: '-1' });
  assert.equal(below.detail, 'Price is not allowed: it must be at least 0.');
  const bell = await made({ name: 'Bell', unit_price: '9.9' });
  const { told } = await ask('GET', `/catalog/product/${bell.id}`, manager.token);
  assert.equal((told.row as Record<string, unknown>).unit_price, '9.90');
  const change = (version: number, name: string) =>
    ask('POST', '/catalog/product/change', manager.token, { id: bell.id, version, name });
  assert.equal((await change(1, 'Bell, brass')).told.version, 2);
  const { told: late, response } = await change(1, 'Bell, steel');
  assert.equal(response.status, 409);
  assert.equal(late.code, 'changed_meanwhile');
  assert.deepEqual(
    late.errors.map((e) => e.field),
    ['name'],
  );
});

story('a cookie’s writes need its CSRF token; a key is one request’s', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const cookie = { cookie: `kontor_session=${manager.token}` };
  const without = await ask('POST', '/master/party/create', undefined, { first_name: 'A' }, cookie);
  assert.equal(without.told.code, 'csrf_wrong');
  const me = await ask('GET', '/session', undefined, undefined, cookie);
  const headers = { ...cookie, 'x-csrf-token': String(me.told.csrf), 'idempotency-key': 'once' };
  const first = await ask('POST', '/master/party/create', undefined, { first_name: 'A' }, headers);
  const again = await ask('POST', '/master/party/create', undefined, { first_name: 'A' }, headers);
  assert.equal(again.told.id, first.told.id);
  const other = await ask('POST', '/master/party/create', undefined, { first_name: 'B' }, headers);
  assert.equal(other.told.code, 'key_reused');
  await world.behind(
    `update identity.session set last_seen_at = now() - interval '13 hours' where user_id = $1`,
    manager.id,
  );
  const late = await ask(
    'POST',
    '/master/party/create',
    undefined,
    { first_name: 'C' },
    { ...headers, 'idempotency-key': 'later' },
  );
  assert.equal(late.told.code, 'not_signed_in');
});
