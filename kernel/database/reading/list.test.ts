import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { counter, fillBothStores, product, sale } from '../../test/shop.ts';
import { type Condition, list } from './list.ts';

story(
  'what is referred to is named, filtered and asked for, also through a head',
  async (world) => {
    await fillBothStores(world);
    const owner = await world.as('administrator');
    const [receipt] = await owner.listAny('pos.receipt', {
      filter: [['store_id.name', '=', 'Hill']],
    });
    assert.equal(receipt?.store_id_label, 'Hill');
    const lines = await owner.listAny('pos.receipt_line', {
      filter: [
        ['product_id.name', 'contains', 'BELL'],
        ['receipt_id.store_id.code', '=', 'VALLEY'],
      ],
      columns: ['quantity', 'product_id.tax_id.name', 'product_id.name'],
    });
    assert.ok(lines.length > 0);
    for (const line of lines) {
      assert.match(String(line['product_id.name']), /^Bell/);
      assert.equal(line['product_id.tax_id.name'], 'Sales tax');
    }
    const way = ['receipt_id.returns_id.voids_id.reference', '=', 'x'] as const;
    for (const path of [way[0], 'product_id.nothing', 'product_id.', 'name.x', '.', 'quantity.x']) {
      await world.refused('column_unknown', () =>
        owner.listAny('pos.receipt_line', { filter: [[path, '=', 'x']] }),
      );
    }
  },
);

story('a filter over a reference tells nothing of what one may not see', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  await product(world, { name: 'Secret margin', unit_cost: '77.00', on_hand: '1' });
  const asked = (who: typeof mia, filter: [string, string, string][]) =>
    who.listAny('inventory.stock_level', { filter });
  assert.equal((await asked(owner, [['product_id.unit_cost', '=', '77']])).length, 1);
  for (const spec of [
    { filter: [['product_id.unit_cost', '=', '77'] as [string, string, string]] },
    { sort: [['product_id.unit_cost', 'asc'] as [string, 'asc']] },
    { group: ['product_id.unit_cost'] },
    { group: ['store_id'], totals: ['sum:product_id.unit_cost'] },
  ])
    await world.refused('column_unknown', () => mia.listAny('inventory.stock_level', spec));
  const [row] = await mia.listAny('inventory.stock_level', { columns: ['product_id.unit_cost'] });
  assert.deepEqual(Object.keys(row ?? {}), ['id']);
});

story('days are those of the shop, and relative ones go with the clock', async (world) => {
  const owner = await world.as('administrator');
  const at = await counter(world, owner);
  const bell = await product(world, { on_hand: '9', unit_price: '10.00' });
  const { id } = await owner.call(
    'pos.receipt.ring_up',
    sale(at, [{ product: bell, quantity: 1 }]),
  );
  const found = async (op: string, value: unknown) =>
    (
      await owner.listAny('pos.receipt', {
        filter: [
          ['id', '=', String(id)],
          ['happened_at', op, value as string],
        ],
      })
    ).length === 1;
  const [day] = await world.behind(
    `select (happened_at at time zone 'America/New_York')::date::text as d,
            ((happened_at at time zone 'America/New_York')::date + 1)::text as next
       from pos.receipt where id = $1`,
    id,
  );
  const [today, tomorrow] = [String(day?.d), String(day?.next)];
  for (const [op, value, yes] of [
    ['=', today, true],
    ['<=', today, true],
    ['>', today, false],
    ['<', tomorrow, true],
    ['!=', today, false],
    ['between', [today, today], true],
    ['between', [tomorrow, tomorrow], false],
    ['within', 'today', true],
    ['within', 'this week', true],
    ['within', 'last 30 days', true],
    ['within', 'last 1 year', true],
    ['within', 'yesterday', false],
    ['within', 'last month', false],
    ['within', 'next 2 weeks', true],
  ] as const)
    assert.equal(await found(op, value), yes, `${op} ${value}`);
  const [spans] = await world.behind(`select array_agg(first || ' ' || after order by n) as all
    from unnest(array['this month', 'last quarter', 'next year', 'last 3 months', 'last 7 days', 'this week'])
         with ordinality as u(said, n), kernel_logic.days_within(said, '2026-03-15')`);
  assert.deepEqual(spans?.all, [
    '2026-03-01 2026-04-01',
    '2025-10-01 2026-01-01',
    '2027-01-01 2028-01-01',
    '2025-12-16 2026-03-16',
    '2026-03-09 2026-03-16',
    '2026-03-09 2026-03-16',
  ]);
  for (const said of ['last sunday', 'last 0 days', 'last 99999 years', '', "'; drop"])
    await world.refused('filter_value_wrong', () => found('within', said));
});

