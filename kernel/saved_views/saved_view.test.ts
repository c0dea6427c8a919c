import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { product } from '../test/shop.ts';

const dear = { filter: [['unit_price', '>', '100']], sort: [['unit_price', 'desc']] };
const view = (name: string, more = {}) => ({
  table_name: 'catalog.product',
  name,
  spec: dear,
  ...more,
});

story('a view is saved, listed by, shared, changed and removed', async (world) => {
  const [sam, mia] = [await world.as('manager'), await world.as('cashier')];
  await product(world, { name: 'Cheap', unit_price: '5.00' });
  await product(world, { name: 'Dear', unit_price: '500.00' });
  await product(world, { name: 'Dearer', unit_price: '900.00' });
  const made = await sam.call('kernel.saved_view.save', view('Dear ones'));
  const names = async (who = sam, more = {}) =>
    (await who.listAny('catalog.product', { view: 'Dear ones', ...more })).map((r) => r.name);
  assert.deepEqual(await names(), ['Dearer', 'Dear']);
  assert.deepEqual(await names(sam, { sort: [['unit_price', 'asc']] }), ['Dear', 'Dearer']);
  await world.refused('view_unknown', () => names(mia));
  await world.refused('already_exists', () =>
    sam.call('kernel.saved_view.save', view('Dear ones')),
  );

  const seen = { id: made.id, version: 1 };
  await sam.call('kernel.saved_view.change', { ...seen, shared: true });
  assert.deepEqual(await names(mia), ['Dearer', 'Dear']);
  await world.refused('changed_meanwhile', () =>
    sam.call('kernel.saved_view.change', { ...seen, name: 'Others' }),
  );
  await world.refused('not_found', () =>
    mia.call('kernel.saved_view.change', { id: made.id, version: 2, name: 'Mine' }),
  );
  await sam.call('kernel.saved_view.archive', { id: made.id, version: 2 });
  await world.refused('view_unknown', () => names());
});

story('a view gives nobody more than they see themselves', async (world) => {
  const [sam, mia] = [await world.as('manager'), await world.as('cashier')];
  const spec = { filter: [['unit_cost', '>', '1']] };
  const costly = view('Costly', { spec, shared: true });
  await sam.call('kernel.saved_view.save', costly);
  await world.refused('column_unknown', () => mia.listAny('catalog.product', { view: 'Costly' }));
  await world.refused('not_yours', () =>
    mia.call('kernel.saved_view.save', view('For all', { shared: true })),
  );
  await mia.call('kernel.saved_view.save', view('Mine'));
  await world.refused('table_unknown', () =>
    sam.call('kernel.saved_view.save', { ...view('Secrets'), table_name: 'kernel.secret' }),
  );
});

story('raw SQL under the application role can’t share, take or spoil a view', async (world) => {
  const [sam, mia] = [await world.as('manager'), await world.as('cashier')];
  const own = await sam.call('kernel.saved_view.save', view('Raw'));
  const shared = await sam.call('kernel.saved_view.save', view('Raw shared', { shared: true }));
  const add = `insert into kernel.saved_view (table_name, name, spec, owner_id, shared)
    values ('catalog.product', 'Forged', $1, $2, $3)`;
  const policy = 'row-level security';
  await world.refusedBySql(mia, policy, add, '{}', sam.id, false);
  await world.refusedBySql(mia, policy, add, '{}', mia.id, true);
  await world.refusedBySql(mia, 'view_wrong', add, '{"limit": 9}', mia.id, false);
  await world.refusedBySql(mia, 'view_wrong', add, '{"filter": "all"}', mia.id, false);
  await world.refusedBySql(mia, 'view_wrong', add, '{"q": null}', mia.id, false);
  await world.refusedBySql(mia, 'saved_view_spec_check', add, '[]', mia.id, false);
  const denied = 'permission denied';
  await world.refusedBySql(sam, denied, 'update kernel.saved_view set owner_id = $1', mia.id);
  await world.refusedBySql(sam, denied, `update kernel.saved_view set table_name = 'pos.receipt'`);
  await world.refusedBySql(sam, denied, 'delete from kernel.saved_view');
  const taken = await mia.sql(
    `update kernel.saved_view set name = 'Mine' where id = any($1) returning id`,
    [own.id, shared.id],
  );
  assert.deepEqual(taken, []);
  const visible = await mia.sql('select id from kernel.saved_view where id = any($1)', [
    own.id,
    shared.id,
  ]);
  assert.deepEqual(
    visible.map((r) => r.id),
    [shared.id],
  );
  const wider = `update kernel.saved_view set shared = true where owner_id = $1`;
  await mia.call('kernel.saved_view.save', view('Only mine'));
  await world.refusedBySql(mia, policy, wider, mia.id);
});

story('who may keep no views keeps none by SQL either', async (world) => {
  await world.behind(`insert into identity.role values ('poster', 'Poster')`);
  await world.behind(
    `insert into identity.role_permission values ('poster', 'kernel.share_views')`,
  );
  const poster = await world.as('poster');
  await world.refused('not_permitted', () =>
    poster.call('kernel.saved_view.save', view('No keeper')),
  );
  const add = `insert into kernel.saved_view (table_name, name, spec, owner_id)
    values ('catalog.product', 'Forged', '{}', $1)`;
  await world.refusedBySql(poster, 'row-level security', add, poster.id);
});
