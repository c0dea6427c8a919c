import { story, uuidv7 } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

story('no sale gives money out, whatever its amounts say', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const manager = await world.as('manager', { store: 'HILL' });
  const at = await counter(world, cashier);
  const goods = await product(world, { unit_price: '10.00' });
  const one = () => sale(at, [{ product: goods, quantity: 1 }]);
  const wrong = 'receipt_does_not_add_up';
  const ring = (said: object) => cashier.call('pos.receipt.ring_up', said);

  const negative = one();
  const line = { ...negative.lines[0]!, discount_amount: '1010.00', net_amount: '-1000.00' };
  const cash = (amount: string, position = 1) => ({ position, method: 'cash', amount });
  await world.refused(wrong, () =>
    ring({ ...negative, net_amount: '-1000.00', lines: [line], payments: [cash('-1000.00')] }),
  );
  const card = { position: 2, method: 'card', amount: '1010.00' };
  await world.refused(wrong, () => ring({ ...one(), payments: [cash('-1000.00'), card] }));
  await world.refused(wrong, () => ring({ ...one(), currency: 'JPY' }));

  const first = one();
  await ring(first);
  const [sold] = await world.behind(
    'select id from pos.receipt_line where receipt_id = $1',
    first.id,
  );
  const dear = await product(world, { unit_price: '999.00' });
  const back = (product_id: unknown, amount: string) => ({
    ...one(),
    returns_id: first.id,
    net_amount: amount,
    lines: [
      {
        ...first.lines[0],
        product_id,
        quantity: '-1',
        net_amount: amount,
        reverses_line_id: sold?.id,
      },
    ],
    payments: [cash(amount)],
  });
  for (const said of [back(dear.id, '-10.00'), back(goods.id, '-11.00')]) {
    await world.refusedBySql(
      manager,
      'more_than_sold',
      'select pos_logic.ring_up($1)',
      JSON.stringify(said),
    );
  }
});

story('an id stands, so that no change slips past the trail', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const goods = await product(world, {});
  await world.refusedBySql(
    manager,
    'id_is_fixed',
    'update catalog.product set id = $2, unit_price = 1 where id = $1',
    goods.id,
    uuidv7(),
  );
});
