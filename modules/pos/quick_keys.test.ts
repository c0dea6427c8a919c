import assert from 'node:assert/strict';
import { story, type World } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

const storeOf = async ({ behind }: World, code: string) =>
  String((await behind('select id from master.store where code = $1', code))[0]?.id);

story(
  'a till shows what the shop chose, then what it sells most, then others by name',
  async (world) => {
    const { behind } = world;
    const manager = await world.as('manager', { store: 'HILL' });
    const cashier = await world.as('cashier', { store: 'HILL' });
    const hill = await storeOf(world, 'HILL');
    const valley = await storeOf(world, 'VALLEY');
    const [shelf] = await behind(
      `insert into catalog.product_category (name) values ('Parts') returning id`,
    );
    const names = ['Axle', 'Bell', 'Chain', 'Drum', 'Elbow', 'Fork'];
    const made = new Map<string, string>();
    for (const name of names) {
      const { id } = await product(world, { name, unit_price: '10.00' });
      if (name > 'C')
        await behind(
          'update catalog.product set product_category_id = $1 where id = $2',
          shelf?.id,
          id,
        );
      made.set(name, String(id));
    }
    const goods = async (name: string) =>
      (await behind('select * from catalog.product where id = $1', made.get(name)))[0]!;
    const at = await counter(world, manager);
    const sell = async (name: string, days: number) => {
      const happened_at = new Date(Date.now() - days * 86_400_000).toISOString();
      const sold = sale(at, [{ product: await goods(name), quantity: 1 }]);
      await manager.call('pos.receipt.ring_up', { ...sold, happened_at });
    };
    for (const name of ['Drum', 'Fork', 'Drum']) await sell(name, 2);
    // What was sold long ago doesn't count, and what is sold today moves no key before tomorrow.
    for (const [name, days] of [
      ['Bell', 40],
      ['Chain', 0],
    ] as const) {
      for (let times = 0; times < 3; times++) await sell(name, days);
    }
    const shown = async (shelf_id: string | null = null, store = hill) => {
      const rows = await cashier.list('pos.quick_sellable', {
        filter: [
          ['store_id', '=', store],
          shelf_id ? ['shelf_id', '=', shelf_id] : ['shelf_id', 'is_null'],
        ],
      });
      return rows.sort((a, b) => Number(a.place) - Number(b.place)).map(({ name }) => name);
    };
    assert.deepEqual(await shown(), ['Drum', 'Fork', 'Axle', 'Bell', 'Chain', 'Elbow']);

    const pin = (name: string, position: number) =>
      manager.call<{ id: string; version: number }>('pos.quick_key.create', {
        store_id: hill,
        product_id: made.get(name),
        position,
      });
    await pin('Elbow', 2);
    const bell = await pin('Bell', 1);
    assert.deepEqual(await shown(), ['Bell', 'Elbow', 'Drum', 'Fork', 'Axle', 'Chain']);
    assert.deepEqual(await shown(String(shelf?.id)), ['Elbow', 'Drum', 'Fork', 'Chain']);
    await manager.call('pos.quick_key.archive', { id: bell.id, version: bell.version });
    await behind('update catalog.product set is_active = false where id = $1', made.get('Elbow'));
    assert.deepEqual(await shown(), ['Drum', 'Fork', 'Axle', 'Bell', 'Chain']);
    assert.deepEqual(await shown(null, valley), []);

    const said = { store_id: hill, product_id: made.get('Fork'), position: 1 };
    await world.refused('not_permitted', () => cashier.call('pos.quick_key.create', said));
    const raw = 'insert into pos.quick_key (store_id, product_id, position) values ($1, $2, 1)';
    await world.refusedBySql(cashier, 'row-level security', raw, hill, made.get('Fork'));
    await world.refusedBySql(manager, 'row-level security', raw, valley, made.get('Fork'));
  },
);

story(
  'a store’s categories are those that it has something of, or that nobody counts',
  async (world) => {
    const { behind } = world;
    const cashier = await world.as('cashier', { store: 'HILL' });
    const hill = await storeOf(world, 'HILL');
    const shelfOf = async (name: string, given: Parameters<typeof product>[1]) => {
      const [shelf] = await behind(
        'insert into catalog.product_category (name) values ($1) returning id',
        name,
      );
      const { id } = await product(world, given);
      await behind(
        'update catalog.product set product_category_id = $1 where id = $2',
        shelf?.id,
        id,
      );
    };
    await behind(`insert into catalog.product_category (name) values ('Empty')`);
    await shelfOf('Here', { on_hand: '3' });
    await shelfOf('There', { on_hand: '3', store: 'VALLEY' });
    await shelfOf('Uncounted', {});
    const names = async (store: string) => {
      const rows = await cashier.list('pos.sellable_category', {
        filter: [['store_id', '=', store]],
      });
      return rows
        .map(({ name }) => name)
        .filter((name) => name !== 'Parts')
        .sort();
    };
    assert.deepEqual(await names(hill), ['Here', 'Uncounted']);
    assert.deepEqual(await names(await storeOf(world, 'VALLEY')), []);
  },
);

story('a product’s picture is the first of its files that is one', async (world) => {
  const { behind } = world;
  const cashier = await world.as('cashier', { store: 'HILL' });
  const { id } = await product(world, { name: 'Aardvark' });
  const attach = (position: number, type: string, active = true) =>
    behind(
      `with c as (insert into files.content values (repeat($2, 64), 1) returning hash)
       insert into files.attachment (table_name, row_id, position, name, content_type, size, hash, is_active, attached_by)
       select 'catalog.product', $1, $3, 'x', $4, 1, hash, $5, $6 from c returning id`,
      id,
      String(position),
      position,
      type,
      active,
      cashier.id,
    );
  await attach(1, 'application/pdf');
  await attach(2, 'image/png', false);
  const [second] = await attach(3, 'image/webp');
  await attach(4, 'image/png');
  const filter = [
    ['store_id', '=', await storeOf(world, 'HILL')],
    ['shelf_id', 'is_null'],
    ['id', '=', String(id)],
  ] as ['store_id' | 'shelf_id' | 'id', string, string?][];
  const [shown] = await cashier.list('pos.quick_sellable', { filter });
  assert.equal(shown?.picture_id, second?.id);
});
