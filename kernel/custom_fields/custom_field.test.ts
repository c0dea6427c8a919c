import assert from 'node:assert/strict';
import { type Person, story } from '#kernel/test';
import { until } from '../jobs/fixture/jobs.ts';
import { product } from '../test/shop.ts';

const add = (who: Person, name: string, more: Record<string, unknown> = {}) =>
  who.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name, label: name, type: 'text' },
    ...more,
  });
const one = async (who: Person, id: unknown, table = 'catalog.product') =>
  (await who.listAny(table, { filter: [['id', '=', String(id)]] }))[0] ?? {};

story(
  'a field of each type is filled, listed, filtered, sorted, grouped and emptied',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const [brand] = await world.behind(
      `insert into catalog.brand (name) values ('Hill') returning id`,
    );
    await add(owner, 'note_text');
    await add(owner, 'weight', { type: 'quantity' });
    await add(owner, 'deposit', { type: 'money' });
    await add(owner, 'grade', { type: 'number' });
    await add(owner, 'tested_on', { type: 'date' });
    await add(owner, 'fragile', { type: 'boolean' });
    await add(owner, 'finish', { type: 'choice', choices: ['Matt', 'Gloss, high'] });
    await add(owner, 'maker', { type: 'reference', refers_to: 'catalog.brand' });
    const filled = {
      'custom.note_text': 'Blue 100%',
      'custom.weight': '1.250',
      'custom.deposit': '9.50',
      'custom.grade': '-3',
      'custom.tested_on': '2026-02-28',
      'custom.fragile': true,
      'custom.finish': 'Gloss, high',
      'custom.maker': brand?.id,
    };
    const made = await sam.call('catalog.product.create', {
      name: 'Cup',
      unit_price: '5',
      ...filled,
    });
    await sam.call('catalog.product.create', { name: 'Cup plain', unit_price: '5' });
    const row = await one(sam, made.id);
    for (const [name, value] of Object.entries(filled)) assert.deepEqual(row[name], value, name);
    assert.equal(row['custom.maker_label'], 'Hill');
    // As a whole, for programs that know no names.
    assert.equal((row.custom as Record<string, unknown>).finish, 'Gloss, high');

    const names = async (...filter: [string, string, (string | boolean | string[])?][]) =>
      (await sam.listAny('catalog.product', { filter })).map((r) => r.name);
    for (const [name, value] of Object.entries(filled))
      assert.deepEqual(await names([name, '=', value as string]), ['Cup'], name);
    assert.deepEqual(await names(['custom.weight', 'between', ['1.2', '1.3']]), ['Cup']);
    assert.deepEqual(await names(['custom.tested_on', '<', '2026-02-28']), []);
    assert.deepEqual(await names(['custom.note_text', 'contains', '0%']), ['Cup']);
    assert.deepEqual(await names(['custom.maker.name', 'starts', 'hi']), ['Cup']);
    assert.deepEqual(await names(['custom.grade', 'is_null'], ['name', 'starts', 'cup']), [
      'Cup plain',
    ]);
    const sorted = await sam.listAny('catalog.product', {
      filter: [['name', 'starts', 'cup']],
      sort: [['custom.grade', 'desc']],
      columns: ['name', 'custom.grade', 'custom.maker.name'],
    });
    assert.deepEqual(
      sorted.map((r) => [r.name, r['custom.grade'], r['custom.maker.name']]),
      [
        ['Cup', '-3', 'Hill'],
        ['Cup plain', null, null],
      ],
    );
    const groups = await sam.listAny('catalog.product', {
      group: ['custom.finish', 'custom.tested_on:month'],
      totals: ['sum:custom.weight'],
      filter: [['custom.finish', 'not_null']],
    });
    assert.equal(groups[0]?.['sum:custom.weight'], '1.250');

    const seen = { id: made.id, version: 1 };
    await sam.call('catalog.product.change', {
      ...seen,
      'custom.grade': null,
      'custom.weight': '2',
    });
    const now = await one(sam, made.id);
    assert.deepEqual(
      [now['custom.grade'], now['custom.weight'], now['custom.deposit']],
      [null, '2', '9.50'],
    );
    const [told] = await world.behind(
      `select before, after from audit.change where row_id = $1 and verb = 'update'`,
      made.id,
    );
    assert.deepEqual(told, {
      before: { 'custom.grade': -3, 'custom.weight': 1.25 },
      after: { 'custom.grade': null, 'custom.weight': 2 },
    });
  },
);

