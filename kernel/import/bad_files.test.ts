import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testDatabase } from './fixture/database.ts';
import { file, type Kind, nameOf, SHOP, shop } from './fixture/files.ts';
import { importFiles } from './import.ts';
import type { GivenFile } from './read.ts';

describe('a file with something wrong loads nothing and says where', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());

  const bring = (files: GivenFile[]) =>
    importFiles({ pool: db.pool, token: db.tokens.administrator, files });
  const problemsOf = async (files: GivenFile[]) => {
    const { id, files: told } = await bring(files);
    assert.equal(id, undefined);
    const { rows } = await db.admin.query('select count(*)::int as n from catalog.product');
    assert.equal(rows[0].n, 0);
    for (const f of told) for (const p of f.problems) assert.match(p.message, /^[A-Z“].*[.:)]?$/);
    return told.flatMap((f) => f.problems.map((p) => [f.file, p.row, p.column, p.value, p.code]));
  };
  /** The problems of the shop's files with one text put in another's place. */
  const broken = (kind: Kind, from: string, to: string) => {
    assert.ok(SHOP[kind].includes(from));
    return problemsOf(shop({ [kind]: SHOP[kind].replace(from, to) }));
  };

  it('empty, heads only, a folder, missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kontor-'));
    const files = [
      file('empty.csv', ''),
      file('heads.csv', 'product_id,product_name,list_price\n'),
      { name: 'folder', path: folder },
      { name: 'gone.csv', path: join(folder, 'gone.csv') },
      file('picture.csv', 'PNG\u0000\u0000'),
    ];
    assert.deepEqual(await problemsOf(files), [
      ['empty.csv', null, null, null, 'file_empty'],
      ['heads.csv', 1, null, null, 'heads_only'],
      ['folder', null, null, null, 'file_is_folder'],
      ['gone.csv', null, null, null, 'file_missing'],
      ['picture.csv', null, null, null, 'not_text'],
    ]);
  });

  it('over 50 MB', async () => {
    const big = { name: 'big.csv', bytes: Buffer.alloc(50 * 1024 * 1024 + 1, 'a,b\n') };
    assert.deepEqual(await problemsOf([big]), [['big.csv', null, null, null, 'file_too_big']]);
  });

  it('a broken quote, a column twice, a row cut short', async () => {
    const name = nameOf('products');
    assert.deepEqual(await broken('products', '3,Kestrel Shell', '3,"Kestrel Shell'), [
      [name, 4, null, null, 'quote_broken'],
    ]);
    assert.deepEqual(await broken('products', 'model_year', 'brand_id'), [
      [name, 1, 'brand_id', null, 'column_twice'],
    ]);
    assert.deepEqual(await broken('products', '4,Kestrel Shell,2,2,2025,69.90', '4,Kestrel'), [
      [name, 5, null, null, 'cells_too_few'],
    ]);
  });

  it('an unknown store, a line without its order, a name that stands twice', async () => {
    assert.deepEqual(await broken('stocks', 'Mesa Wheels,1,7', 'Messa Wheel,1,7'), [
      [nameOf('stocks'), 4, 'store_name', 'Messa Wheel', 'reference_unknown'],
    ]);
    assert.deepEqual(await broken('lines', '1,2,3,2', '99,2,3,2'), [
      [nameOf('lines'), 3, 'order_id', '99', 'reference_unknown'],
    ]);
    assert.deepEqual(await broken('stocks', 'Mesa Wheels,3,25', 'Mesa Wheels,Kestrel Shell,25'), [
      [nameOf('stocks'), 5, 'product_id', 'Kestrel Shell', 'reference_ambiguous'],
    ]);
  });

  it('values that a table refuses, each at its cell', async () => {
    const name = nameOf('products');
    const cases = [
      ['649.00', 'dear', 'list_price', 'number_wrong'],
      ['649.00', '-649.00', 'list_price', 'check_failed'],
      ['649.00', '', 'list_price', 'required'],
      ['649.00', '649.12345', 'list_price', 'type_wrong'],
      ['2025,649', '99999,649', 'model_year', 'type_wrong'],
      ['2025,649', '1066,649', 'model_year', 'check_failed'],
      ['4,Kestrel Shell', '2,Kestrel Shell', 'product_id', 'key_twice'],
    ] as const;
    for (const [from, to, column, code] of cases) {
      const [problem, ...more] = await broken('products', from, to);
      assert.deepEqual([problem?.[0], problem?.[2], problem?.[4]], [name, column, code]);
      assert.deepEqual(more, [], `${to} is told once, not by what refers to it`);
    }
    assert.deepEqual(await broken('orders', '1,Pending', '1,Rejected'), [
      [nameOf('orders'), 3, 'order_status', '1', 'columns_disagree'],
    ]);
    assert.deepEqual(await broken('stocks', 'Harbour Cycles,1,4', 'Harbour Cycles,1,-4'), [
      [nameOf('stocks'), 2, 'quantity', '-4', 'quantity_below_zero'],
    ]);
  });

  it('all that is wrong with a row, each cell once', async () => {
    const products = [
      'product_id,product_name,brand_id,category_id,model_year,list_price',
      '1,,9,1,1066,dear',
      ',Kestrel Arrow,2,8,twenty,-5',
      '3,Kestrel Shell,2,2,2026,89.90',
      '3,Kestrel Shell,2,7,2025,69.90123',
    ];
    const name = nameOf('products');
    const kinds = ['brands', 'categories', 'products', 'stores', 'stocks'];
    const stocks = 'store_name,product_id,quantity\nHarbour Cycles,1,4\nMesa Wheels,3,2\n';
    const told = await problemsOf(shop({ products: products.join('\n'), stocks }, kinds));
    assert.deepEqual(
      told.filter(([file]) => file === name).map(([, row, column, , code]) => [row, column, code]),
      [
        [2, 'product_name', 'required'],
        [2, 'brand_id', 'reference_unknown'],
        [2, 'model_year', 'check_failed'],
        [2, 'list_price', 'number_wrong'],
        [3, 'product_id', 'required'],
        [3, 'category_id', 'reference_unknown'],
        [3, 'model_year', 'number_wrong'],
        [3, 'list_price', 'check_failed'],
        [5, 'product_id', 'key_twice'],
        [5, 'category_id', 'reference_unknown'],
        [5, 'list_price', 'type_wrong'],
      ],
    );
    assert.deepEqual(
      told.filter(([file]) => file !== name),
      [],
      'what refers to these rows is not told again',
    );
  });

  it('phone numbers and e-mail addresses that are none', async () => {
    const people = SHOP.customers
      .replace('(505) 555-0144', 'ask at home')
      .replace('emil@example.com', 'emil at example.com')
      .replace('faye@example.com', 'faye@example.com; f@example.com');
    const name = nameOf('customers');
    assert.deepEqual(await problemsOf(shop({ customers: people })), [
      [name, 3, 'phone', 'ask at home', 'phone_wrong'],
      [name, 3, 'email', 'emil at example.com', 'email_wrong'],
      [name, 4, 'email', 'faye@example.com; f@example.com', 'email_wrong'],
    ]);
    const staff = SHOP.staff.replace('ada@harbour.example', 'ada@harbour');
    assert.deepEqual(await problemsOf(shop({ staff })), [
      [nameOf('staff'), 2, 'email', 'ada@harbour', 'email_wrong'],
    ]);
  });

  it('at most 1,000 are listed, all are counted', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `${i},Thing,dear\n`).join('');
    const good = Array.from({ length: 1600 }, (_, i) => `g${i},Thing,1\n`).join('');
    const { files } = await bring([
      file('p.csv', `product_id,product_name,list_price\n${rows}${good}`),
    ]);
    assert.equal(files[0]!.problems.length, 1000);
    assert.equal(files[0]!.problem_count, 1500);
  });

  it('while text that looks like a formula is text', async () => {
    const text = 'product_id;product_name;list_price\r\n7;=1+2;1.234,56\r\n8;"a;b";(5,00)\r\n';
    const { files } = await bring([file('p.csv', text)]);
    assert.deepEqual(
      files[0]!.problems.map((p) => p.code),
      ['check_failed'],
    );
    const loaded = await bring([file('p.csv', text.replace('(5,00)', '$ 5,00'))]);
    assert.ok(loaded.id);
    const { rows } = await db.admin.query(
      'select name, unit_price from catalog.product order by number',
    );
    assert.deepEqual(rows, [
      { name: '=1+2', unit_price: '1234.56' },
      { name: 'a;b', unit_price: '5.00' },
    ]);
  });
});
