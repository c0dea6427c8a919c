import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { list } from './list.ts';

const NAMES = ['ada', 'Ähre', 'Emil', 'Émile', 'eve', 'Øre', 'Zoe', 'Яна', 'سارة', 'अनिल'];

story('names stand in the order of letters, forth and back, page by page', async (world) => {
  const owner = await world.as('administrator');
  for (const name of [...NAMES].sort()) await owner.call('catalog.brand.create', { name });
  assert.deepEqual([...NAMES].sort().slice(0, 3), ['Emil', 'Zoe', 'ada'], 'by their codes');
  for (const way of ['asc', 'desc'] as const) {
    const met: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const spec = { sort: [['name', way] as [string, 'asc' | 'desc']], limit: 3 };
      const page = await list(world.db, owner.token, 'catalog.brand', {
        ...spec,
        ...(cursor && { cursor }),
      });
      met.push(...page.rows.map(({ name }) => String(name)));
      if (!page.next) break;
      cursor = page.next;
    }
    const there = met.filter((name) => NAMES.includes(name));
    assert.deepEqual(there, way === 'asc' ? NAMES : [...NAMES].reverse());
  }
  const begun = await owner.list('catalog.brand', { filter: [['name', 'starts', 'éM']] });
  assert.deepEqual(
    begun.map(({ name }) => name),
    ['Émile'],
  );
});

story('a name is found by its own capitals, whatever the order of letters', async (world) => {
  const owner = await world.as('administrator');
  for (const name of ['BİSİKLET', 'ΣΟΦΟΣ']) await owner.call('catalog.brand.create', { name });
  for (const typed of ['BİSİKLET', 'BİSİ', 'ΣΟΦΟΣ', 'ΣΟΦ']) {
    const name = typed.startsWith('B') ? 'BİSİKLET' : 'ΣΟΦΟΣ';
    for (const filter of [
      ['name', 'contains', typed],
      ['name', 'starts', typed],
    ] as const) {
      const rows = await owner.list('catalog.brand', { filter: [[...filter]] });
      assert.deepEqual(
        rows.map((row) => row.name),
        [name],
        `${filter}`,
      );
    }
    const found = await owner.list('catalog.brand', { q: typed });
    assert.ok(
      found.some((row) => row.name === name),
      typed,
    );
  }
});

story('what is searched is found by an index', async (world) => {
  await world.behind(
    `insert into catalog.product (name, unit_price) select 'Part ' || n, 1 from generate_series(1, 20000) n`,
  );
  await world.behind('vacuum analyze catalog.product');
  const [lowered] = await world.behind(
    `select kernel_logic.lowered('p.name') as name, kernel_logic.lowered('p.number') as number`,
  );
  for (const column of [lowered?.name, lowered?.number]) {
    const plan = await world.behind(
      `explain select from catalog.product p where ${column} like '%rare 77%'`,
    );
    assert.match(JSON.stringify(plan), /product_lower_/, String(column));
  }
});
