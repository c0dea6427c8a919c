import assert from 'node:assert/strict';
import { after } from 'node:test';
import { story, type World } from '#kernel/test';
import { closeWorkers, storyWorker, until } from '../jobs/fixture/jobs.ts';
import type { AnyJob } from '../jobs/job.ts';
import { product } from '../test/shop.ts';
import { indexField } from './custom_field.job.ts';

after(closeWorkers);

const field = (name: string, more: Record<string, unknown> = {}) => ({
  ...{ table_name: 'catalog.product', name, label: name, type: 'text', searchable: true },
  ...more,
});
const indexes = (world: World) =>
  world.behind(`select indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = indexrelid
     where indrelid = 'catalog.product'::regclass and relname like 'custom\\_%' and indisvalid`);
/** The plan of a list as it is asked, by who lists. */
async function planOf({ db }: World, spec: object): Promise<string> {
  const client = await db.admin.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query('select kernel_logic.list_sql($1, $2, true) as text', [
      'catalog.product',
      JSON.stringify(spec),
    ]);
    await client.query('set local role kontor_list');
    const plan = await client.query(`explain ${rows[0].text}`);
    return plan.rows.map((r) => r['QUERY PLAN']).join('\n');
  } finally {
    await client.query('rollback');
    client.release();
  }
}

story(
  'ten thousand rows are searched, sorted and filtered by a field through its index',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const code = await owner.call(
      'kernel.custom_field.create',
      field('rack_code', { searchable: false }),
    );
    await owner.call('kernel.custom_field.create', field('rack_no', { type: 'number' }));
    await world.behind(
      `insert into catalog.product (name, unit_price, custom)
     select 'Rack ' || n, 1, jsonb_build_object('rack_code', 'R-' || md5(n::text), 'rack_no', n)
       from generate_series(1, 10001) n`,
    );
    const byCode = { sort: [['custom.rack_code', 'asc']] } as object;
    await world.refused('sort_too_large', () => sam.listAny('catalog.product', byCode));
    await owner.call('kernel.custom_field.change', { id: code.id, version: 1, searchable: true });
    const worker = storyWorker(world.db, new Map([[indexField.name, indexField as AnyJob]]));
    await until(async () => (await indexes(world)).length === 3);
    await worker.close();
    const runs = await owner.listAny('jobs.run', { filter: [['job', '=', indexField.name]] });
    assert.equal(runs.length, 2);
    await world.behind('analyze catalog.product');

    const [one] = await sam.listAny('catalog.product', { filter: [['name', '=', 'Rack 77']] });
    const said = String(one?.['custom.rack_code']);
    const found = await sam.listAny('catalog.product', { q: said.slice(5, 25) });
    assert.deepEqual(
      found.map((r) => r.name),
      ['Rack 77'],
    );
    const sorted = await sam.listAny('catalog.product', {
      sort: [['custom.rack_no', 'desc']],
      columns: ['custom.rack_no'],
      limit: 3,
    });
    assert.deepEqual(
      sorted.map((r) => r['custom.rack_no']),
      ['10001', '10000', '9999'],
    );

    const [order, letters] = ['order', 'letters'].map(
      (part) => `custom_${String(code.id).replaceAll('-', '')}_${part}`,
    );
    const contains = { filter: [['custom.rack_code', 'contains', said.slice(5, 20)]] };
    assert.match(await planOf(world, contains), new RegExp(`Bitmap Index Scan on ${letters}`));
    assert.match(await planOf(world, { q: said.slice(5, 20) }), new RegExp(`Scan on ${letters}`));
    const exactly = { filter: [['custom.rack_code', '=', said]] };
    assert.match(await planOf(world, exactly), new RegExp(`Scan.* ${order}`));
    assert.match(
      await planOf(world, { ...byCode, limit: 20 }),
      new RegExp(`Index Scan using ${order}`),
    );
    const catalogue = await sam.sql(
      `select name, sortable, searchable from kernel_logic.columns_of('catalog.product') where name like 'custom.rack%'`,
    );
    assert.deepEqual(catalogue, [
      { name: 'custom.rack_code', sortable: true, searchable: true },
      { name: 'custom.rack_no', sortable: true, searchable: false },
    ]);

    await owner.call('kernel.custom_field.change', { id: code.id, version: 2, searchable: false });
    const again = storyWorker(world.db, new Map([[indexField.name, indexField as AnyJob]]));
    await until(async () => (await indexes(world)).length === 1);
    await again.close();
  },
);

story('pages of a sort by a field go on through empty ones', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  await owner.call('kernel.custom_field.create', field('bin', { type: 'date' }));
  const days = ['2026-01-03', null, '2026-01-01', '2026-01-02', null];
  for (const [n, bin] of days.entries()) {
    const made = await product(world, { name: `Bin ${n}` });
    if (bin)
      await sam.call('catalog.product.change', { id: made.id, version: 1, 'custom.bin': bin });
  }
  const read = async (way: 'asc' | 'desc') => {
    const spec = { filter: [['name', 'starts', 'bin ']], sort: [['custom.bin', way]], limit: 2 };
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const rows = await sam.sql(
        'select kernel_logic.list($1, $2, $3)::text as page',
        sam.token,
        'catalog.product',
        JSON.stringify({ ...spec, ...(cursor ? { cursor } : {}) }),
      );
      const page = JSON.parse(String(rows[0]?.page)) as {
        rows: Record<string, unknown>[];
        next: string | null;
      };
      seen.push(...page.rows.map((r) => r['custom.bin']));
      cursor = page.next;
    }
    return seen;
  };
  assert.deepEqual(await read('asc'), ['2026-01-01', '2026-01-02', '2026-01-03', null, null]);
  assert.deepEqual(await read('desc'), ['2026-01-03', '2026-01-02', '2026-01-01', null, null]);
});

story('only who may add fields makes an index, and only of a field', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  const made = await owner.call('kernel.custom_field.create', field('quiet'));
  await world.refusedBySql(
    sam,
    'not_permitted',
    'select kernel_logic.index_custom_field($1)',
    made.id,
  );
  await world.refusedBySql(
    owner,
    'permission denied',
    'select kernel_logic.make_custom_index(f) from kernel.custom_field f',
  );
  await world.refusedBySql(owner, 'must be owner', 'create index on catalog.product (name)');
  const before = (await indexes(world)).length;
  await owner.sql('select kernel_logic.index_custom_field($1)', made.id);
  assert.equal((await indexes(world)).length, before + 2);
  // As after a load, which brings the fields and not their indexes.
  const [one] = await indexes(world);
  await world.behind(`drop index ${one?.name}`);
  await world.behind('select kernel_logic.index_custom_fields()');
  assert.ok((await indexes(world)).some((i) => i.name === one?.name));
});
