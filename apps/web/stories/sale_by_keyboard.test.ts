import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('sale');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
});
after(() => kontor?.close());

test('a whole sale without a mouse: receipt, change, and the dashboard elsewhere moves', async () => {
  const { page, context } = await signedIn(kontor);
  const elsewhere = await context.newPage();
  await elsewhere.goto(kontor.url);
  const today = elsewhere.getByRole('region', { name: 'Today' });
  await today.locator('dt', { hasText: 'Number of sales' }).waitFor();
  const receipts = today.locator('dl > div', { hasText: 'Number of sales' }).locator('b');
  assert.equal(await receipts.textContent(), '0');
  const average = today.locator('dl > div', { hasText: 'Average sale' }).locator('b');
  assert.equal(await average.textContent(), '–');

  await page.goto(`${kontor.url}/till`);
  await page.getByRole('heading', { name: 'Which till is this?' }).waitFor();
  const till = page.locator('.till-choices button').first();
  for (let tabs = 0; tabs < 80; tabs++) {
    if (await till.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByLabel('Float').waitFor();
  await page.keyboard.type('150');
  await page.keyboard.press('Enter');

  const finder = page.getByRole('combobox', { name: 'Scan or search' });
  await finder.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('4006381333931');
  await page.keyboard.press('Enter');
  const sale = page.getByRole('region', { name: 'Sale' });
  await sale.getByText('Commuter helmet').waitFor();
  await page.keyboard.type('3*bell');
  await page.getByRole('option', { name: /Bell/ }).waitFor();
  await page.keyboard.press('Enter');
  await sale.getByLabel('Quantity of Bell').waitFor();
  assert.equal(await sale.getByLabel('Quantity of Bell').inputValue(), '3');
  await sale.locator('output', { hasText: '109.60' }).waitFor();

  await page.keyboard.press('F8');
  await page.getByLabel('Given').waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type('120');
  const rung = Date.now();
  await page.keyboard.press('Enter');
  const done = page.getByRole('dialog', { name: /Receipt/ });
  await done.getByText('10.40').first().waitFor();
  await done.getByText('Commuter helmet').first().waitFor();

  await receipts.getByText('1', { exact: true }).waitFor({ timeout: 5000 });
  assert.ok(Date.now() - rung < 2500, `the dashboard moved after ${Date.now() - rung} ms`);
  await today.getByText('109.60').first().waitFor();

  await page.keyboard.press('Enter');
  await done.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  const { body } = await kontor.ask('GET', '/pos/receipt', undefined, token);
  assert.equal(body.rows.length, 1);
  assert.equal(body.rows[0].gross_amount, '109.60');
  await context.close();
});
