import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import type { Page } from 'playwright-core';
import { type Running, setUp, signedIn, startAll } from './browser.ts';

const products = (
  secondPrice: string,
) => `product_id,product_name,brand_name,category_name,list_price
1,Heron City 7,Heron,City bikes,649.00
2,Heron Cargo,Heron,City bikes,${secondPrice}
3,Talus Trail 29,Talus,Mountain bikes,1290.50
`;
const customers = `customer_id,first_name,last_name,phone,email,street,city,state,zip_code
1,Ada,Reyes,NULL,ada.reyes@example.com,4 Mill Lane,Baldwin,NY,11510
2,Omar,Shah,(516) 555-0199,omar.shah@example.com,18 Harbor Road,Baldwin,NY,11510
`;

const brands = 'brand_id,brand_name\n1,Heron\n2,Talus\n';
const categories = 'category_id,category_name\n1,City bikes\n2,Mountain bikes\n';

let kontor: Running;
let page: Page;
before(async () => {
  kontor = await startAll('import');
  await setUp(kontor);
  ({ page } = await signedIn(kontor));
});
after(() => kontor?.close());

test('files with a problem are shown it by row and column, mended, and loaded in one go', async () => {
  await page.goto(`${kontor.url}/import`);
  await drop({ products: products('twelve'), customers, brands, categories });
  const problems = page.getByRole('region', { name: 'Problems' });
  await problems.getByRole('cell', { name: 'twelve', exact: true }).waitFor();
  await problems.getByRole('cell', { name: 'list_price', exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Load/ }).count(), 0);

  await page.getByRole('button', { name: 'Choose files again' }).click();
  await drop({ products: products('2199.00'), customers, brands, categories });
  await page.getByRole('button', { name: /products\.csv/ }).click();
  await page.getByRole('cell', { name: 'list_price', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Load 9 rows' }).click();
  await page.getByText(/^Loaded: /).waitFor();

  await page.goto(`${kontor.url}/catalog/product`);
  await page.getByRole('gridcell', { name: 'Heron Cargo' }).waitFor();
  await page.getByRole('gridcell', { name: '2,199.00' }).waitFor();
  await page.goto(`${kontor.url}/master/party`);
  await page.getByRole('gridcell', { name: 'Ada Reyes' }).waitFor();
});

test('a column that nothing is made of is named before anything is loaded', async () => {
  await page.goto(`${kontor.url}/import`);
  await drop({ brands: 'brand_id,brand_name,colour\n1,Heron,red\n' });
  await page.getByText('left out: colour').waitFor();
  await page.getByRole('button', { name: 'Cancel the import' }).click();
});

test('what a file was taken for is corrected, checked again, and known the next time', async () => {
  const text = 'ref,what,asked\nB-1,Brass bell,12.50\nB-2,Horn,8.00\n';
  await page.goto(`${kontor.url}/import`);
  await drop({ pieces: text });
  const file = page.getByRole('button', { name: /pieces\.csv/ });
  await file.getByText('not recognised').waitFor();
  // What is asked for stands open already.
  await choose('Read this file as', 'Products');
  await file.getByText('read as Product').waitFor();
  for (const [column, field] of Object.entries({ ref: 'Number', what: 'Name', asked: 'Price' })) {
    await choose(`${column} becomes`, field);
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: column, exact: true }) });
    await row.getByText('as you said').waitFor();
  }
  await page.getByRole('cell', { name: 'Brass bell' }).waitFor();
  await page.getByRole('button', { name: 'Load 2 rows' }).click();
  await page.getByRole('link', { name: 'Open Product' }).click();
  await page.getByRole('gridcell', { name: '12.50' }).waitFor();

  await page.goto(`${kontor.url}/import`);
  await drop({ pieces: text.replace('8.00', '9.00') });
  await page.getByText('2 rows are fine: 0 to create, 1 to change').waitFor();
  await file.click();
  await page.getByText('as was said last time').first().waitFor();
  await choose('Read this file as', 'Leave this file out');
  await file.getByText('left out', { exact: true }).waitFor();
  const answered = await page.evaluate(async () => {
    const me = await (await fetch('/api/v1/session')).json();
    const id = new URL(location.href).searchParams.get('id');
    const answer = await fetch(`/api/v1/import/${id}/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrf },
      body: JSON.stringify({ mapping: { 'pieces.csv': { table: 7 } } }),
    });
    return answer.json();
  });
  assert.deepEqual(
    [answered.code, answered.errors?.[0]?.field],
    ['input_wrong', 'mapping.pieces.csv.table'],
  );
  await page.getByRole('button', { name: 'Cancel the import' }).click();
});

test('an import that is cancelled leaves nothing behind', async () => {
  await page.goto(`${kontor.url}/import`);
  await drop({ brands: 'brand_id,brand_name\n9,Kestrel\n' });
  await page.getByRole('button', { name: 'Cancel the import' }).click();
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.goto(`${kontor.url}/catalog/brand?q=Kestrel`);
  await page.getByText('Nothing matches').waitFor();
});

test('a workbook is loaded sheet by sheet, goes out again, and is taken back unless it is used', async () => {
  const bytes = await writeXlsx({
    sheets: [
      {
        name: 'Makers',
        rows: [
          ['brand_id', 'brand_name'],
          ['m1', 'Aster'],
          ['m2', 'Birch'],
        ],
      },
      {
        name: 'Goods',
        rows: [
          ['product_id', 'product_name', 'brand_name', 'list_price'],
          ['g1', 'Aster One', 'Aster', 0.1 + 0.2],
        ],
      },
    ],
  });
  await page.goto(`${kontor.url}/import`);
  const old = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  await take([{ name: 'old.xls', mimeType: '', buffer: old }]);
  await page.getByText('This is an old Excel file (.xls).').waitFor();
  await page.getByRole('button', { name: 'Choose files again' }).click();
  await take([{ name: 'spring.xlsx', mimeType: '', buffer: Buffer.from(bytes) }]);
  await page
    .getByRole('button', { name: /spring\.xlsx: Goods/ })
    .getByText('read as Product')
    .waitFor();
  await page.getByRole('button', { name: 'Load 3 rows' }).click();
  await page.getByRole('button', { name: 'Undo import' }).waitFor();
  const imported = page.url();

  await page.goto(`${kontor.url}/catalog/product?q=Aster`);
  await page.getByRole('gridcell', { name: '0.30' }).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export this list as Excel' }).click();
  const file = await readXlsx(readFileSync(await (await saved).path()));
  const [heads = [], row = []] = file.sheets[0]?.rows ?? [];
  assert.deepEqual([row[heads.indexOf('Name')], row[heads.indexOf('Price')]], ['Aster One', 0.3]);

  // A product that stands on one of its brands is in the way, and is led to.
  await page.goto(`${kontor.url}/import`);
  await drop({ more: 'product_id,product_name,brand_name,list_price\nh1,Birch Two,Birch,8\n' });
  await page.getByRole('button', { name: 'Load 1 rows' }).click();
  await page.getByText(/^Loaded: /).waitFor();
  const second = page.url();
  await page.goto(imported);
  await undo();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('refers to what was imported').waitFor();
  assert.match(
    (await dialog.getByRole('link', { name: 'Product: Birch Two' }).getAttribute('href')) ?? '',
    /^\/catalog\/product\/[0-9a-f-]{36}$/,
  );
  await page.goto(second);
  await undo();
  await page.getByText('This import is undone.').waitFor();
  await page.goto(imported);
  await undo();
  await page.getByText('This import is undone.').waitFor();
  await page.goto(`${kontor.url}/catalog/product?q=Aster`);
  await page.getByText('Nothing matches').waitFor();

  await page.locator('[data-area=settings]').click();
  await page.getByRole('link', { name: 'Past imports', exact: true }).click();
  await page.getByRole('gridcell', { name: 'spring.xlsx: Makers, spring.xlsx: Goods' }).waitFor();
  assert.equal(await page.getByRole('gridcell', { name: 'Undone' }).count(), 2);
});

async function undo(): Promise<void> {
  await page.getByRole('button', { name: 'Undo import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo import' }).click();
}

/** Drops files on the page and waits until they are checked. */
const drop = (files: Record<string, string>): Promise<void> =>
  take(
    Object.entries(files).map(([name, text]) => {
      return { name: `${name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) };
    }),
  );

async function take(files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(files);
  await page
    .getByRole('status')
    .getByText(/Nothing is written/)
    .waitFor();
}

/** Chooses in a box; what it brings about is waited for by who chose. */
async function choose(label: string, wanted: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: wanted, exact: true }).click();
}
