import assert from 'node:assert/strict';
import { story, uuidv7 } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

story('a sale moves stock, books and drawer, once', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const bike = await product(world, { on_hand: '1' });
  const sold = sale(at, [{ product: bike, quantity: 2 }]);

  const receipt = await cashier.call('pos.receipt.ring_up', sold);
  assert.equal(receipt.gross_amount, '759.98');
  const again = await cashier.call('pos.receipt.ring_up', sold);
  assert.equal(again.id, receipt.id);
  assert.equal(again.reference, receipt.reference);

  const [level] = await world.behind(
    'select * from inventory.stock_level where product_id = $1',
    bike.id,
  );
  assert.equal(level?.on_hand, '-1'); // the goods were in the customer's hand
  const findings = await world.behind(
    'select code from kernel.finding where source_id = $1',
    level?.id,
  );
  assert.deepEqual(findings, [{ code: 'stock_below_zero' }]);
  const lines = await world.behind(
    `select a.purpose, debit, credit from finance.journal_line l join finance.account a on a.id = account_id
      where l.source_id = $1 order by a.number`,
    receipt.id,
  );
  assert.deepEqual(lines, [
    { purpose: 'cash', debit: '759.98', credit: '0' },
    { purpose: 'stock', debit: '0', credit: '400.00' },
    { purpose: 'sales', debit: '0', credit: '759.98' },
    { purpose: 'cost_of_goods', debit: '400.00', credit: '0' },
  ]);

  const other = { ...sold, payments: [{ position: 1, method: 'card', amount: '759.98' }] };
  await world.refused('receipt_differs', () => cashier.call('pos.receipt.ring_up', other));
});

story('a receipt is a fact, also at the database itself', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const r = await cashier.call(
    'pos.receipt.ring_up',
    sale(at, [{ product: await product(world), quantity: 1 }]),
  );
  const pay = `insert into pos.payment (receipt_id, store_id, position, method, amount) values ($1, $2, 9, 'cash', 5)`;
  await world.refusedBySql(
    cashier,
    'permission denied',
    'update pos.receipt set net_amount = 0 where id = $1',
    r.id,
  );
  await world.refusedBySql(
    cashier,
    'permission denied',
    'delete from pos.receipt where id = $1',
    r.id,
  );
  await world.refusedBySql(cashier, 'receipt_is_closed', pay, r.id, r.store_id);
  const [valley] = await world.behind(`select id from master.store where code = 'VALLEY'`);
  await world.refusedBySql(cashier, 'row-level security', pay, r.id, valley?.id);
});

story('lines come back, never more than sold, the money the same way', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, manager);
  const bell = await product(world, { unit_price: '10.00', unit_cost: '4', on_hand: '5' });
  const r = await manager.call(
    'pos.receipt.ring_up',
    sale(
      at,
      [{ product: bell, quantity: 3 }],
      [
        { method: 'cash', amount: '10.00' },
        { method: 'card', amount: '20.00' },
      ],
    ),
  );
  const [line] = await manager.list('pos.receipt_line', {
    filter: [['receipt_id', '=', String(r.id)]],
  });
  const back = (quantity: string, payments?: unknown) => ({
    id: uuidv7(),
    claim_id: at.claim_id,
    till_session_id: at.till_session_id,
    number: at.next++,
    happened_at: new Date().toISOString(),
    receipt_id: r.id,
    lines: [{ receipt_line_id: line?.id, quantity }],
    ...(payments ? { payments } : {}),
  });
  await world.refused('not_permitted', () => cashier.call('pos.receipt.take_back', back('1')));
  await world.refused('more_than_sold', () => manager.call('pos.receipt.take_back', back('4')));
  await world.refused('money_back_other_way', () =>
    manager.call(
      'pos.receipt.take_back',
      back('2', [{ position: 1, method: 'cash', amount: '-20.00' }]),
    ),
  );
  const first = await manager.call('pos.receipt.take_back', back('2'));
  assert.equal(first.gross_amount, '-20.00');
  const paid = await manager.list('pos.payment', {
    filter: [['receipt_id', '=', String(first.id)]],
  });
  assert.deepEqual(
    paid.map((p) => [p.method, p.amount]),
    [['card', '-20.00']],
  );
  await manager.call('pos.receipt.take_back', back('1'));
  await world.refused('more_than_sold', () => manager.call('pos.receipt.take_back', back('1')));
  const [level] = await world.behind(
    'select on_hand, value_amount from inventory.stock_level where product_id = $1',
    bell.id,
  );
  assert.deepEqual(level, { on_hand: '5', value_amount: '20.00' });
});
