import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld } from '#kernel/test';
import { makeServer } from './server.ts';

interface Session {
  home: string;
  areas: { name: string; label: string }[];
  menu: { area: string; label: string; page?: string; list?: string }[];
}

let app: FastifyInstance;
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'silent' });
  app = await makeServer({ db, home: tmpdir(), log, version: 'test' }, async () => {});
});
after(() => app.close());

async function sessionOf(token: string, language = 'en'): Promise<Session> {
  const headers = { authorization: `Bearer ${token}`, 'accept-language': language };
  return (await app.inject({ url: '/api/v1/session', headers })).json<Session>();
}

story('the menu stands in areas, in the order that modules give them', async ({ as }) => {
  const owner = await as('administrator');
  const { areas, menu } = await sessionOf(owner.token);
  const names = areas.map(({ name }) => name);
  assert.equal(names[0], 'home');
  assert.equal(names.at(-1), 'settings');
  assert.ok(names.indexOf('sell') < names.indexOf('stock'));
  // Entries come area by area, and no area is empty.
  const held = menu.map(({ area }) => area);
  assert.deepEqual([...new Set(held)], names);
  assert.deepEqual(
    held.toSorted((a, b) => names.indexOf(a) - names.indexOf(b)),
    held,
  );
  const arabic = await sessionOf(owner.token, 'ar');
  assert.equal(arabic.areas.find(({ name }) => name === 'stock')?.label, 'المخزون');
});

story('a list stands in the menu of who may read its table, and of nobody else', async (world) => {
  const owner = await world.as('administrator');
  const { role, version } = await owner.call<{ role: string; version: number }>(
    'identity.role.make',
    { label: 'Stock keeper', copies: 'cashier' },
  );
  const permissions = ['inventory.see', 'catalog.see', 'identity.prefer'];
  await owner.call('identity.role.permit', { role, version, permissions });
  const keeper = await world.as('cashier', { store: 'HILL' });
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  await owner.call('identity.user.give_role', { id: keeper.id, role, store_id: hill?.id });
  const given = { id: keeper.id, role: 'cashier', store_id: hill?.id };
  await owner.call('identity.user.take_role', given);

  const { menu, areas, home } = await sessionOf(keeper.token);
  const lists = new Set(menu.flatMap(({ list }) => list ?? []));
  assert.ok(lists.has('inventory.stock_level') && lists.has('catalog.product'));
  for (const list of ['pos.receipt', 'pos.payment', 'sales.sales_order', 'master.party'])
    assert.ok(!lists.has(list), list);
  assert.ok(!areas.some(({ name }) => name === 'sell' || name === 'accounting'));
  // Neither the dashboard nor the till is theirs: they begin with the first page that is.
  assert.ok(menu.some((entry) => (entry.page ?? entry.list?.replace('.', '/')) === home));
  assert.notEqual(home, 'dashboard');
});

story('one begins on the page of one’s role', async ({ as }) => {
  const homes = await Promise.all(
    (['cashier', 'manager', 'administrator'] as const).map(async (role) => {
      const { token } = await as(role, role === 'administrator' ? {} : { store: 'HILL' });
      return (await sessionOf(token)).home;
    }),
  );
  assert.deepEqual(homes, ['till', 'dashboard', 'dashboard']);
});

story('pages are pinned for oneself, at most twenty, and for nobody else', async (world) => {
  const [mia, ruth] = [await world.as('cashier'), await world.as('manager')];
  const pinned = ['/catalog/product', '/reports'];
  await mia.call('identity.preference.set', { pinned });
  await mia.call('identity.preference.set', { theme: 'dark' });
  const read = await mia.list('identity.preference', {});
  assert.deepEqual(
    read.map((row) => row.pinned),
    [pinned],
  );
  assert.deepEqual(await ruth.list('identity.preference', {}), []);
  const many = Array.from({ length: 21 }, (_, n) => `/page/${n}`);
  await assert.rejects(mia.call('identity.preference.set', { pinned: many }));
  await world.refusedBySql(
    mia,
    'preference_pinned_check',
    'update identity.preference set pinned = $1',
    many,
  );
  await mia.call('identity.preference.set', { pinned: [] });
  assert.deepEqual((await mia.list('identity.preference', {}))[0]?.pinned, []);
});
