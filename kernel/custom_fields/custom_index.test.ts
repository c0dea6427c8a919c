import assert from 'node:assert/strict';
import { after } from 'node:test';
import { story, type World } from '#kernel/test';
import { catalogue } from '../http/catalogue.ts';
import { closeWorkers, storyWorker, until } from '../jobs/fixture/jobs.ts';
import type { AnyJob } from '../jobs/job.ts';
import { counter, product, sale } from '../test/shop.ts';
import { indexField } from './custom_field.job.ts';

after(closeWorkers);

/** How many indexes a field has that are made: one to sort by, one for letters. */
const indexes = async ({ behind }: World, field: string) =>
  (
    await behind(
      `select from pg_index i join pg_class c on c.oid = i.indexrelid
       where indrelid = 'catalog.product'::regclass and relname like $1 and indisvalid`,
      `custom\\_${field.replaceAll('-', '')}%`,
    )
  ).length;

/** A shop that sells, and a field whose index nobody has made yet. */
async function begin(world: World, name: string) {
  const [owner, cashier] = [
    await world.as('administrator'),
    await world.as('cashier', { store: 'HILL' }),
  ];
  const at = await counter(world, cashier);
  const bell = await product(world, { on_hand: '100' });
  const { id } = await owner.call('kernel.custom_field.create', {
    table_name: 'catalog.product',
    name,
    label: name,
    type: 'text',
    searchable: true,
  });
  const sell = () =>
    cashier.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 1 }]));
  return { owner, at, bell, sell, field: String(id) };
}

story('sales are rung up while the index of a field is being made', async (world) => {
  const { sell, field } = await begin(world, 'shelf');
  const maker = await world.db.admin.connect();
  try {
    await maker.query('begin');
    await maker.query(
      'select kernel_logic.make_custom_index(f) from kernel.custom_field f where id = $1',
      [field],
    );
    // It isn't done: who would change a product waits for it, …
    await assert.rejects(
      world.behind(`do 'begin lock table catalog.product in row exclusive mode nowait; end'`),
      /could not obtain lock/,
    );
    // … who sells one doesn't: these come back before it goes on.
    for (let sold = 0; sold < 3; sold++) await sell();
    assert.equal(await indexes(world, field), 0);
    await maker.query('commit');
  } finally {
    maker.release(true);
  }
  assert.equal(await indexes(world, field), 2);
  await sell();
});

story('the index of a field waits for no sale that is being rung up', async (world) => {
  const { bell, field } = await begin(world, 'aisle');
  const seller = await world.db.admin.connect();
  try {
    await seller.query('begin');
    // What a receipt's line takes of its product until it is committed.
    await seller.query('select from catalog.product where id = $1 for key share', [bell.id]);
    await world.behind(
      'select kernel_logic.make_custom_index(f) from kernel.custom_field f where id = $1',
      field,
    );
    assert.equal(await indexes(world, field), 2);
  } finally {
    seller.release(true);
  }
});

story('the job makes the index beside a till that goes on selling', async (world) => {
  const { owner, at, sell, field } = await begin(world, 'rack');
  const worker = storyWorker(world.db, new Map([[indexField.name, indexField as AnyJob]]));
  let sold = 0;
  while ((await indexes(world, field)) < 2 || sold < 5) {
    await sell();
    sold++;
  }
  // Those of the stories before have nothing left to make.
  await until(async () => {
    const runs = await owner.listAny('jobs.run', { filter: [['job', '=', indexField.name]] });
    return runs.every(({ state }) => state === 'done');
  });
  await worker.close();
  const [receipts] = await world.behind(
    'select count(*)::int as n from pos.receipt where till_session_id = $1',
    at.till_session_id,
  );
  assert.equal(receipts?.n, sold);
});

story(
  'what is kept of the catalogue says that a field sorts once its index is there',
  async (world) => {
    const { owner, field } = await begin(world, 'corner');
    const sorts = async () => {
      const { tables } = await catalogue(world.db, owner.token);
      const product = tables.find(({ name }) => name === 'catalog.product');
      return product?.columns.find(({ name }) => name === 'custom.corner')?.sortable;
    };
    assert.equal(await sorts(), false);
    await world.behind(
      'select kernel_logic.make_custom_index(f) from kernel.custom_field f where id = $1',
      field,
    );
    assert.equal(await sorts(), true);
  },
);
