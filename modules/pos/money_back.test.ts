import assert from 'node:assert/strict';
import { story, uuidv7 } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

story(
  'money goes back as the cashier chose, within what came that way, and the drawer knows',
  async (world) => {
    const manager = await world.as('manager', { store: 'HILL' });
    const at = await counter(world, manager);
    const bell = await product(world, { unit_price: '10.00', on_hand: '9' });
    const paid = [
      { method: 'cash', amount: '20.00' },
      { method: 'card', amount: '30.00' },
    ];
    const sold = sale(at, [{ product: bell, quantity: 5 }], paid);
    await manager.call('pos.receipt.ring_up', sold);
    const [line] = await manager.list('pos.receipt_line', {
      filter: [['receipt_id', '=', sold.id]],
    });
    const back = (quantity: string, more: object = {}) => ({
      id: uuidv7(),
      claim_id: at.claim_id,
      till_session_id: at.till_session_id,
      number: at.next++,
      receipt_id: sold.id,
      lines: [{ receipt_line_id: line?.id, quantity }],
      ...more,
    });
    const taken = async (said: object) => {
      const { id } = await manager.call('pos.receipt.take_back', said);
      const rows = await manager.list('pos.payment', { filter: [['receipt_id', '=', String(id)]] });
      return rows.map(({ method, amount }) => [method, amount]);
    };
    await world.refused('money_back_other_way', () => taken(back('1', { method: 'transfer' })));
    assert.deepEqual(await taken(back('1', { method: 'cash' })), [['cash', '-10.00']]);
    // Without a word it goes as most was paid; what one way doesn't hold goes the other.
    assert.deepEqual(await taken(back('1')), [['card', '-10.00']]);
    assert.deepEqual(await taken(back('2', { method: 'cash' })), [
      ['cash', '-10.00'],
      ['card', '-10.00'],
    ]);
    await world.refused('money_back_other_way', () => taken(back('1', { method: 'cash' })));
    const [{ expected } = {}] = await world.behind(
      'select pos_logic.expected($1) as expected',
      at.till_session_id,
    );
    assert.equal(expected, '100.00'); // the float: all cash that came went back
  },
);

story(
  'of money that goes back nothing is tendered, and none goes back by SQL either',
  async (world) => {
    const manager = await world.as('manager', { store: 'HILL' });
    const at = await counter(world, manager);
    const bell = await product(world, { unit_price: '10.00' });
    const sold = sale(at, [{ product: bell, quantity: 2 }], [{ method: 'card', amount: '20.00' }]);
    await manager.call('pos.receipt.ring_up', sold);
    const [line] = await world.behind(
      'select id from pos.receipt_line where receipt_id = $1',
      sold.id,
    );
    const said = (payment: object) =>
      JSON.stringify({
        id: uuidv7(),
        claim_id: at.claim_id,
        till_session_id: at.till_session_id,
        number: at.next++,
        receipt_id: sold.id,
        lines: [{ receipt_line_id: line?.id, quantity: '1' }],
        payments: [{ position: 1, amount: '-10.00', ...payment }],
      });
    const raw = 'select pos_logic.take_back($1)';
    await world.refusedBySql(manager, 'money_back_other_way', raw, said({ method: 'cash' }));
    await world.refusedBySql(
      manager,
      'payment_back_check',
      raw,
      said({ method: 'cash', tendered: '50.00' }),
    );
  },
);