story('what doesn’t fit is refused beside its field, by raw SQL too', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  const cup = await product(world, { name: 'Odd cup' });
  await add(owner, 'odd_size', { type: 'choice', choices: ['S', 'L'] });
  await add(owner, 'odd_day', { type: 'date' });
  await add(owner, 'odd_brand', { type: 'reference', refers_to: 'catalog.brand' });
  await add(owner, 'odd_price', { type: 'money' });
  await add(owner, 'odd_flag', { type: 'boolean' });
  const wrong: Record<string, unknown> = {
    odd_size: 'M',
    odd_day: '2026-02-31',
    odd_brand: cup.id,
    odd_price: '1.23456',
    odd_flag: 'perhaps',
    unheard_of: 'x',
  };
  for (const [name, value] of Object.entries(wrong)) {
    const field = `custom.${name}`;
    await assert.rejects(
      () => sam.call('catalog.product.change', { id: cup.id, version: 1, [field]: value }),
      (e: { status: number; errors?: { field: string }[] }) =>
        (e.status === 422 && e.errors?.[0]?.field === field) || assert.fail(`${name}: ${e}`),
    );
    await world.refusedBySql(
      sam,
      name === 'unheard_of' ? 'custom_unknown' : 'custom_wrong',
      'update catalog.product set custom = $1 where id = $2',
      JSON.stringify({ [name]: value }),
      cup.id,
    );
  }
  await world.refusedBySql(sam, 'custom_wrong', `update catalog.product set custom = '[]'`);
  const long = { id: cup.id, version: 1, 'custom.odd_size': ['S'] };
  await world.refused('input_wrong', () => sam.call('catalog.product.change', long));
  const raw = `insert into catalog.product (name, unit_price, custom) values ('Raw', 1, '{"odd_flag": 3}')`;
  await world.refusedBySql(sam, 'custom_wrong', raw);
  assert.equal((await one(sam, cup.id)).version, 1);
});

story(
  'a field itself is checked: where, how many, what it leads to, who adds it',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    await world.refused('not_permitted', () => add(sam, 'mine'));
    await world.refused('input_wrong', () => add(owner, 'No Name'));
    for (const table_name of ['pos.receipt', 'kernel.secret', 'no.table'])
      await world.refused('custom_not_here', () => add(owner, 'x', { table_name }));
    await world.refused('rule_broken', () => add(owner, 'x', { type: 'choice' }));
    await world.refused('rule_broken', () => add(owner, 'x', { refers_to: 'catalog.brand' }));
    const twice = { type: 'choice', choices: ['a', 'a'] };
    await world.refused('custom_wrong', () => add(owner, 'x', twice));
    for (const refers_to of ['kernel.secret', 'identity.session', 'no.table'])
      await world.refused('custom_wrong', () => add(owner, 'x', { type: 'reference', refers_to }));
    await world.refused('custom_wrong', () => add(owner, 'x', { permission: 'no.such' }));
    const both = { required: true, permission: 'catalog.see_cost' };
    await world.refused('custom_wrong', () => add(owner, 'x', both));
    await add(owner, 'once');
    await world.refused('already_exists', () => add(owner, 'once'));
    const forged = `insert into kernel.custom_field (table_name, name, label, type) values ('master.store', $1, 'F', 'text')`;
    await world.refusedBySql(sam, 'row-level security', forged, 'forged');
    await world.refusedBySql(owner, 'custom_field_name_check', forged, 'x"; drop');
    await world.refusedBySql(owner, 'permission denied', 'delete from kernel.custom_field');
    const many = Array.from({ length: 50 }, (_, i) => `f${i}`);
    for (const name of many) await add(owner, name, { table_name: 'master.company' });
    await world.refused('too_many_fields', () =>
      add(owner, 'f50', { table_name: 'master.company' }),
    );
  },
);

