import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story('a name in another language is listed, found and labelled in it', async ({ as, behind }) => {
  const manager = await as('manager');
  const cashier = await as('cashier');
  const { id } = await manager.call('catalog.product.create', {
    name: 'Brass bell',
    number: 'BELL-1',
    unit_price: '4.00',
  });
  const other = await manager.call('catalog.product.create', {
    name: 'Plain lamp',
    number: 'LAMP-1',
    unit_price: '4.00',
  });
  const say = { table_name: 'catalog.product', row_id: id, column_name: 'name', language: 'ar' };
  await manager.call('kernel.translation.set', { ...say, text: 'جرس نحاسي' });

  const names = async (spec: object) =>
    (await cashier.list('catalog.product', spec)).map((row) => row.name);
  const both = { filter: [['id', 'in', [id, other.id]]], sort: [['number', 'asc']] };
  assert.deepEqual(await names({ ...both, language: 'ar' }), ['جرس نحاسي', 'Plain lamp']);
  assert.deepEqual(await names(both), ['Brass bell', 'Plain lamp']);
  assert.deepEqual(await names({ ...both, language: 'hi' }), ['Brass bell', 'Plain lamp']);
  assert.deepEqual(
    await names({ q: 'نحاسي' }),
    ['Brass bell'],
    'found in whatever language one reads',
  );
  assert.deepEqual(await names({ q: 'brass bell', language: 'ar' }), ['جرس نحاسي']);

  const [list] = await manager.listAny('catalog.price_list');
  await manager.call('catalog.price_list_line.create', {
    ...{ price_list_id: list?.id, product_id: id, unit_price: '4.00' },
  });
  const line = { filter: [['product_id', '=', id]] as [string, string, string][] };
  const [labelled] = await cashier.listAny('catalog.price_list_line', { ...line, language: 'ar' });
  assert.equal(labelled?.product_id_label, 'جرس نحاسي');

  await manager.call('kernel.translation.set', { ...say, text: '' });
  assert.deepEqual(await names({ ...both, language: 'ar' }), ['Brass bell', 'Plain lamp']);
  const trail = await behind(
    `select before->>'text' as before, after->>'text' as after from audit.change
      where table_name = 'kernel.translation' and before is not null`,
  );
  assert.deepEqual(trail, [{ before: 'جرس نحاسي', after: '' }]);
});

story('who may not change a record writes no translation of it', async (world) => {
  const manager = await world.as('manager');
  const cashier = await world.as('cashier');
  const { id } = await manager.call('catalog.product.create', {
    name: 'Horn',
    number: 'HORN-1',
    unit_price: '4.00',
  });
  const say = { table_name: 'catalog.product', row_id: id, column_name: 'name', language: 'ar' };
  const set = (who: typeof manager, more: object) => () =>
    who.call('kernel.translation.set', { ...say, text: 'بوق', ...more });
  await world.refused('not_permitted', set(cashier, {}));
  await world.refused('translation_not_possible', set(manager, { column_name: 'number' }));
  await world.refused('translation_not_possible', set(manager, { table_name: 'identity.user' }));
  await world.refused(
    'not_yours',
    set(manager, { row_id: '00000000-0000-7000-8000-000000000000' }),
  );
  await world.refused('input_wrong', set(manager, { language: 'Arabic!' }));
  const raw = `insert into kernel.translation (table_name, row_id, column_name, language, text)
               values ('catalog.product', $1, $2, 'ar', 'x')`;
  await world.refusedBySql(cashier, /row-level security/, raw, id, 'name');
  await world.refusedBySql(manager, /row-level security/, raw, id, 'number');
  await world.refusedBySql(manager, /permission denied/, 'delete from kernel.translation');
  assert.deepEqual(
    await world.behind('select 1 from kernel.translation where row_id = $1', id),
    [],
  );
});
