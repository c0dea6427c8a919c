import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let product: string;
before(async () => {
  kontor = await startAll('print');
  const token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  const done = async (path: string, body: object) => {
    const { status, body: said } = await kontor.ask('POST', path, body, token);
    assert.equal(status, 200, JSON.stringify(said));
  };
  const field = { name: 'colour', label: 'Frame colour', type: 'text' };
  await done('/kernel/custom_field/create', { table_name: 'catalog.product', ...field });
  const filled = { id: product, version: 1, 'custom.colour': 'Deep green' };
  await done('/catalog/product/change', filled);
  const said = { column_name: 'name', language: 'ar', text: 'خوذة للمدينة' };
  const meant = { table_name: 'catalog.product', row_id: product };
  await done('/kernel/translation/set', { ...meant, ...said });
  const more = Array.from({ length: 79 }, (_, n) => ({ name: `Spoke ${n}`, unit_price: '1' }));
  await Promise.all(more.map((one) => done('/catalog/product/create', one)));
});
after(() => kontor?.close());

/** What a page says when its paper is laid out, as it does after Ctrl+P; and how many sheets it takes. */
async function printed(page: Page): Promise<{ text: string; sheets: number }> {
  await page.evaluate(() => {
    const keep = () => {
      document.body.dataset.printed = document.querySelector('main')?.textContent ?? '';
    };
    addEventListener('beforeprint', keep, { once: true });
  });
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  const text = await page.evaluate(() => document.body.dataset.printed ?? '');
  return { text, sheets: Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]) };
}

test('a record prints with every field, also those that were added, and what belongs to it', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  await page.getByRole('button', { name: 'Deep green' }).waitFor();
  const { text } = await printed(page);
  assert.match(text, /Hill Bikes/, 'whose it is');
  assert.match(text, /Frame colourDeep green/);

  await page.emulateMedia({ media: 'print' });
  const paper = page.getByRole('main');
  await paper.getByRole('term').filter({ hasText: 'Frame colour' }).first().waitFor();
  await paper
    .getByRole('definition')
    .filter({ hasText: /^Deep green$/ })
    .waitFor();
  await paper.getByRole('definition').filter({ hasText: '4006381333931' }).waitFor();
  const seen = { buttons: paper.getByRole('button'), fields: paper.getByRole('textbox') };
  assert.equal(await seen.buttons.count(), 0);
  assert.equal(await seen.fields.count(), 0);
  assert.equal(await page.getByRole('navigation').count(), 0);

  // What is typed and not saved yet is still there afterwards.
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Edit Frame colour' }).click();
  await page.getByLabel('Frame colour').fill('Red');
  await page.emulateMedia({ media: 'print' });
  await paper
    .getByRole('definition')
    .filter({ hasText: /^Deep green$/ })
    .waitFor();
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await page.getByLabel('Frame colour').inputValue(), 'Red');
  await context.close();
});

test('a record prints in the language of the page, its name as it was translated', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}?lang=ar`);
  await page.getByRole('button', { name: 'Deep green' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('heading', { name: 'خوذة للمدينة' }).waitFor();
  await page
    .getByRole('definition')
    .filter({ hasText: /^Deep green$/ })
    .waitFor();
  await context.close();
});

test('a list prints all rows that it shows, under its head and what it is filtered by', async () => {
  const { page, context } = await signedIn(kontor);
  const filter = encodeURIComponent('[["unit_price","<","100"]]');
  await page.goto(`${kontor.url}/catalog/product?filter=${filter}&sort=name`);
  await page.getByText('Bell', { exact: true }).waitFor();
  const rows = page.locator('.k-grid tbody a');
  assert.ok((await rows.count()) < 81, 'on the screen only those in sight are drawn');
  const { sheets } = await printed(page);
  assert.ok(sheets > 1, `${sheets} sheets`);

  await page.emulateMedia({ media: 'print' });
  await page.getByText('Spoke 9', { exact: true }).waitFor();
  assert.equal(await rows.count(), 81);
  await page.getByText('Price under 100.00').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Filter' }).count(), 0);
  assert.equal(await page.getByRole('checkbox').count(), 0);
  // A head repeats on each sheet as long as nothing scrolls and it isn't fixed.
  const head = await page.locator('.k-grid thead').evaluate((at) => {
    const styleOf = (one: Element) => getComputedStyle(one);
    return [styleOf(at).display, styleOf(at.querySelector('th') as Element).position];
  });
  assert.deepEqual(head, ['table-header-group', 'static']);
  await context.close();
});
