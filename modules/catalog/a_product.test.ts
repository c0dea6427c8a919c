import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story(
  'a product has a price that is not below zero, and a cost that sellers don’t see',
  async (world) => {
    const manager = await world.as('manager');
    const cashier = await world.as('cashier');
    const bell = { name: 'Brass bell', unit_price: '9.50', unit_cost: '4.10' };
    const { id } = await manager.call('catalog.product.create', bell);
    const [seen] = await manager.list('catalog.product', { q: 'brass' });
    assert.deepEqual([seen?.unit_price, seen?.unit_cost], ['9.50', '4.10']);
    const [sold] = await cashier.list('catalog.product', { q: 'brass' });
    assert.equal(sold?.unit_price, '9.50');
    assert.ok(!('unit_cost' in (sold ?? {})));
    await world.refusedBySql(cashier, 'permission denied', 'select unit_cost from catalog.product');
    await assert.rejects(() =>
      manager.call('catalog.product.change', { id, version: 1, unit_price: '-1.00' }),
    );
    await world.refusedBySql(manager, 'unit_price', 'update catalog.product set unit_price = -1');
    await world.refusedBySql(
      cashier,
      /row-level|denied/,
      `insert into catalog.product (name, unit_price) values ('X', 1)`,
    );
  },
);
