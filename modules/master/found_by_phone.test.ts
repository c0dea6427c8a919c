import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story('a customer is found by the phone number, however it is written', async (world) => {
  const manager = await world.as('manager');
  const cashier = await world.as('cashier', { store: 'HILL' });
  const party = await manager.call('master.party.create', {
    first_name: 'Ada',
    last_name: 'Patel',
  });
  const points = [
    { kind: 'phone', value: '(518) 555-1000' },
    { kind: 'email', value: 'Ada@Example.com' },
  ];
  for (const point of points) {
    await manager.call('master.contact_point.create', { party_id: party.id, ...point });
  }
  await manager.call('master.party.create', { first_name: 'Ben', last_name: 'Lang' });
  const found = async (q: string) =>
    (await cashier.list('master.party', { q })).map(({ name }) => name);
  for (const q of ['5185551000', '518 555 1000', '(518) 555-1000', '555-10', 'ada@example']) {
    assert.deepEqual(await found(q), ['Ada Patel'], q);
  }
  assert.deepEqual(await found('ada'), ['Ada Patel'], 'once, by name and e-mail');
  assert.deepEqual(await found('5185552000'), []);
});
