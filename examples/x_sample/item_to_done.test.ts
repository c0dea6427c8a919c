import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story('an item is made, found, finished, and stays finished', async (world) => {
  const manager = await world.as('manager');
  const made = await manager.call('x_sample.item.create', {
    name: 'Bench',
    wanted_on: '2027-01-31',
  });
  const [found] = await manager.list('x_sample.item', { q: 'benc' });
  assert.deepEqual([found?.name, found?.state, found?.quantity], ['Bench', 'open', '1']);
  await manager.call('x_sample.item.finish', { id: made.id });
  await world.refused('item_is_done', () => manager.call('x_sample.item.finish', { id: made.id }));
  await world.refusedBySql(manager, 'item_is_done', `update x_sample.item set state = 'open'`);
});

story('who may only look changes nothing, by the door or by SQL', async (world) => {
  const manager = await world.as('manager');
  const cashier = await world.as('cashier');
  await manager.call('x_sample.item.create', { name: 'Stool' });
  assert.equal((await cashier.list('x_sample.item', { q: 'stoo' })).length, 1);
  await world.refused('not_permitted', () => cashier.call('x_sample.item.create', { name: 'X' }));
  await world.refusedBySql(
    cashier,
    'row-level security',
    `insert into x_sample.item (name) values ('Chair')`,
  );
});
