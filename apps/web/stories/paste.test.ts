import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { aShopToSellIn, type Running, settles, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('paste');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
});
after(() => kontor?.close());

/** What the browser does where a spreadsheet's cells are pasted. */
const paste = (into: Locator, text: string) =>
  into.evaluate((element, said) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', said);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    element.dispatchEvent(event);
  }, text);

test('rows of a spreadsheet become prices of a list, all or none', async () => {
  const ask = (method: string, path: string, body?: unknown) =>
    kontor.ask(method, path, body, token);
  const made = await ask('POST', '/catalog/price_list/create', { name: 'Club', currency: 'USD' });
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/price_list/${made.body.id}`);
  await page.getByRole('button', { name: 'Add a row' }).click();
  const product = page.locator('.k-typed').getByRole('combobox').first();

  await paste(product, '1001\t70.00\r\n"Gong"\tten\r\n');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Row 2: Product: nothing is called “Gong”.').waitFor();
  await dialog.getByText('Row 2: Price must be a number').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Add 2 rows' }).isDisabled(), true);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });

  // By the names of columns in any order; the same product twice is the database's to refuse.
  await paste(product, 'Price\tProduct\n70.00\t1001\n9.00\tBell\n8.00\t1002');
  await dialog.getByRole('button', { name: 'Add 3 rows' }).click();
  await dialog.getByText(/^Row 4: /).waitFor();
  const prices = async () => {
    const { body } = await ask('GET', '/catalog/price_list_line?sort=unit_price');
    return body.rows.map((row: Record<string, string>) => [row.product_id_label, row.unit_price]);
  };
  assert.deepEqual(await prices(), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });

  await paste(product, 'Price\tProduct\n70.00\t1001\n9.00\tBell');
  await dialog.getByText('Commuter helmet').waitFor();
  await dialog.getByRole('button', { name: 'Add 2 rows' }).click();
  await page.getByText('2 rows added.').waitFor();
  const rows = page.locator('.k-typed tbody tr').filter({ has: page.locator('[data-field]') });
  await settles(() => rows.count(), 2);
  const said = Object.fromEntries(await prices());
  assert.deepEqual(said, { 'Commuter helmet': '70.00', Bell: '9.00' });
  await context.close();
});

test('a count is pasted by number or barcode, and what nothing fits is named', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/inventory/stock_count_new`);
  const box = page.getByRole('textbox', { name: 'Scan or search' });
  await box.waitFor();
  await paste(box, 'Number\tCounted\n4006381333931\t3\n1001\t2\n1002\t\n9999\t4');
  await page.getByText('Nothing fits one row: 9999.').waitFor();
  // One product on two shelves is counted together; one without a count is still to be counted.
  await settles(() => page.getByLabel('How many of Commuter helmet').inputValue(), '5');
  await settles(() => page.getByLabel('How many of Bell').inputValue(), '');
  await page.getByRole('button', { name: 'Note 1 product' }).waitFor();
  await context.close();
});
