import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type TestDatabase, testDatabase } from './fixture/database.ts';
import { BY_NUMBER, file, type Kind, SHOP, shop, TABLES } from './fixture/files.ts';
import { type ImportRequest, importFiles } from './import.ts';

let db: TestDatabase;

const bring = (files: ImportRequest['files'], more: Partial<ImportRequest> = {}) =>
  importFiles({ pool: db.pool, token: db.tokens.administrator, files, ...more });
const one = async (text: string, values: unknown[] = []) =>
  Object.values((await db.admin.query(text, values)).rows[0] ?? {})[0];
const counts = (files: { created: number; updated: number; unchanged: number }[]) =>
  files.map((f) => [f.created, f.updated, f.unchanged]);

describe('a shop brings its files', () => {
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());

  it('is shown what each file is, in any order, and nothing is kept by a dry run', async () => {
    const kinds = Object.keys(SHOP) as Kind[];
    const before = await one('select count(*) from audit.request');
    for (const order of [kinds, kinds.toReversed(), kinds.toSorted()]) {
      const { id, files } = await bring(shop({}, order), { dryRun: true });
      assert.deepEqual(
        files.flatMap((f) => f.problems),
        [],
      );
      assert.deepEqual(
        files.map((f) => f.table),
        order.map((k) => TABLES[k as Kind]),
      );
      assert.equal(id, undefined);
    }
    assert.equal(await one('select count(*) from master.store'), '0');
    assert.equal(await one('select count(*) from audit.request'), before);
  });

  it('may name all by number, its files by nothing', async () => {
    for (const order of [Object.keys(SHOP), Object.keys(SHOP).toSorted()]) {
      const { files } = await bring(shop(BY_NUMBER, order), { dryRun: true });
      assert.deepEqual(
        files.flatMap((f) => f.problems),
        [],
      );
      assert.deepEqual(
        files.map((f) => [f.table, f.unchanged + f.updated]),
        order.map((k) => [TABLES[k as Kind], 0]),
      );
    }
  });

  it('gets a reason for each guess', async () => {
    const { files } = await bring(shop(), { dryRun: true });
    const said = Object.fromEntries(files.flatMap((f) => f.mapping.map((m) => [m.column, m])));
    assert.deepEqual(said.list_price, {
      column: 'list_price',
      field: 'unit_price',
      reason: '“list_price” means Price',
    });
    assert.equal(said.phone!.reason, 'same name');
  });

  it('has all of it after one load', async () => {
    const steps: string[] = [];
    const { id, files } = await bring(shop(), { onProgress: (p) => steps.push(p.step) });
    assert.ok(id);
    assert.deepEqual(
      files.map((f) => f.created),
      [2, 4, 2, 3, 5, 3, 4, 3, 2],
    );
    assert.ok(
      steps.includes('reading') && steps.includes('checking') && steps.at(-1) === 'loading',
    );
    const { rows } = await db.admin.query('select code, time_zone from master.store order by code');
    assert.deepEqual(rows, [
      { code: 'HARBOUR', time_zone: 'America/New_York' },
      { code: 'MESA', time_zone: 'America/Denver' },
    ]);
    assert.equal(
      await one(`select m.first_name from master.employee e join master.employee m
      on m.id = e.manager_id where e.number = '4'`),
      'Cleo',
    );
    assert.equal(await one('select count(*) from master.contact_point'), '4');
    assert.equal(
      await one(`select operation from audit.request order by id desc limit 1`),
      'kernel.import',
    );
  });

  it('has its past orders as history that moves neither stock nor books', async () => {
    const { rows } = await db.admin.query(
      `select o.state, o.net_amount, e.last_name from sales.sales_order o
         join master.employee e on e.id = o.employee_id order by o.number`,
    );
    assert.deepEqual(rows, [
      { state: 'done', net_amount: '699.00', last_name: 'Moss' },
      { state: 'draft', net_amount: null, last_name: 'Ortiz' },
      { state: 'cancelled', net_amount: null, last_name: 'Lind' },
    ]);
    assert.equal(await one('select sum(on_hand) from inventory.stock_level'), '36');
    assert.equal(await one('select count(*) from finance.journal_entry'), '0');
  });

  it('changes nothing with the same files again, also after goods have moved', async () => {
    await db.admin.query(`update inventory.stock_level set on_hand = on_hand - 1`);
    const { files } = await bring(shop({}, Object.keys(SHOP).toReversed()));
    assert.deepEqual(
      counts(files),
      [2, 3, 4, 3, 5, 3, 2, 4, 2].map((n) => [0, 0, n]),
    );
    assert.equal(await one('select count(*) from inventory.stock_count'), '2');
    const { files: renamed } = await bring([
      file('other name.csv', SHOP.stocks.replaceAll(',', ';')),
    ]);
    assert.deepEqual(counts(renamed), [[0, 0, 4]]);
  });

  it('is proposed a count for a changed stock row', async () => {
    const changed = SHOP.stocks.replace('Mesa Wheels,1,7', 'Mesa Wheels,1,9');
    const { files } = await bring([file('x.csv', changed)]);
    assert.deepEqual(files[0]!.problems, []);
    assert.deepEqual(counts(files), [[0, 1, 3]]);
    assert.equal(
      await one(`select counted from inventory.stock_count_line l join inventory.stock_count c
      on c.id = l.stock_count_id where c.state = 'draft' and c.reason = 'count'`),
      '9',
    );
    assert.equal(await one('select sum(on_hand) from inventory.stock_level'), '33');
  });

  it('sees an order that went on, and a line that changed', async () => {
    const { files } = await bring([
      file('a.csv', SHOP.orders.replace('2,2,1,Pending', '2,2,4,Completed')),
      file('b.csv', SHOP.lines.replace('89.90,0', '89.90,0.5')),
    ]);
    assert.deepEqual(counts(files), [
      [0, 1, 2],
      [0, 1, 1],
    ]);
    assert.equal(await one(`select state from sales.sales_order where number = '2'`), 'done');
    assert.equal(
      await one(`select net_amount from sales.sales_order where number = '1'`),
      '609.10',
    );
    const elsewhere = SHOP.orders.replace(
      '1,1,4,Completed,2025-03-02,2025-03-05,2025-03-04,Harbour Cycles',
      '1,1,4,Completed,2025-03-02,2025-03-05,2025-03-04,Mesa Wheels',
    );
    const { id, files: refused } = await bring([file('c.csv', elsewhere)]);
    assert.equal(id, undefined);
    assert.deepEqual(
      refused[0]!.problems.map((p) => [p.row, p.column, p.code]),
      [[2, 'store', 'column_fixed']],
    );
  });

  it('keeps of an address what a file doesn’t say', async () => {
    const some = file('some.csv', 'customer_id,first_name,last_name,city\n2,Emil,Gray,Questa\n');
    const { files } = await bring([some]);
    assert.deepEqual(counts(files), [[0, 1, 0]]);
    const kept = `select concat_ws(', ', street, city, region, postal_code)
                    from master.address a join master.party p on p.id = a.party_id
                   where p.first_name = 'Emil'`;
    assert.equal(await one(kept), '2 Oak St, Questa, NM, 87571');
    await bring([file('back.csv', String(some.bytes).replace('Questa', 'Taos'))]);
  });

  it('sees changed rows updated, by number or by name, and their trail', async () => {
    const { files } = await bring([
      file(
        'a.csv',
        'product_id,product_name,brand,category,list_price\n1,Northwind Glide,Kestrel,Helmets,600\n',
      ),
      file('b.csv', 'customer_id,first_name,last_name,phone\n2,Emil,Gray,(505) 555-0199\n'),
    ]);
    assert.deepEqual(counts(files), [
      [0, 1, 0],
      [0, 1, 0],
    ]);
    assert.equal(
      await one(`select b.name from catalog.product p join catalog.brand b on b.id = p.brand_id
      where p.number = '1'`),
      'Kestrel',
    );
    assert.equal(
      await one(`select value from master.contact_point where kind = 'phone'`),
      '(505) 555-0199',
    );
    assert.equal(
      await one(`select after->>'unit_price' from audit.change
      where table_name = 'catalog.product' and verb = 'update'`),
      '600',
    );
  });
});

