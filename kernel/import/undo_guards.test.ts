import assert from 'node:assert/strict';
import { product } from '../test/shop.ts';
import { story, uuidv7, type World } from '../test/story.ts';
import { file } from './fixture/files.ts';
import { importFiles } from './import.ts';

async function bring({ db }: World, token: string, given: Record<string, string>): Promise<string> {
  const all = Object.entries(given).map(([name, text]) => file(name, text));
  const { id, files } = await importFiles({ pool: db.app, token, files: all });
  assert.deepEqual(
    files.flatMap(({ problems }) => problems),
    [],
  );
  assert.ok(id);
  return id;
}

const BATCH = `insert into kernel.import_batch (imported_by, name) values (kernel_logic.actor(), 'x') returning id`;

story('an undo takes back only what an import can bring', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const [till] = await world.behind(
    `select t.id from pos.till t join master.store s on s.id = t.store_id where s.code = 'HILL'`,
  );
  const [claim_id, session] = [uuidv7(), uuidv7()];
  await owner.call('pos.till.claim', { till_id: till?.id, claim_id });
  await owner.call('pos.till_session.open', { id: session, claim_id, opening_float: '100' });
  const beside = async (text: string, input: object) => {
    const by = await owner.open();
    await by.sql(text, JSON.stringify(input));
    const [batch] = await by.sql(BATCH);
    await by.commit();
    return batch?.id;
  };
  const closed = await beside('select pos_logic.close_session($1)', {
    ...{ id: session, counted_amount: '90' },
  });
  const given = await beside('select kernel_logic.give_role($1)', { id: mia.id, role: 'manager' });
  for (const id of [closed, given]) {
    await world.refused('import_is_posted', () => owner.call('kernel.import_batch.undo', { id }));
  }
  const [kept] = await world.behind('select state from pos.till_session where id = $1', session);
  assert.equal(kept?.state, 'closed', 'its books say so');
});

story('an undo sees the sale that is under way', async (world) => {
  const owner = await world.as('administrator');
  const bells = 'product_id,product_name,list_price\nb1,Ding,3\n';
  await bring(world, owner.token, { 'products.csv': bells });
  const stock = 'store_name,product_id,quantity\nHill,b1,6\n';
  const id = await bring(world, owner.token, { 'stocks.csv': stock });
  const till = await world.db.admin.connect();
  try {
    await till.query('begin');
    await till.query(
      `insert into inventory.stock_move (store_id, location_id, product_id, quantity, reason, source_table,
          source_id, happened_at, recorded_by)
       select store_id, location_id, product_id, -1, 'sale', 'pos.receipt', uuidv7(), now(), uuidv7()
         from inventory.stock_level where on_hand = 6`,
    );
    let settled = false;
    const undone = owner
      .call('kernel.import_batch.undo', { id })
      .then(
        () => 'done',
        (error) => error.code,
      )
      .finally(() => {
        settled = true;
      });
    const waiting = `select from pg_stat_activity where datname = current_database()
                        and wait_event_type = 'Lock' and query like '%kernel_logic.call%'`;
    while (!settled && (await world.behind(waiting)).length === 0);
    await till.query('commit');
    assert.equal(await undone, 'import_in_use');
  } finally {
    till.release();
  }
  const [level] = await world.behind('select on_hand from inventory.stock_level');
  assert.equal(Number(level?.on_hand), 5);
});

story('a custom field that names what was made stands in the way of its undoing', async (world) => {
  const owner = await world.as('administrator');
  await owner.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name: 'spare', label: 'Spare', type: 'reference' },
    refers_to: 'master.party',
  });
  const people = 'customer_id,first_name,last_name,phone\n77,Dora,Finch,(505) 555-0144\n';
  const id = await bring(world, owner.token, { 'customers.csv': people });
  const [dora] = await world.behind(`select id from master.party where name = 'Dora Finch'`);
  const bell = await product(world);
  const spare = { id: bell.id, version: 1, 'custom.spare': dora?.id };
  await owner.call('catalog.product.change', spare);
  const told = await owner.call('kernel.import_batch.undo', { id, preview: true });
  assert.deepEqual(
    (told.in_the_way as { table: string; id: string }[]).map((way) => [way.table, way.id]),
    [['catalog.product', bell.id]],
  );
  await world.refused('import_in_use', () => owner.call('kernel.import_batch.undo', { id }));
});

story('what an import itself led to its own rows leads back', async (world) => {
  const owner = await world.as('administrator');
  const files = (brand: number, name: string) => ({
    'brands.csv': `brand_id,brand_name\n${brand},${name}\n`,
    'products.csv': `product_id,product_name,brand_id,list_price\nz1,Zing,${brand},3\n`,
  });
  const brandOf = `select b.name from catalog.product p join catalog.brand b on b.id = p.brand_id
                    where p.name = 'Zing'`;
  await bring(world, owner.token, files(1, 'Old'));
  const id = await bring(world, owner.token, files(2, 'Fresh'));
  assert.deepEqual(await world.behind(brandOf), [{ name: 'Fresh' }]);
  const told = await owner.call('kernel.import_batch.undo', { id });
  assert.deepEqual([told.removed, told.restored], [1, 1]);
  assert.deepEqual(await world.behind(brandOf), [{ name: 'Old' }]);
});
