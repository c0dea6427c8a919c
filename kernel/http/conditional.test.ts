import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld, uuidv7 } from '#kernel/test';
import { makeServer } from './server.ts';

let app: FastifyInstance;
let base = '';
const said: { msg: string; name?: string; ms?: number }[] = [];
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line)) });
  // With a limit of nothing every call is a slow one.
  const options = { db, home: tmpdir(), log, version: 'test', slowMs: 0 };
  app = await makeServer(options, async () => {});
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => app.close());

const ask = (token: string, method: string, path: string, more: RequestInit = {}) =>
  fetch(`${base}${path}`, {
    method,
    ...more,
    headers: {
      authorization: `Bearer ${token}`,
      ...(more.body ? { 'content-type': 'application/json', 'idempotency-key': uuidv7() } : {}),
      ...more.headers,
    },
  });

story(
  'a record is answered again only where it changed, and changed only as it was seen',
  async (world) => {
    const { token } = await world.as('manager');
    const write = (verb: string, body: unknown, headers: Record<string, string> = {}) =>
      ask(token, 'POST', `/api/v1/catalog/brand/${verb}`, { body: JSON.stringify(body), headers });
    const created = await write('create', { name: 'Hillside' }, { prefer: 'return=minimal' });
    assert.equal(created.status, 204);
    assert.equal(created.headers.get('preference-applied'), 'return=minimal');
    assert.equal(await created.text(), '');
    const place = created.headers.get('location') ?? '';
    assert.match(place, /^\/api\/v1\/catalog\/brand\/[0-9a-f-]{36}$/);

    const first = await ask(token, 'GET', place);
    const tag = first.headers.get('etag') ?? '';
    const id = place.split('/').at(-1);
    const same = await ask(token, 'GET', place, { headers: { 'if-none-match': tag } });
    assert.equal(same.status, 304);
    assert.equal((await write('change', { id, name: 'Hill' }, { 'if-match': tag })).status, 200);
    const now = await ask(token, 'GET', place, { headers: { 'if-none-match': tag } });
    assert.equal(now.status, 200);
    const late = await write('change', { id, name: 'Dale' }, { 'if-match': tag });
    assert.equal(late.status, 412);
    assert.equal((await late.json()).code, 'changed_meanwhile');
    const odd = await write('change', { id, name: 'Dale' }, { 'if-match': 'three' });
    assert.equal((await odd.json()).code, 'etag_wrong');

    const list = await ask(token, 'GET', '/api/v1/catalog/brand');
    const listTag = list.headers.get('etag') ?? '';
    const again = (path: string) =>
      ask(token, 'GET', path, { headers: { 'if-none-match': listTag } });
    assert.equal((await again('/api/v1/catalog/brand')).status, 304);
    assert.equal((await again('/api/v1/catalog/brand?q=dale')).status, 200);
  },
);

story(
  'Prometheus reads what is measured, if it may; what was slow is in the log by name',
  async (world) => {
    const { token } = await world.as('administrator');
    const cashier = await world.as('cashier');
    await ask(token, 'GET', '/api/v1/master/store');
    await ask(token, 'GET', '/api/v1/report/low_stock');
    const refused = await ask(cashier.token, 'POST', '/api/v1/catalog/brand/create', {
      body: JSON.stringify({ name: 'Mine' }),
    });
    assert.equal(refused.status, 403);
    assert.equal((await fetch(`${base}/metrics`)).status, 401);
    assert.equal((await ask(cashier.token, 'GET', '/metrics')).status, 403);
    const told = await (await ask(token, 'GET', '/metrics')).text();
    assert.match(told, /kontor_work_seconds_count\{kind="list",name="master\.store"\} [1-9]/);
    assert.match(told, /kontor_work_seconds_count\{kind="report",name="low_stock"\} 1/);
    assert.match(
      told,
      /kontor_work_refused_total\{kind="operation",name="catalog\.brand\.create"\} 1/,
    );
    assert.match(
      told,
      /kontor_http_request_seconds_count\{[^}]*route="\/api\/v1\/:module\/:table"/,
    );
    assert.match(told, /kontor_pool_connections\{pool="app",state="idle"\}/);
    assert.match(told, /process_resident_memory_bytes/);
    const slow = said.filter((line) => line.msg === 'slow').map((line) => line.name);
    assert.ok(slow.includes('low_stock') && slow.includes('master.store'), String(slow));
    assert.ok(!JSON.stringify(said).includes('Mine'), 'what was sent stays out of the log');
  },
);

story('what is long is sent small, and never beside a secret', async (world) => {
  const { token } = await world.as('manager');
  const small = async (path: string) =>
    (await ask(token, 'GET', path, { headers: { 'accept-encoding': 'gzip, br' } })).headers.get(
      'content-encoding',
    );
  assert.equal(await small('/api/v1/catalogue'), 'gzip');
  assert.equal(await small('/api/v1/session'), null);
});

story('what comes compressed is not inflated', async (world) => {
  const { token } = await world.as('manager');
  const answer = await ask(token, 'POST', '/api/v1/catalog/brand/create', {
    body: gzipSync(JSON.stringify({ name: 'Small' })),
    headers: { 'content-encoding': 'gzip' },
  });
  assert.equal(answer.status, 400);
});
