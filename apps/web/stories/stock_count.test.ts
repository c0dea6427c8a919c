import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aShopToSellIn, type Running, settles, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('stock-count');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
});
after(() => kontor?.close());

test('a count is scanned and typed, survives a reload, is noted and posted', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/inventory/stock_count`);
  await page.getByRole('button', { name: 'New' }).click();
  const box = page.getByRole('textbox', { name: 'Scan or search' });
  const helmets = page.getByLabel('How many of Commuter helmet');
  for (const times of ['1', '2']) {
    await box.fill('4006381333931');
    await box.press('Enter');
    await page.waitForFunction(
      ([label, n]) =>
        document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)?.value === n,
      ['How many of Commuter helmet', times] as const,
    );
  }
  await box.fill('nothing like it');
  await box.press('Enter');
  await page.getByText('No product fits “nothing like it”.').waitFor();
  await box.fill('bell');
  await box.press('Enter');
  const bells = page.getByLabel('How many of Bell');
  await bells.fill('x');
  assert.equal(await page.getByRole('button', { name: /^Note / }).isDisabled(), true);
  await bells.fill('7');
  await page.reload();
  await settles(() => helmets.inputValue(), '2');
  await settles(() => bells.inputValue(), '7');

  // Enter goes on to the next product and notes nothing.
  await bells.press('Enter');
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'How many of Commuter helmet',
  );
  await page.getByRole('button', { name: 'Note 2 products' }).click();
  const states = page.getByRole('list', { name: 'State' });
  await states.locator('[aria-current=step]', { hasText: 'Draft' }).waitFor();
  await page.getByRole('button', { name: 'Post count' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Post count' }).click();
  await states.locator('[aria-current=step]', { hasText: 'Posted' }).waitFor();
  await page.getByText('Posted').first().waitFor();
  const { body } = await kontor.ask('GET', '/inventory/stock_level?sort=on_hand', undefined, token);
  assert.deepEqual(
    body.rows.map((row: { on_hand: string }) => Number(row.on_hand)),
    [2, 7],
  );

  await page.goto(`${kontor.url}/inventory/stock_count_new`);
  await box.waitFor();
  assert.equal(await helmets.count(), 0, 'what was noted is not kept for another count');
  await context.close();
});