story(
  'name and type stay once a row has a value; archived fields keep their values',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const cup = await product(world, { name: 'Kept cup' });
    const field = await add(owner, 'batch', { type: 'number' });
    const seen = (version: number, more = {}) => ({ id: field.id, version, ...more });
    await owner.call('kernel.custom_field.change', seen(1, { type: 'text', name: 'batch_no' }));
    await sam.call('catalog.product.change', { id: cup.id, version: 1, 'custom.batch_no': 'B7' });
    for (const more of [{ type: 'number' }, { name: 'batch' }])
      await world.refused('custom_is_fixed', () =>
        owner.call('kernel.custom_field.change', seen(2, more)),
      );
    await world.refusedBySql(
      owner,
      'custom_is_fixed',
      `update kernel.custom_field set type = 'date' where id = $1`,
      field.id,
    );
    await owner.call(
      'kernel.custom_field.change',
      seen(2, { label: 'Batch', help: 'Of the maker.' }),
    );
    await world.refused('changed_meanwhile', () =>
      owner.call('kernel.custom_field.change', seen(2, { label: 'Lot' })),
    );
    await owner.call('kernel.custom_field.archive', seen(3));
    assert.ok(!('custom.batch_no' in (await one(sam, cup.id))));
    await world.refused('input_wrong', () =>
      sam.call('catalog.product.change', { id: cup.id, version: 2, 'custom.batch_no': 'x' }),
    );
    await world.refusedBySql(
      sam,
      'custom_unknown',
      `update catalog.product set custom = '{"batch_no": "x"}' where id = $1`,
      cup.id,
    );
    await sam.call('catalog.product.change', { id: cup.id, version: 2, name: 'Kept mug' });
    await owner.call('kernel.custom_field.restore', seen(4));
    assert.equal((await one(sam, cup.id))['custom.batch_no'], 'B7');
  },
);

story(
  'a type that changes waits for who just writes a value, and is then refused',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const cup = await product(world, { name: 'Late cup' });
    const field = await add(owner, 'late');
    const writing = await sam.open();
    await writing.sql(`update catalog.product set custom = '{"late": "x"}' where id = $1`, cup.id);
    const change = { id: field.id, version: 1, type: 'number' };
    const changing = world.refused('custom_is_fixed', () =>
      owner.call('kernel.custom_field.change', change),
    );
    const waits = `select from pg_locks where not granted and relation = 'catalog.product'::regclass`;
    await until(async () => (await world.behind(waits)).length > 0);
    await writing.commit();
    await changing;
  },
);

story('a needed field is asked of new rows and of those whose own fields change', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  const table_name = 'catalog.brand';
  const [old] = await world.behind(`insert into catalog.brand (name) values ('Old') returning id`);
  await add(owner, 'origin', { table_name, required: true });
  await add(owner, 'motto', { table_name });
  await world.refused('input_wrong', () => sam.call('catalog.brand.create', { name: 'New' }));
  await world.refusedBySql(
    sam,
    'custom_missing',
    `insert into catalog.brand (name) values ('New')`,
  );
  const raw = `insert into catalog.brand (name, custom) values ('New', '{"motto": "m"}')`;
  await world.refusedBySql(sam, 'custom_missing', raw);
  await sam.call('catalog.brand.create', { name: 'New', 'custom.origin': 'DE' });
  await sam.call('catalog.brand.change', { id: old?.id, version: 1, name: 'Older' });
  const motto = { id: old?.id, version: 2, 'custom.motto': 'm' };
  await world.refused('custom_missing', () => sam.call('catalog.brand.change', motto));
  await sam.call('catalog.brand.change', { ...motto, 'custom.origin': 'FR' });
});