story(
  'an operator that doesn’t fit, a value that is none, a cursor of another sort',
  async (world) => {
    const owner = await world.as('administrator');
    for (const n of [1, 2, 3]) await product(world, { name: `Cursor ${n}` });
    const wrong: [string, unknown[]][] = [
      ['operator_not_fitting', ['unit_price', 'contains', 'x']],
      ['operator_not_fitting', ['name', 'within', 'today']],
      ['operator_unknown', ['name', 'like', 'x']],
      ['operator_unknown', ['name', null, 'x']],
      ['filter_value_wrong', ['name', '=', null]],
      ['filter_value_wrong', ['name', '=']],
      ['filter_value_wrong', ['name', '=', { a: 1 }]],
      ['filter_value_wrong', ['name', 'in', 'x']],
      ['filter_value_wrong', ['unit_price', 'between', ['1']]],
      ['value_wrong', ['unit_price', 'between', ['1', 'x']]],
      ['value_wrong', ['brand_id', '=', 'x']],
      ['column_unknown', [null, '=', 'x']],
    ];
    for (const [code, condition] of wrong) {
      const filter = [condition] as [string, string, string][];
      await world.refused(code, () => owner.listAny('catalog.product', { filter }));
    }
    const first = await list(world.db, owner.token, 'catalog.product', {
      sort: [['name', 'asc']],
      limit: 1,
    });
    const cursor = String(first.next);
    assert.match(cursor, /^[\w-]+$/);
    for (const spec of [{ sort: [['name', 'desc']] }, {}, { group: ['name'] }] as const)
      await world.refused('cursor_wrong', () =>
        owner.listAny('catalog.product', { ...(spec as object), cursor }),
      );
    for (const odd of ['x', 'WyJ4Il0', '%%%', '', cursor.slice(3)].filter(Boolean))
      await world.refused('cursor_wrong', () =>
        owner.listAny('catalog.product', { sort: [['name', 'asc']], cursor: odd }),
      );
    await world.refused('group_wrong', () =>
      owner.listAny('catalog.product', { group: ['name:month'] }),
    );
    await world.refused('total_wrong', () =>
      owner.listAny('catalog.product', { group: ['kind'], totals: ['sum:name'] }),
    );
  },
);

story('groups are sorted by their totals, named by what they refer to', async (world) => {
  const owner = await world.as('administrator');
  const page = await list(world.db, owner.token, 'pos.receipt', {
    group: ['store_id', 'business_on:month'],
    totals: ['sum:gross_amount', 'avg:gross_amount'],
    sort: [['sum:gross_amount', 'desc']],
    count: true,
  });
  assert.deepEqual(page.rows.map((r) => r.store_id_label).toSorted(), ['Hill', 'Valley']);
  assert.equal(page.subtotals?.length, 2);
  const sums = page.rows.map((r) => Number(r['sum:gross_amount']));
  assert.deepEqual(
    sums,
    sums.toSorted((a, b) => b - a),
  );
  const [all] = await world.behind(
    'select sum(gross_amount)::text as s, count(*)::int from pos.receipt',
  );
  assert.deepEqual(page.total, {
    ...page.total,
    'sum:gross_amount': all?.s,
    count: all?.count,
  });
  assert.deepEqual(page.count, { value: 2, more: false });
});

story('above 10,000 rows only what an index gives is sorted by', async (world) => {
  const owner = await world.as('administrator');
  await world.behind(`insert into catalog.product (name, unit_price, model_year)
    select 'Row ' || n, n % 7, 2000 + n % 3 from generate_series(1, 10001) n`);
  const sorted = (sort: [string, 'asc' | 'desc'][], filter: [string, string, string][] = []) =>
    owner.listAny('catalog.product', { sort, filter, limit: 5 });
  await world.refused('sort_too_large', () => sorted([['model_year', 'asc']]));
  await world.refused('sort_too_large', () => sorted([['brand_id.name', 'asc']]));
  await world.refused('sort_too_large', () =>
    sorted([
      ['name', 'asc'],
      ['model_year', 'desc'],
    ]),
  );
  assert.equal((await sorted([['name', 'desc']])).length, 5);
  const few: [string, string, string][] = [['name', 'starts', 'row 1']];
  assert.equal(
    (
      await sorted(
        [
          ['model_year', 'desc'],
          ['name', 'asc'],
        ],
        few,
      )
    ).length,
    5,
  );
});

story('what is empty is out of no list, also where it holds nothing', async ({ as, behind }) => {
  await behind(`with b as (insert into catalog.brand (name) values ('Nowhere') returning id)
    insert into catalog.product (name, unit_price, brand_id)
    select 'Unbranded', 1, null union all select 'Branded', 1, id from b`);
  const owner = await as('administrator');
  for (const path of ['brand_id', 'brand_id.name']) {
    const filter: Condition[] = [
      ['name', 'in', ['Branded', 'Unbranded']],
      [path, 'not_in', []],
    ];
    const rows = await owner.listAny('catalog.product', { filter });
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['Branded'],
      path,
    );
  }
});
