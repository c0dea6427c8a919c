import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testDatabase } from './fixture/database.ts';
import { file, SHOP, shop } from './fixture/files.ts';
import { importFiles } from './import.ts';
import type { GivenFile } from './read.ts';

let db: TestDatabase;

const TABLES = [
  ...['catalog.brand', 'catalog.product', 'catalog.product_category', 'master.party'],
  ...['master.contact_point', 'master.address', 'master.employee', 'master.store'],
  ...['inventory.warehouse', 'inventory.location', 'sales.sales_order', 'sales.sales_order_line'],
  ...['kernel.source_row', 'kernel.store_key', 'kernel.translation', 'kernel.finding'],
];

/** What stands in the tables, but for versions and when. */
async function standing(): Promise<Record<string, unknown[]>> {
  const out: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await db.admin.query(
      `select to_jsonb(t) - 'version' - 'recorded_at' as row from ${table} t order by 1`,
    );
    out[table] = rows.map((r) => r.row);
  }
  return out;
}

const bring = async (files: GivenFile[]) => {
  const { id, files: told } = await importFiles({
    ...{ pool: db.pool, token: db.tokens.administrator, files },
  });
  assert.deepEqual(
    told.flatMap((f) => f.problems),
    [],
  );
  assert.ok(id);
  return { id, files: told };
};

/** Runs a statement under the application role, as one of the users. */
async function as(token: string, text: string, values: unknown[] = []) {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('select kernel_logic.set_actor($1)', [token]);
    const { rows } = await client.query(text, values);
    await client.query('commit');
    return rows;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

interface Undone {
  count: number;
  in_the_way: { table: string; id: string; why: string; label: string; by?: string }[];
  removed: number;
  kept: number;
  restored: number;
}
const undo = async (id: string, more = {}): Promise<Undone> => {
  const input = JSON.stringify({ id, ...more });
  const { rows } = await db.pool.query(
    `select kernel_logic.call($1, 'kernel.import_batch.undo', uuidv7()::text, $2) as told`,
    [db.tokens.administrator, input],
  );
  return JSON.parse(rows[0].told);
};
const one = async (text: string, values: unknown[] = []) =>
  Object.values((await db.admin.query(text, values)).rows[0] ?? {})[0];

const withoutStock = () => shop().filter((_, at) => at !== Object.keys(SHOP).indexOf('stocks'));

describe('an import is taken back as a whole', () => {
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());

  it('leaves nothing of what it made, and can come again', async () => {
    const empty = await standing();
    const { id, files } = await bring(withoutStock());
    const full = await standing();
    const told = await undo(id, { preview: true });
    assert.deepEqual([told.count, told.kept, told.restored], [0, 0, 0]);
    assert.ok(told.removed > 25);
    assert.deepEqual(await standing(), full, 'a preview changes nothing');
    assert.equal((await undo(id)).removed, told.removed);
    assert.deepEqual(await standing(), empty);
    assert.equal(await one('select state from kernel.import_batch where id = $1', [id]), 'undone');
    const deleted = `select count(*)::int from audit.change c join audit.request r on r.id = c.request_id
      where c.verb = 'delete' and c.table_name = 'catalog.product'`;
    assert.equal(await one(deleted), 5, 'the trail tells of each');
    const operation = 'select operation from audit.request order by made_at desc, id desc limit 1';
    assert.equal(await one(operation), 'kernel.import_batch.undo');
    await assert.rejects(undo(id), /import_is_undone/);
    const again = await bring(withoutStock());
    assert.deepEqual(
      again.files.map((f) => f.created),
      files.map((f) => f.created),
    );
  });

  it('puts back what it changed, also of persons, and what it knew of its source', async () => {
    await db.admin.query(`update master.party set note = 'good' where number = '1'`);
    const before = await standing();
    const customers = SHOP.customers
      .replace('Dora,Finch', 'Dora,Falcon')
      .replace('(505) 555-0144', '(505) 555-0199')
      .replace('1 Elm St', '9 Elm St');
    const products = SHOP.products.replace('649.00', '699.00').replace('Kestrel Arrow', 'Arrow');
    const { id } = await bring(shop({ customers, products }, ['customers', 'products']));
    assert.notDeepEqual(await standing(), before);
    const { restored, removed } = await undo(id);
    assert.deepEqual([restored, removed], [5, 0]);
    assert.deepEqual(await standing(), before);
    const same = await bring(shop({}, ['customers', 'products']));
    assert.deepEqual(
      same.files.map((f) => f.unchanged),
      [3, 5],
    );
  });

  it('not where somebody changed or used it since, and says which', async () => {
    const bells = 'product_id,product_name,list_price\nb1,Ding,3\nb2,Dong,4\nb3,Gong,5\n';
    const { id } = await bring([file('products.csv', bells)]);
    const later = await bring([
      file('products.csv', bells.replace('Ding,3', 'Ding,9')),
      file('lines.csv', 'order_id,item_id,product_id,quantity,list_price,discount\n2,1,b2,1,4,0\n'),
    ]);
    await db.admin.query(
      `insert into comments.comment (table_name, row_id, text, written_by)
       select 'catalog.product', p.id, 'Sounds well', u.id from catalog.product p, identity.user u
        where p.number = 'b3' and u.username = 'manager'`,
    );
    const { in_the_way, count } = await undo(id, { preview: true });
    assert.equal(count, 3);
    assert.deepEqual(in_the_way.map(({ table, why, label }) => [table, why, label]).toSorted(), [
      ['catalog.product', 'changed', 'Ding'],
      ['catalog.product', 'commented', 'Gong'],
      ['sales.sales_order_line', 'uses', ''],
    ]);
    await assert.rejects(undo(id), /import_in_use/);
    assert.equal(await one(`select name from catalog.product where number = 'b3'`), 'Gong');
    // The later one first, then what is left of the obstacles.
    assert.equal((await undo(later.id)).restored, 2);
    assert.deepEqual(
      (await undo(id, { preview: true })).in_the_way.map(({ why }) => why),
      ['changed', 'commented'],
      'a price that was changed and put back was still touched by others',
    );
  });
});

