import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { counter, product, sale } from '../../test/shop.ts';

story('what is made from the catalogue is created, changed once, archived', async (world) => {
  const manager = await world.as('manager');
  const cashier = await world.as('cashier');
  const bell = await manager.call('catalog.product.create', { name: 'Bell', unit_price: '9.9' });
  const given = { id: bell.id, version: bell.version, unit_price: '10.5' };
  await world.refused('not_permitted', () => cashier.call('catalog.product.change', given));
  const changed = await manager.call('catalog.product.change', given);
  assert.equal(changed.version, 2);
  await world.refused('changed_meanwhile', () =>
    manager.call('catalog.product.change', { ...given, unit_price: '11' }),
  );
  await world.refused('input_wrong', () =>
    manager.call('catalog.product.create', { name: 'Bell', unit_price: '9.999' }),
  );
  await world.refused('input_wrong', () =>
    manager.call('catalog.product.create', { name: 'Bell', unit_price: '9', body_hash: 'x' }),
  );
  const [row] = await manager.list('catalog.product', { filter: [['id', '=', String(bell.id)]] });
  assert.equal(row?.unit_price, '10.50');

  await world.refused('changed_meanwhile', () =>
    manager.call('catalog.product.archive', { id: bell.id, version: 1 }),
  );
  await manager.call('catalog.product.archive', { id: bell.id, version: 2 });
  const [gone] = await manager.list('catalog.product', { filter: [['id', '=', String(bell.id)]] });
  assert.equal(gone?.is_active, false);
  await manager.call('catalog.product.restore', { id: bell.id, version: 3 });
  const [back] = await manager.list('catalog.product', { filter: [['id', '=', String(bell.id)]] });
  assert.equal(back?.is_active, true);
});

story(
  'a finding is settled, in the trail, and comes back where it happens again',
  async (world) => {
    const manager = await world.as('manager', { store: 'HILL' });
    const at = await counter(world, manager);
    const bell = await product(world);
    const ringUp = () =>
      manager.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 1 }]));
    await ringUp();
    const open = () => manager.list('kernel.finding', { filter: [['state', '=', 'open']] });
    const [found] = await open();
    assert.equal(found?.code, 'stock_below_zero');
    const cashier = await world.as('cashier', { store: 'HILL' });
    await world.refused('not_permitted', () =>
      cashier.call('kernel.finding.settle', { id: found?.id }),
    );
    const elsewhere = await world.as('manager', { store: 'VALLEY' });
    await world.refused('not_found', () =>
      elsewhere.call('kernel.finding.settle', { id: found?.id }),
    );
    await manager.call('kernel.finding.settle', { id: found?.id });
    assert.deepEqual(await open(), []);
    const [change] = await world.behind(
      `select before, after from audit.change where row_id = $1 and verb = 'update'`,
      found?.id,
    );
    assert.deepEqual(change, { before: { state: 'open' }, after: { state: 'done' } });
    await ringUp();
    assert.equal((await open()).length, 1);
  },
);

story('a list searches by any of its columns, within what is one’s own', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const bells = ['Red Gong', 'Blue Gong', '100% Gong_x'].map((name) =>
    product(world, { name, on_hand: '1' }),
  );
  const [red] = await Promise.all(bells);
  await product(world, { name: 'Red Lamp', on_hand: '1', store: 'VALLEY' });
  const names = async (q: string) =>
    (await cashier.list('inventory.stock_level', { q, count: true }))
      .map((r) => r.product_id_label)
      .sort();
  assert.deepEqual(await names('gong'), ['100% Gong_x', 'Blue Gong', 'Red Gong']);
  assert.deepEqual(await names('red'), ['Red Gong']);
  assert.deepEqual(await names('re'), ['Red Gong']);
  assert.deepEqual(await names('ng_'), ['100% Gong_x']);
  assert.deepEqual(await names('00% g'), ['100% Gong_x']);
  assert.deepEqual(await names(String(red?.number).slice(1)), ['Red Gong']);
  assert.deepEqual(await names(`'; drop`), []);
  const sellable = await cashier.list('pos.sellable', { q: 'red' });
  assert.deepEqual(sellable.map((r) => [r.name, r.on_hand]).sort(), [
    ['Red Gong', '1'],
    ['Red Lamp', null],
  ]);
});
