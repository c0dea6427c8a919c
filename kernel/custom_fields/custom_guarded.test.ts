import assert from 'node:assert/strict';
import { type Person, story } from '#kernel/test';
import { list } from '../database/reading/list.ts';
import { product } from '../test/shop.ts';

const add = (who: Person, name: string, more: Record<string, unknown> = {}) =>
  who.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name, label: name, type: 'text' },
    ...more,
  });

story(
  'a field with a permission is there for who has it, and for nobody by raw SQL',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const mia = await world.as('cashier');
    const cup = await product(world, { name: 'Secret cup', on_hand: '1' });
    await add(owner, 'open_note');
    await add(owner, 'margin_note', { permission: 'catalog.see_cost', searchable: true });
    const values = { 'custom.open_note': 'o', 'custom.margin_note': 'forty percent' };
    await sam.call('catalog.product.change', { id: cup.id, version: 1, ...values });
    const filter = [['id', '=', String(cup.id)]] as [string, string, string][];
    const [hers] = await mia.listAny('catalog.product', { filter });
    const [his] = await sam.listAny('catalog.product', { filter });
    assert.equal(his?.['custom.margin_note'], 'forty percent');
    assert.deepEqual(
      [hers?.['custom.open_note'], 'custom.margin_note' in (hers ?? {})],
      ['o', false],
    );

    assert.deepEqual(hers?.custom, { open_note: 'o' });
    const whole = { filter: [['custom', 'has', 'margin_note']] } as object;
    assert.equal((await mia.listAny('catalog.product', whole)).length, 0);
    assert.equal((await sam.listAny('catalog.product', whole)).length, 1);
    const [away] = await mia.listAny('inventory.stock_level', { columns: ['product_id.custom'] });
    assert.deepEqual(away?.['product_id.custom'], { open_note: 'o' });

    for (const spec of [
      { filter: [['custom.margin_note', 'not_null']] },
      { sort: [['custom.margin_note', 'asc']] },
      { group: ['custom.margin_note'] },
    ])
      await world.refused('column_unknown', () => mia.listAny('catalog.product', spec as object));
    const found = async (who: Person) =>
      (await who.listAny('catalog.product', { q: 'forty' })).length;
    assert.deepEqual([await found(mia), await found(sam)], [0, 1]);
    const asked = { columns: ['name', 'custom.margin_note'] } as object;
    const page = await list(world.db, mia.token, 'catalog.product', asked);
    assert.ok(page.rows.every((r) => !('custom.margin_note' in r)));

    for (const who of [mia, sam, owner]) {
      await world.refusedBySql(who, 'permission denied', 'select custom from catalog.product');
      await world.refusedBySql(who, 'permission denied', 'select * from catalog.product');
      await world.refusedBySql(
        who,
        'permission denied',
        `update catalog.product set custom = '{}' where id = $1 returning custom`,
        cup.id,
      );
      await world.refusedBySql(
        who,
        'permission denied',
        `select id from catalog.product where custom->>'margin_note' like 'f%'`,
      );
    }
    const fields = await mia.sql('select name from kernel.custom_field');
    assert.ok(!fields.some((f) => f.name === 'margin_note'));
    const catalogue = await mia.sql(`select kernel_logic.catalogue($1)::text as c`, mia.token);
    assert.ok(String(catalogue[0]?.c).includes('custom.open_note'));
    assert.ok(!String(catalogue[0]?.c).includes('margin_note'));
  },
);

story(
  'who can’t see a field neither writes nor wipes it, and the trail keeps it to itself',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const cup = await product(world, { name: 'Pay cup' });
    await add(owner, 'pay', { permission: 'identity.manage_users' });
    await add(owner, 'plain');
    const row = { id: cup.id };
    await owner.sql(
      `update catalog.product set custom = '{"pay": "1 million", "plain": "p"}' where id = $1`,
      cup.id,
    );
    await world.refused('input_wrong', () =>
      sam.call('catalog.product.change', { ...row, version: 2, 'custom.pay': 'x' }),
    );
    const forged = 'update catalog.product set custom = $2 where id = $1';
    await world.refusedBySql(sam, 'custom_unknown', forged, cup.id, '{"pay": null}');
    await sam.sql(forged, cup.id, '{}');
    await sam.call('catalog.product.change', { ...row, version: 2, 'custom.plain': null });
    const [kept] = await owner.listAny('catalog.product', {
      filter: [['id', '=', String(cup.id)]],
    });
    assert.deepEqual([kept?.['custom.pay'], kept?.['custom.plain']], ['1 million', null]);

    await owner.sql(forged, cup.id, '{"pay": "2 million"}');
    const trail = await sam.sql(
      `select to_jsonb(c.after)::text as after from audit.change c where row_id = $1`,
      cup.id,
    );
    assert.ok(!JSON.stringify(trail).includes('million'));
    assert.ok(JSON.stringify(trail).includes('custom.pay'));
    await world.refusedBySql(sam, 'permission denied', 'select guarded from audit.change');
    const [listed] = await sam.listAny('audit.change', {
      filter: [['row_id', '=', String(cup.id)]],
    });
    assert.ok(!JSON.stringify(listed).includes('million'));
    const conflict = { ...row, version: 2, 'custom.pay': '3 million' };
    await assert.rejects(
      () => owner.call('catalog.product.change', conflict),
      (e: { errors?: { field: string; conflict?: { was: unknown; theirs: unknown } }[] }) => {
        const [told] = e.errors ?? [];
        assert.deepEqual(
          [told?.field, told?.conflict?.was, told?.conflict?.theirs],
          ['custom.pay', '1 million', '2 million'],
        );
        return true;
      },
    );
  },
);

