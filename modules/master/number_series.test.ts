import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { product } from '../../kernel/test/shop.ts';
import type { World } from '../../kernel/test/story.ts';

const year = String(new Date().getFullYear());

async function storeOf(world: World, code: string): Promise<string> {
  const [store] = await world.behind('select id from master.store where code = $1', code);
  return String(store?.id);
}

story(
  'sixteen people take numbers at once, a third gives up, and no number is left out',
  async (world) => {
    const manager = await world.as('manager');
    const store_id = await storeOf(world, 'HILL');
    const people = Array.from({ length: 16 }, async (_, who) => {
      for (let turn = 0; turn < 6; turn++) {
        const at = await manager.open();
        await at.sql('insert into inventory.stock_count (store_id) values ($1)', store_id);
        await ((who + turn) % 3 === 0 ? at.end() : at.commit());
      }
    });
    await Promise.all(people);
    const counts = await manager.list('inventory.stock_count');
    const numbers = counts.map((c) => c.number).sort();
    assert.equal(numbers.length, 64);
    const wanted = numbers.map((_, i) => `C${year}-${String(i + 1).padStart(4, '0')}`);
    assert.deepEqual(numbers, wanted);
  },
);

story('nobody writes a number by hand, changes one, or turns a series back', async (world) => {
  const owner = await world.as('administrator');
  const store_id = await storeOf(world, 'VALLEY');
  const counted = [{ product_id: (await product(world)).id, counted: '1' }];
  await owner.call('inventory.stock_count.take', { store_id, lines: counted });
  const own = `insert into inventory.stock_count (store_id, number) values ('${store_id}', 'C1')`;
  await world.refusedBySql(owner, 'denied', own);
  await world.behind(own);
  const written = await world.behind('select number from inventory.stock_count');
  assert.deepEqual(
    written.filter((c) => c.number === 'C1'),
    [],
  );
  // Rows that stand already write nothing, and take no number.
  const taken = async () =>
    (await world.behind('select sum(taken)::int as n from master.number_series'))[0]?.n;
  const before = await taken();
  await owner.sql(`insert into inventory.stock_count (id, store_id)
    select id, store_id from inventory.stock_count, generate_series(1, 5) on conflict do nothing`);
  await owner.sql(`insert into inventory.stock_count (id, store_id)
    select u.id, '${store_id}' from (select uuidv7() as id) u, generate_series(1, 3) on conflict do nothing`);
  assert.equal(await taken(), Number(before) + 1);
  await world.refusedBySql(owner, 'denied', `update master.number_series set taken = 0`);
  await world.refusedBySql(
    owner,
    /denied|number_is_fixed/,
    `update inventory.stock_count set number = 'C9'`,
  );
  const [series] = await owner.list('master.number_series');
  assert.equal(series?.kind, 'stock_count');
  await world.refused('series_is_used', () =>
    owner.call('master.number_series.change', {
      id: series?.id,
      version: series?.version,
      format: 'X{number}',
    }),
  );
  await world.refusedBySql(
    owner,
    'series_is_used',
    'update master.number_series set starts_at = 7',
  );
});

story('a year of another format and beginning is set before its first number', async (world) => {
  const owner = await world.as('administrator');
  await world.behind('update master.company set fiscal_year_starts_month = 4');
  const [of] = await world.behind('select id, company_id from master.tax_registration');
  const [label] = await world.behind(
    `select master_logic.fiscal_year($1, '2026-03-31') as before,
            master_logic.fiscal_year($1, '2026-04-01') as after,
            master_logic.fiscal_year($1, '1999-12-01') as century`,
    of?.company_id,
  );
  assert.deepEqual(label, { before: '2025-26', after: '2026-27', century: '1999-00' });
  await owner.call('master.number_series.create', {
    registration_id: of?.id,
    kind: 'test',
    fiscal_year: '2026-27',
    format: 'T/{fiscal_year}/{number:3}',
    starts_at: 41,
  });
  const take = (day: string) =>
    world.behind(`select master_logic.take_number($1, 'test', $2, 'U{number}') as n`, of?.id, day);
  assert.equal((await take('2026-04-01'))[0]?.n, 'T/2026-27/041');
  assert.equal((await take('2027-03-31'))[0]?.n, 'T/2026-27/042');
  assert.equal((await take('2027-04-01'))[0]?.n, 'T/2027-28/001');
  // A format without the year would give each number again.
  const plain = { registration_id: of?.id, kind: 'plain', fiscal_year: '2026-27' };
  await owner.call('master.number_series.create', { ...plain, format: 'P-{number}' });
  const plainly = async (day: string) =>
    (
      await world.behind(`select master_logic.take_number($1, 'plain', $2, '') as n`, of?.id, day)
    )[0]?.n;
  assert.equal(await plainly('2026-04-01'), 'P-1');
  assert.equal(await plainly('2027-03-31'), 'P-2');
  assert.equal(await plainly('2027-04-01'), 'P-3');
  assert.equal(await plainly('2029-04-01'), 'P-4');
  // Nor can somebody begin one by hand that would.
  const next = { ...plain, fiscal_year: '2030-31', format: 'P-{number}' };
  await world.refused('series_repeats', () =>
    owner.call('master.number_series.create', { ...next, starts_at: 4 }),
  );
  await world.refusedBySql(
    owner,
    'series_repeats',
    `insert into master.number_series (registration_id, kind, fiscal_year, format)
     values ($1, 'plain', '2031-32', 'P-{number}')`,
    of?.id,
  );
  await owner.call('master.number_series.create', { ...next, starts_at: 100 });
  assert.equal(await plainly('2030-04-01'), 'P-100');
  for (const format of ['no number', '{number} {number}', '{number}{other}', '']) {
    await assert.rejects(() =>
      owner.call('master.number_series.create', {
        registration_id: of?.id,
        kind: 'other',
        fiscal_year: '2026-27',
        format,
      }),
    );
  }
});
