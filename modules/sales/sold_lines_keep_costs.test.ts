import { deepEqual } from 'node:assert/strict';
import { story } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

story('a list with references of a view has no guarded column of theirs', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  await owner.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name: 'shine', label: 'Shine', type: 'text' },
  });
  const bell = await product(world, { name: 'Bell', on_hand: '3' });
  const at = await counter(world, mia);
  const sold = sale(at, [{ product: bell, quantity: 1 }], [{ method: 'cash', amount: '379.99' }]);
  await mia.call('pos.receipt.ring_up', sold);
  const kept = ['product_id.unit_cost', 'product_id.custom.shine', 'product_id.custom'];
  for (const who of [mia, owner]) {
    const columns = ['product_id', 'product_id.name', ...kept];
    const [line] = await who.listAny('sales.sold_line', { columns });
    deepEqual(
      [line?.['product_id.name'], ...kept.map((path) => path in (line ?? {}))],
      ['Bell', false, false, false],
    );
    for (const spec of [
      { filter: [['product_id.unit_cost', '>', '1']] },
      { filter: [['product_id.custom.shine', 'is_null']] },
      { sort: [['product_id.unit_cost', 'asc']] },
      { group: ['product_id.custom.shine'] },
      { group: ['store_id'], totals: ['sum:product_id.unit_cost'] },
    ])
      await world.refused('column_unknown', () => who.listAny('sales.sold_line', spec as object));
  }
});
