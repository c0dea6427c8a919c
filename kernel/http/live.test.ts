import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld } from '#kernel/test';
import { until } from '../jobs/fixture/jobs.ts';
import { makeServer } from './server.ts';

let app: FastifyInstance;
let base = '';
const open = new AbortController();
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'silent' });
  app = await makeServer({ db, home: tmpdir(), log, version: 'test' }, async () => {});
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(async () => {
  open.abort();
  await app.close();
});

const session = async (token: string) => {
  const answer = await fetch(`${base}/api/v1/session`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { as_of: string }).as_of;
};

/** The tables that a page is told of from now on, which began to read then. */
async function listen(token: string, asOf = '', more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${token}`, ...more };
  const { body } = await fetch(`${base}/api/v1/live?as_of=${asOf}`, {
    headers,
    signal: open.signal,
  });
  const told = new Set<string>();
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of body ?? []) {
      for (const [, table] of decoder.decode(part).matchAll(/"table":"([a-z_.]+)"/g))
        told.add(table ?? '');
    }
  };
  read().catch(() => {});
  return told;
}

story(
  'a page is told of what changed since it was opened, and of nothing that it read',
  async (world) => {
    const manager = await world.as('manager');
    await manager.call('catalog.brand.create', { name: 'Hillside' });
    const late = await manager.open();
    await late.sql(`insert into catalog.unit (code, name) values ('PR', 'Pair')`);

    const began = await session(manager.token);
    const fresh = await listen(manager.token, began);
    const back = await listen(manager.token, began, { 'last-event-id': '1' });
    const silent = await listen(manager.token);
    const odd = await listen(manager.token, '0:0:;drop');
    const told = [back, silent, odd];
    await until(async () => told.every((one) => one.has('catalog.brand')));
    // Told in order: who hears of this change would have heard of the brand by now.
    await manager.call('catalog.product_category.create', { name: 'Lights' });
    await until(async () => fresh.has('catalog.product_category'));
    assert.deepEqual([...fresh], ['catalog.product_category']);

    // What began before a page was opened, and is committed after it read.
    await late.commit();
    await until(async () => fresh.has('catalog.unit'));
    assert.deepEqual([...fresh], ['catalog.product_category', 'catalog.unit']);
  },
);
