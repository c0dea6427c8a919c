import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld } from '#kernel/test';
import { makeServer } from './server.ts';

let app: FastifyInstance;
before(async () => {
  const { db } = await theWorld();
  const options = { db, home: tmpdir(), log: pino({ level: 'silent' }), version: 'test' };
  app = await makeServer(options, async () => {});
});
after(() => app.close());

const asking = (url: string, headers: Record<string, string> = {}, remoteAddress = '10.0.0.1') =>
  app.inject({ method: 'GET', url, headers, remoteAddress });

story(
  'a stranger reads what the program is, and nothing of what a business added',
  async (world) => {
    const owner = await world.as('administrator');
    const api = (headers: Record<string, string> = {}) => asking('/api/openapi.json', headers);
    const before = await api();
    assert.equal(before.statusCode, 200);
    await owner.call('kernel.custom_field.create', {
      ...{ table_name: 'catalog.product', name: 'pact', label: 'Pact of 1815', type: 'text' },
    });
    const mine = await api({ authorization: `Bearer ${owner.token}` });
    assert.match(mine.body, /Pact of 1815/);
    assert.match(mine.body, /"custom\.pact"/);
    const forged = { authorization: `Bearer ${'x'.repeat(40)}` };
    const old: Record<string, string> = { cookie: `kontor_session=${'x'.repeat(40)}` };
    for (const headers of [{}, forged, old]) {
      const theirs = await api(headers);
      assert.equal(theirs.statusCode, 200);
      assert.equal(theirs.body, before.body);
      assert.doesNotMatch(theirs.body, /"custom\.|Pact of/);
    }
    await world.behind('update identity.session set ended_at = now() where user_id = $1', owner.id);
    const ended = await api({ authorization: `Bearer ${owner.token}` });
    assert.equal(ended.body, before.body);

    const tag = String(before.headers.etag);
    assert.equal((await api({ 'if-none-match': tag })).statusCode, 304);
    assert.notEqual(mine.headers.etag, tag);
    assert.match(String(mine.headers['cache-control']), /private/);
  },
);

story('what is open to all is not open without end', async () => {
  for (const page of ['/api/openapi.json', '/api/errors', '/api/reference/']) {
    const from = (address: string) => asking(page, {}, address);
    const told: number[] = [];
    for (let n = 0; n < 61; n++) told.push((await from('10.0.0.2')).statusCode);
    assert.deepEqual([told[0], told[59], told[60]], [200, 200, 429], page);
    assert.equal((await from('10.0.0.2')).json().code, 'too_many_requests');
    assert.equal((await from('10.0.0.3')).statusCode, 200, page);
  }
});