describe('a right is needed', () => {
  beforeEach(async () => {
    db = await testDatabase();
  });

  it('to import, and to write each table', async (t) => {
    t.after(() => db.close());
    const asCashier = bring(shop(), { token: db.tokens.cashier });
    await assert.rejects(asCashier, { code: 'not_permitted' });
    await assert.rejects(bring(shop(), { token: 'nobody' }), { code: 'not_signed_in' });
    const { id, files } = await bring(shop(), { token: db.tokens.manager });
    assert.equal(id, undefined);
    assert.deepEqual(
      files[0]!.problems.map((p) => p.code),
      ['not_permitted_rows'],
    );
    assert.equal(
      files.reduce((n, f) => n + f.problem_count, 0),
      1,
    );
    assert.equal(await one('select count(*) from catalog.product'), '0');
  });

  it('and a cancel stops the running statement and leaves nothing', async (t) => {
    t.after(() => db.close());
    const stop = new AbortController();
    const rows = Array.from({ length: 30_000 }, (_, i) => `P${i},Thing ${i},5\n`).join('');
    const started = Date.now();
    await assert.rejects(
      bring([file('p.csv', `number,name,price\n${rows}`)], {
        signal: stop.signal,
        onProgress: (p) => p.step === 'loading' && setTimeout(() => stop.abort(), 20),
      }),
      { name: 'AbortError' },
    );
    assert.ok(Date.now() - started < 20_000);
    assert.equal(await one('select count(*) from catalog.product'), '0');
    assert.equal((await bring([file('p.csv', 'number,name,price\n1,A,5\n')])).files[0]!.created, 1);
  });

  it('may call files, columns and values as what every object has', async () => {
    const odd = file('constructor', 'number,name,valueOf\n1,North,constructor\n');
    const mapping = { constructor: { table: 'catalog.brand', columns: { valueOf: null } } };
    const [told] = (await bring([odd], { mapping, dryRun: true })).files;
    assert.deepEqual([told!.table, told!.created], ['catalog.brand', 1]);
    const [guessed] = (await bring([file('brands.csv', 'number,constructor\n1,North\n')])).files;
    assert.equal(guessed!.mapping[1]!.reason, 'no field is like it');
    const kinds = file('products.csv', 'number,name,price,kind\n1,A,5,constructor\n2,B,5,goods\n');
    const [chosen] = (await bring([kinds])).files;
    assert.deepEqual([chosen!.problems[0]?.code, chosen!.problem_count], ['choice_wrong', 1]);
  });

  it('but a person may say what a file is', async (t) => {
    t.after(() => db.close());
    const odd = [file('q.csv', 'a,b\n1,North\n')];
    assert.equal((await bring(odd)).files[0]!.problems[0]!.code, 'not_recognised');
    const mapping = { 'q.csv': { table: 'catalog.brand', columns: { a: 'number', b: 'name' } } };
    assert.equal((await bring(odd, { mapping })).files[0]!.created, 1);
    // The next file with these columns is read as this one was, until something else is said.
    const next = () => [file('r.csv', 'a,b\n2,South\n')];
    const [known] = (await bring(next(), { dryRun: true })).files;
    assert.deepEqual([known!.table, known!.created], ['catalog.brand', 1]);
    assert.equal(known!.mapping[0]!.reason, 'as was said last time');
    // Whatever else stands among what was said.
    for (const bad of ['{}', '[7]', '[{"given": null}]', '[{"given": {"heads": "a"}}]']) {
      const put = 'insert into kernel.import_batch (imported_by, files) values (uuidv7(), $1)';
      await db.admin.query(put, [bad]);
    }
    assert.equal((await bring(next(), { dryRun: true })).files[0]!.created, 1);
    const out = await bring(next(), { mapping: { 'r.csv': { table: null } } });
    assert.deepEqual([out.files[0]!.table, out.files[0]!.problems], [null, []]);
    const units = await bring([file('units.csv', 'code,name\nDZN,Dozen\n')]);
    assert.deepEqual([units.files[0]!.table, units.files[0]!.created], ['catalog.unit', 1]);
    assert.equal(
      (await bring([file('units.csv', 'code,name\nDZN,Dozen\n')])).files[0]!.unchanged,
      1,
    );
  });
});
