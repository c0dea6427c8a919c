import assert from 'node:assert/strict';
import { story, uuidv7, type World } from '#kernel/test';
import { Problem } from '../../problem.ts';
import { product } from '../../test/shop.ts';
import { checkMade } from '../deploy/made_tables.ts';

const conflictOf = async (work: () => Promise<unknown>) => {
  const error = await work().then(
    () => assert.fail('A conflict was expected.'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof Problem && error.code === 'changed_meanwhile', String(error));
  return error.errors ?? [];
};

const rowOf = async ({ behind }: World, table: string, id: unknown) =>
  (await behind(`select * from ${table} where id = $1`, id))[0];

story('two changes of one row merge where their fields differ', async (world) => {
  const [sam, ruth] = [await world.as('manager'), await world.as('manager')];
  const { id } = await product(world, { name: 'Bell', unit_price: '9.90' });
  await sam.call('catalog.product.change', { id, version: 1, name: 'Brass bell' });
  const merged = await ruth.call('catalog.product.change', { id, version: 1, unit_price: '12' });
  assert.equal(merged.version, 3);
  const row = await rowOf(world, 'catalog.product', id);
  assert.deepEqual([row?.name, row?.unit_price], ['Brass bell', '12.00']);
  // Both wanted the same: there is nothing to decide.
  await ruth.call('catalog.product.change', {
    id,
    version: 1,
    name: 'Brass bell',
    model_year: 2026,
  });
  assert.equal((await rowOf(world, 'catalog.product', id))?.model_year, 2026);
});

story('a field that both changed is refused, with what was, theirs and yours', async (world) => {
  const [sam, ruth] = [await world.as('manager'), await world.as('manager')];
  const { id } = await product(world, { name: 'Bell', unit_price: '9.90' });
  await sam.call('catalog.product.change', { id, version: 1, unit_price: '10.50' });
  await sam.call('catalog.product.change', { id, version: 2, unit_price: '11.00', name: 'Gong' });
  const wish = { id, version: 1, unit_price: '12', model_year: 2025 };
  const [error, ...more] = await conflictOf(() => ruth.call('catalog.product.change', wish));
  assert.deepEqual(more, []);
  assert.equal(error?.field, 'unit_price');
  const { was, theirs, yours, changed_by, changed_at } = error?.conflict ?? {};
  assert.deepEqual([was, theirs, yours], ['9.90', '11.00', '12.00']);
  assert.match(String(changed_by), /^manager-/);
  assert.ok(Date.parse(String(changed_at)) > 0);
  assert.match(String(error?.message), /changed this meanwhile. It is 11.00 now/);
  const row = await rowOf(world, 'catalog.product', id);
  assert.deepEqual([row?.unit_price, row?.model_year], ['11.00', null]);
  await world.refused('changed_meanwhile', () =>
    ruth.call('catalog.product.change', { id, version: 99, unit_price: '12' }),
  );
  await world.refused('not_found', () =>
    ruth.call('catalog.product.change', { id: uuidv7(), version: 1, unit_price: '12' }),
  );
});

story('who may not see the trail is told what is there, not who did it', async (world) => {
  const [sam, mia] = [await world.as('manager'), await world.as('cashier')];
  const made = await mia.call('master.party.create', { last_name: 'Vale' });
  await sam.call('master.party.change', { id: made.id, version: 1, last_name: 'Dale' });
  const wish = { id: made.id, version: 1, last_name: 'Hale' };
  const [error] = await conflictOf(() => mia.call('master.party.change', wish));
  assert.equal(error?.conflict?.was, null, 'what it was stands in the trail alone');
  assert.equal(error?.conflict?.theirs, 'Dale');
  assert.equal(error?.conflict?.changed_by, null);
  const [none] = await mia.sql(
    `select count(*) from kernel_logic.conflicts('master.party', $1, 1, $2)
      where changed_by is not null or changed_at is not null or was is not null`,
    made.id,
    JSON.stringify({ last_name: 'Hale' }),
  );
  assert.equal(none?.count, '0');
  // Of a table that one may not change nothing is told.
  const bell = await product(world);
  await sam.call('catalog.product.change', { id: bell.id, version: 1, unit_price: '1' });
  await world.refusedBySql(
    mia,
    'not_found',
    `select * from kernel_logic.conflicts('catalog.product', $1, 1, '{"unit_price": "2"}')`,
    bell.id,
  );
});

story('two who change one row at the same time both get in, or one is told', async (world) => {
  const [sam, ruth] = [await world.as('manager'), await world.as('manager')];
  const { id } = await product(world, { name: 'Race', unit_price: '1.00' });
  await Promise.all([
    sam.call('catalog.product.change', { id, version: 1, name: 'Raced' }),
    ruth.call('catalog.product.change', { id, version: 1, unit_price: '2' }),
  ]);
  const row = await rowOf(world, 'catalog.product', id);
  assert.deepEqual([row?.name, row?.unit_price, row?.version], ['Raced', '2.00', 3]);
  const both = await Promise.allSettled(
    [sam, ruth].map((who, n) =>
      who.call('catalog.product.change', { id, version: 3, name: `By ${n}` }),
    ),
  );
  assert.deepEqual(both.map((b) => b.status).toSorted(), ['fulfilled', 'rejected']);
});

story('many rows are looked at first, then changed at once, and put back', async (world) => {
  const manager = await world.as('manager');
  for (const n of [1, 2, 3]) await product(world, { name: `Lamp ${n}`, unit_price: `${n}0.00` });
  const prices = async () =>
    (
      await world.behind(
        `select unit_price from catalog.product where name like 'Lamp _' order by name`,
      )
    ).map((r) => r.unit_price);
  const wish = { filter: [['name', 'starts', 'lamp']], set: { unit_price: '15' } };
  const looked = await manager.call('catalog.product.change_many', { ...wish, preview: true });
  assert.equal(looked.count, 3);
  assert.deepEqual(looked.refused, []);
  const [first] = looked.rows as {
    before: Record<string, unknown>;
    after: Record<string, unknown>;
  }[];
  assert.deepEqual([first?.before.unit_price, first?.after.unit_price], ['10.00', '15.00']);
  assert.equal(first?.before.name, 'Lamp 1');
  assert.deepEqual(await prices(), ['10.00', '20.00', '30.00']);

  await world.refused('count_differs', () =>
    manager.call('catalog.product.change_many', { ...wish, expected: 2 }),
  );
  const done = await manager.call('catalog.product.change_many', { ...wish, expected: 3 });
  assert.equal(done.count, 3);
  assert.deepEqual(await prices(), ['15.00', '15.00', '15.00']);
  const trail = await world.behind(
    'select * from audit.change where request_id = $1',
    done.request,
  );
  assert.equal(trail.length, 3);

  const other = await world.as('manager');
  await world.refused('undo_not_possible', () =>
    other.call('catalog.product.undo_many', { request: done.request }),
  );
  await manager.call('catalog.product.undo_many', { request: done.request });
  assert.deepEqual(await prices(), ['10.00', '20.00', '30.00']);
  await world.refused('changed_meanwhile', () =>
    manager.call('catalog.product.undo_many', { request: done.request }),
  );
});

story('a change of many is all or nothing, and says which rows it stumbles over', async (world) => {
  const manager = await world.as('manager');
  const made = [];
  for (const n of [1, 2, 3]) made.push(await product(world, { name: `Pump ${n}` }));
  const ids = made.map((m) => m.id);
  const number = { ids, set: { number: 'P-1' } };
  const looked = await manager.call('catalog.product.change_many', { ...number, preview: true });
  const refused = looked.refused as { id: string; code: string; message: string }[];
  assert.deepEqual(
    refused.map((r) => [r.id, r.code]),
    ids.slice(1).map((id) => [id, 'already_exists']),
  );
  await world.refused('already_exists', () => manager.call('catalog.product.change_many', number));
  const [left] = await world.behind(`select count(*) from catalog.product where number = 'P-1'`);
  assert.equal(left?.count, '0');

  await world.refused('not_found', () =>
    manager.call('catalog.product.change_many', { ids: [...ids, uuidv7()], set: { name: 'x' } }),
  );
  await world.refused('input_wrong', () =>
    manager.call('catalog.product.change_many', { ids, set: { body_hash: 'x' } }),
  );
  await world.refused('input_wrong', () =>
    manager.call('catalog.product.change_many', { set: { name: 'x' } }),
  );
  const cashier = await world.as('cashier');
  await world.refused('not_permitted', () =>
    cashier.call('catalog.product.change_many', { ids, set: { name: 'x' } }),
  );
});

story('a change of many stays within one’s own stores', async (world) => {
  const owner = await world.as('administrator');
  const stores = await owner.list('master.store', { sort: [['code', 'asc']] });
  for (const { id } of stores)
    await owner.call('master.employee.create', { store_id: id, first_name: 'Kim' });
  const manager = await world.as('manager', { store: 'HILL' });
  const wish = { filter: [['first_name', '=', 'Kim']], set: { first_name: 'Kimberly' } };
  assert.equal((await manager.call('master.employee.change_many', wish)).count, 1);
  const [valley] = await world.behind(
    `select count(*) from master.employee e join master.store s on s.id = e.store_id
      where s.code = 'VALLEY' and first_name = 'Kim'`,
  );
  assert.equal(valley?.count, '1');
  const [own] = await manager.list('master.employee', {
    filter: [['first_name', '=', 'Kimberly']],
  });
  const away = { ids: [own?.id], set: { store_id: stores.find((s) => s.code === 'VALLEY')?.id } };
  await world.refused('not_yours', () => manager.call('master.employee.change_many', away));
});

story('more than 10,000 rows are not changed at once', async (world) => {
  const manager = await world.as('manager');
  await world.behind(
    `insert into catalog.product (name, unit_price) select 'Bulk ' || n, 1 from generate_series(1, 10001) n`,
  );
  const all = { filter: [['name', 'starts', 'bulk']], set: { model_year: 2026 } };
  await world.refused('too_many_rows', () => manager.call('catalog.product.change_many', all));
  const most = { filter: [...all.filter, ['name', '!=', 'Bulk 1']], set: all.set };
  assert.equal((await manager.call('catalog.product.change_many', most)).count, 10_000);
});

story('no operations are made for facts, for what is kept, or without trail', async ({ db }) => {
  const wrong = (name: string, table: string) =>
    checkMade(db.admin, [{ name, made: { [table]: 'kernel.administer' } }]).then(
      () => '',
      (e: Problem) => String(e.params.why),
    );
  assert.match(await wrong('pos', 'receipt'), /facts/);
  assert.match(await wrong('inventory', 'stock_level'), /kept from other rows/);
  assert.match(await wrong('kernel', 'setting'), /kept from other rows/);
  await db.admin.query('create table catalog.odd (id uuid primary key, name text)');
  await db.admin.query('grant insert, update on catalog.odd to kontor_app');
  assert.match(await wrong('catalog', 'odd'), /no column version/);
  await db.admin.query('alter table catalog.odd add version integer');
  assert.match(await wrong('catalog', 'odd'), /not tracked/);
  assert.match(await wrong('catalog', 'nothing'), /no such table/);
  assert.equal(await wrong('catalog', 'product'), '');
});