describe('an import that posted opening stock', () => {
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());
  let first = '';

  it('says before it is loaded what undoing will do', async () => {
    const entries = 'journal_entry_id,account_id,debit\n';
    const request = { pool: db.pool, token: db.tokens.administrator, dryRun: true };
    const { files } = await importFiles({
      ...request,
      files: [...shop(), file('journal_lines.csv', `${entries}1,2,3\n`)],
      mapping: { 'journal_lines.csv': { table: 'finance.journal_line' } },
    });
    const undone = new Map(files.map(({ table, undo }) => [table, undo]));
    assert.equal(undone.get('catalog.product'), 'removed');
    assert.equal(undone.get('inventory.stock_level'), 'reversed');
    assert.equal(undone.get('finance.journal_line'), 'never');
  });

  it('is taken back by counts the other way; what they name is archived', async () => {
    first = (await bring(shop())).id;
    const told = await undo(first, { preview: true });
    assert.equal(told.count, 0);
    assert.ok(told.kept > 0 && told.removed > 0);
    await undo(first);
    assert.equal(await one('select sum(on_hand)::int from inventory.stock_level'), 0);
    assert.equal(await one('select sum(quantity)::int from inventory.stock_move'), 0);
    const balance = 'select sum(debit - credit)::int from finance.journal_line group by account_id';
    assert.deepEqual(
      [...new Set((await db.admin.query(balance)).rows.map((r) => r.sum ?? 0))],
      [...((await one('select count(*)::int from finance.journal_line')) === 0 ? [] : [0])],
    );
    const products = await db.admin.query(
      'select number, is_active from catalog.product order by 1',
    );
    assert.deepEqual(
      products.rows.filter((r) => r.is_active),
      [],
      'none is offered any more',
    );
    assert.equal(await one('select count(*)::int from master.party'), 0);
    assert.equal(await one('select count(*)::int from sales.sales_order'), 0);
  });

  it('brings back what was archived when it comes again', async () => {
    await bring(shop());
    const products = await db.admin.query('select is_active from catalog.product');
    assert.deepEqual(
      products.rows.filter((r) => !r.is_active),
      [],
    );
    const stores = await db.admin.query('select is_active from master.store');
    assert.deepEqual(
      stores.rows.filter((r) => !r.is_active),
      [],
    );
  });

  it('not once the goods have moved', async () => {
    const text = 'store_name,product_id,quantity\nMesa Wheels,5,6\n';
    const { id } = await bring([file('stocks.csv', text)]);
    await db.admin.query(
      `insert into inventory.stock_move (store_id, location_id, product_id, quantity, reason, source_table,
          source_id, happened_at, recorded_by)
       select l.store_id, l.location_id, l.product_id, -1, 'sale', 'pos.receipt', uuidv7(), now(), u.id
         from inventory.stock_level l join catalog.product p on p.id = l.product_id, identity.user u
        where p.number = '5' and l.on_hand = 6 and u.username = 'manager'`,
    );
    const { in_the_way } = await undo(id, { preview: true });
    assert.deepEqual(
      in_the_way.map(({ table, why, label }) => [table, why, label]),
      [['catalog.product', 'moved', 'Northwind Bell']],
    );
    await assert.rejects(undo(id), /import_in_use/);
  });
});

describe('the database keeps the rules of undoing', () => {
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());

  it('whoever writes, and by whatever door', async () => {
    const { id } = await bring(withoutStock());
    const { administrator, manager } = db.tokens;
    const refused: [string, RegExp, string][] = [
      [`select kernel_logic.undo_import('{"id": "${id}"}')`, /not_permitted/, manager],
      [`delete from catalog.product`, /permission denied/, administrator],
      [`update kernel.import_batch set state = 'undone'`, /permission denied/, administrator],
      [
        `insert into kernel.import_batch (imported_by, request_id)
          values (kernel_logic.actor(), uuidv7())`,
        /permission denied/,
        administrator,
      ],
      [
        `select kernel_logic.remove_made(b) from kernel.import_batch b`,
        /permission denied/,
        administrator,
      ],
      [
        `insert into kernel.undo_row values ('${id}', 'catalog.product', uuidv7(), true)`,
        /permission denied/,
        administrator,
      ],
      [`delete from kernel.source_row`, /permission denied/, administrator],
      [`select inventory_logic.undo_counts(uuidv7(), false)`, /permission denied/, administrator],
    ];
    for (const [text, why, token] of refused) await assert.rejects(as(token, text), why, text);
    // Another's name or a later day is not taken from who writes.
    await as(administrator, `insert into kernel.import_batch (imported_by) values (uuidv7())`);
    const who = `select u.username from kernel.import_batch b join identity.user u on u.id = b.imported_by
                  order by b.id desc limit 1`;
    assert.equal(await one(who), 'administrator');
    await db.admin.query(
      `update kernel.import_batch set files = '[{"table": "finance.journal_line", "created": 2}]'`,
    );
    await assert.rejects(undo(id), /import_is_posted/);
    await db.admin.query(`update kernel.import_batch set request_id = null where id = $1`, [id]);
    await assert.rejects(undo(id), /import_too_old/);
  });
});
