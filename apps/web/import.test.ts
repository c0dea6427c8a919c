import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
  await page.getByRole('cell', { name: 'Heron Cargo' }).waitFor();
  await page.getByRole('cell', { name: '2,199.00' }).waitFor();
  await page.goto(`${kontor.url}/master/party`);
  await page.getByRole('cell', { name: 'Ada Reyes' }).waitFor();
});

test('a column that nothing is made of is named before anything is loaded', async () => {
  await page.goto(`${kontor.url}/import`);
  await drop({ brands: 'brand_id,brand_name,colour\n1,Heron,red\n' });
  await page.getByText('left out: colour').waitFor();
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

/** Drops files on the page and waits until they are checked. */
async function drop(files: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(
    Object.entries(files).map(([name, text]) => ({
      name: `${name}.csv`,
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    })),
  );
  await page
    .getByRole('status')
    .getByText(/Nothing is written/)
    .waitFor();
}