story('fields of persons are sealed in the trail; a permission holds there, too', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  const table_name = 'master.party';
  await add(owner, 'allergy', { table_name });
  await add(owner, 'risk', { table_name, permission: 'identity.manage_users' });
  const [ada] = await world.behind(
    `insert into master.party (organisation, is_customer) values ('Ada Ltd', true) returning id`,
  );
  await owner.sql(
    `update master.party set custom = '{"allergy": "nuts", "risk": "high"}' where id = $1`,
    ada?.id,
  );
  const [change] = await world.behind(
    `select id, before, after, guarded, sealed is not null as sealed from audit.change
      where row_id = $1 and verb = 'update'`,
    ada?.id,
  );
  assert.deepEqual(
    [change?.before, change?.after, change?.guarded, change?.sealed],
    [null, null, null, true],
  );
  const opened = async (who: Person) =>
    (await who.sql('select kernel_logic.unsealed($1) as u', change?.id))[0]?.u;
  assert.deepEqual(await opened(owner), {
    'custom.allergy': [null, 'nuts'],
    'custom.risk': [null, 'high'],
  });
  assert.deepEqual(await opened(sam), { 'custom.allergy': [null, 'nuts'] });
});

story('rows of another store stay its own, with their fields', async (world) => {
  const owner = await world.as('administrator');
  const [hill, valley] = [
    await world.as('manager', { store: 'HILL' }),
    await world.as('manager', { store: 'VALLEY' }),
  ];
  await add(owner, 'locker', { table_name: 'master.employee', searchable: true });
  const [mia] = await world.behind(
    `insert into master.employee (store_id, first_name, custom)
     select id, 'Mia', '{"locker": "L17"}' from master.store where code = 'HILL' returning id`,
  );
  const found = async (who: Person) =>
    (await who.listAny('master.employee', { filter: [['custom.locker', '=', 'L17']] })).length;
  assert.deepEqual([await found(hill), await found(valley)], [1, 0]);
  assert.equal((await valley.listAny('master.employee', { q: 'l17' })).length, 0);
  assert.equal((await hill.listAny('master.employee', { q: 'l17' })).length, 1);
  const theirs = await valley.sql(
    `update master.employee set custom = '{"locker": "X"}' where id = $1 returning id`,
    mia?.id,
  );
  assert.deepEqual(theirs, []);
});

story('many rows get a field at once, and it is undone', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  const cups = [await product(world, { name: 'Many 1' }), await product(world, { name: 'Many 2' })];
  await add(owner, 'shelf', { type: 'number' });
  await sam.call('catalog.product.change', { id: cups[0]?.id, version: 1, 'custom.shelf': '4' });
  const wish = { ids: cups.map((c) => c.id), set: { 'custom.shelf': '7' } };
  const preview = await sam.call<{ rows: { before: object; after: object }[] }>(
    'catalog.product.change_many',
    { ...wish, preview: true },
  );
  assert.deepEqual(
    preview.rows.map((r) => JSON.stringify([r.before, r.after]).includes('"custom.shelf":"7"')),
    [true, true],
  );
  const done = await sam.call('catalog.product.change_many', wish);
  const shelves = async () =>
    (
      await sam.listAny('catalog.product', {
        filter: [['name', 'starts', 'many']],
        sort: [['name', 'asc']],
      })
    ).map((r) => r['custom.shelf']);
  assert.deepEqual(await shelves(), ['7', '7']);
  await sam.call('catalog.product.undo_many', { request: done.request });
  assert.deepEqual(await shelves(), ['4', null]);
});
