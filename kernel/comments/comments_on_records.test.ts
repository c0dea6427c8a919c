import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { fillBothStores } from '../test/shop.ts';

story('who may read a record writes about it; only the writer changes that', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const { id: row_id } = await owner.call<{ id: string }>('master.party.create', {
    first_name: 'Ann',
  });
  const about = { table_name: 'master.party', row_id };
  const said = await mia.call<{ id: string }>('comments.comment.write', {
    ...about,
    text: 'Rings back on Monday.\nWants the blue one.',
  });
  const [read] = await owner.listAny('comments.comment', { filter: [['row_id', '=', row_id]] });
  assert.equal(read?.text, 'Rings back on Monday.\nWants the blue one.');
  assert.ok(read?.writer);
  const change = { id: said.id, text: 'Rings back on Tuesday.' };
  await world.refused('comment_not_yours', () => owner.call('comments.comment.change', change));
  await world.refusedBySql(
    owner,
    'permission denied',
    `update comments.comment set written_by = kernel_logic.actor() where id = '${said.id}'`,
  );
  await owner.sql(`update comments.comment set text = 'x' where id = '${said.id}'`);
  await mia.call('comments.comment.change', change);
  await mia.call('comments.comment.change', { id: said.id, is_active: false });
  const [now] = await owner.listAny('comments.comment', { filter: [['row_id', '=', row_id]] });
  assert.deepEqual([now?.text, now?.is_active], ['Rings back on Tuesday.', false]);
  // Neither by SQL in another's name, nor with what would turn the writing round.
  await world.refusedBySql(
    mia,
    'row-level security',
    `insert into comments.comment (table_name, row_id, text, written_by)
     values ('master.party', '${row_id}', 'I said so', '${owner.id}')`,
  );
  for (const text of ['', ' \n ', 'a\u202eb', 'x'.repeat(4001)])
    await assert.rejects(() => mia.call('comments.comment.write', { ...about, text }));
});

story('a comment on what one may not see is neither read nor written', async (world) => {
  await fillBothStores(world);
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const [receipt] = await owner.listAny('pos.receipt', {
    filter: [['store_id.code', '=', 'VALLEY']],
  });
  const about = { table_name: 'pos.receipt', row_id: receipt?.id };
  await owner.call('comments.comment.write', { ...about, text: 'Odd: look at the camera' });
  assert.deepEqual(
    await mia.listAny('comments.comment', { filter: [['row_id', '=', String(receipt?.id)]] }),
    [],
  );
  const text = 'Mine';
  await world.refused('not_found', () => mia.call('comments.comment.write', { ...about, text }));
  await world.refused('not_found', () =>
    mia.call('comments.comment.write', { ...about, table_name: 'pos.nothing', text }),
  );
  await world.refusedBySql(
    mia,
    'row-level security',
    `insert into comments.comment (table_name, row_id, text, written_by)
     values ('pos.receipt', '${receipt?.id}', 'Mine', kernel_logic.actor())`,
  );
  // Nor in the trail, which says that something was written and not what.
  const [change] = await owner.listAny('audit.change', {
    filter: [['table_name', '=', 'comments.comment']],
  });
  assert.equal(JSON.stringify(change).includes('camera'), false);
});

story('what belongs to a record has nothing that belongs to it', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const { id } = await owner.call<{ id: string }>('master.party.create', { first_name: 'Ann' });
  const write = (table_name: string, row_id: string) =>
    mia.call<{ id: string }>('comments.comment.write', { table_name, row_id, text: 'So' });
  const first = await write('master.party', id);
  await world.refused('not_found', () => write('comments.comment', first.id));
  await world.refusedBySql(
    mia,
    'row-level security',
    `insert into comments.comment (table_name, row_id, text, written_by)
     values ('comments.comment', $1, 'So', $2)`,
    ...[first.id, mia.id],
  );
});
