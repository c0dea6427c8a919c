import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  aShopToSellIn,
  makePeople,
  people,
  type Running,
  setUp,
  signedIn,
  startAll,
} from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('lists');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
  for (const [name, unit_price] of Object.entries({ Pump: '30', Saddle: '30', Chain: '12' }))
    await kontor.ask('POST', '/catalog/product/create', { name, unit_price }, token);
  await makePeople(kontor, token);
});
after(() => kontor?.close());

const list = async (page: Page, query = '') => {
  await page.goto(`${kontor.url}/catalog/product${query}`);
  await page.getByRole('link', { name: 'Bell' }).or(page.locator('.k-groups')).first().waitFor();
};
const namesOf = (page: Page) => page.locator('.k-grid tbody td a').allTextContents();
const priceOf = async (name: string) => {
  const filter = encodeURIComponent(JSON.stringify([['name', '=', name]]));
  const { body } = await kontor.ask('GET', `/catalog/product?filter=${filter}`, undefined, token);
  return body.rows[0].unit_price;
};

test('rows are chosen, looked at, changed and put back', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  for (const name of ['Pump', 'Chain'])
    await page.getByRole('row').filter({ hasText: name }).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Chosen rows' });
  await bar.getByText('2 chosen').waitFor();
  await bar.getByRole('button', { name: 'Change …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change many' });
  await dialog.getByRole('combobox', { name: 'Field' }).fill('Price');
  await page.getByRole('option', { name: 'Price', exact: true }).click();
  await dialog.locator('input[name=unit_price]').fill('15');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('2 rows would change.').waitFor();
  await dialog.getByRole('row').filter({ hasText: 'Pump' }).getByText('15.00').waitFor();
  assert.equal(await priceOf('Pump'), '30.00', 'a preview changes nothing');
  await dialog.getByRole('button', { name: 'Change 2 rows' }).click();
  await page.getByText('2 rows changed.').waitFor();
  assert.deepEqual([await priceOf('Pump'), await priceOf('Chain')], ['15.00', '15.00']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('2 rows changed.').waitFor({ state: 'detached' });
  assert.deepEqual([await priceOf('Pump'), await priceOf('Chain')], ['30.00', '12.00']);
  await context.close();
});

test('several sorts, groups and a saved view stand in the address', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  await page
    .locator('th')
    .getByRole('button', { name: /^Price/ })
    .click();
  await page
    .locator('th')
    .getByRole('button', { name: /^Name/ })
    .click({ modifiers: ['Shift'] });
  await page.waitForURL((at) => at.searchParams.get('sort') === 'unit_price,name');
  await page.locator('.k-grid tbody tr').first().getByText('Bell').waitFor();
  assert.deepEqual(await namesOf(page), ['Bell', 'Chain', 'Pump', 'Saddle', 'Commuter helmet']);

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save this list as a view …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this list as a view' });
  await dialog.getByLabel('Name').fill('By price');
  await dialog.getByLabel('Everybody sees it').check();
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await page.waitForURL((at) => at.searchParams.has('view'));

  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('combobox', { name: 'Group by' }).fill('Price');
  await page.getByRole('option', { name: 'Price', exact: true }).click();
  await page.waitForURL((at) => at.searchParams.get('group') === 'unit_price');
  const groups = page.getByRole('region', { name: /^Groups of/ });
  await groups
    .getByRole('row')
    .filter({ hasText: '30.00' })
    .getByText('2', { exact: true })
    .waitFor();
  await groups
    .getByRole('row')
    .filter({ hasText: 'All' })
    .getByText('5', { exact: true })
    .waitFor();
  await context.close();

  const cashier = await signedIn(kontor, people.cashier);
  await list(cashier.page);
  assert.equal(await cashier.page.getByRole('checkbox').count(), 0, 'a cashier changes no product');
  await cashier.page.getByRole('button', { name: 'Views' }).click();
  await cashier.page.getByRole('menuitem', { name: 'By price' }).click();
  await cashier.page.waitForURL((at) => at.searchParams.get('sort') === 'unit_price,name');
  await cashier.context.close();
});

test('a filter takes what is referred to, and times that go with the clock', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  const add = async (column: string, condition?: string) => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('combobox', { name: 'Column' }).fill(column);
    await page.getByRole('option', { name: column, exact: true }).first().click();
    if (!condition) return;
    await page.getByRole('combobox', { name: 'Condition' }).click();
    await page.getByRole('option', { name: condition, exact: true }).click();
  };
  await add('Price', 'is between');
  await page.getByLabel('From').fill('10');
  await page.getByLabel('Until').fill('20');
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.getByText('Price is between').waitFor();
  await page.getByRole('link', { name: 'Pump' }).waitFor({ state: 'detached' });
  assert.deepEqual(await namesOf(page), ['Chain']);

  const untaxed = encodeURIComponent(JSON.stringify([['tax_id.name', 'is_null']]));
  await list(page, `?filter=${untaxed}`);
  await page.getByText('Name of Tax is empty').waitFor();

  await page.goto(`${kontor.url}/pos/receipt`);
  await add('Time');
  await page.getByRole('combobox', { name: 'Time' }).click();
  await page.getByRole('option', { name: 'in the last 30 days' }).click();
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.getByText('Time is').waitFor();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await context.close();
});

test('what two changed at once is told beside the field', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  await page.getByRole('link', { name: 'Saddle' }).click();
  const price = page.locator('input[name=unit_price]');
  await page.getByRole('button', { name: /Edit Price$/ }).click();
  await price.fill('31.50');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const theirs = { id, version: 1, unit_price: '31.00' };
  assert.equal((await kontor.ask('POST', '/catalog/product/change', theirs, token)).status, 200);
  await price.fill('32');
  await page.keyboard.press('Enter');
  await page.getByText(/changed this meanwhile\. It is 31\.00 now/).waitFor();
  assert.equal(await price.inputValue(), '32');
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/product/change'));
  await page.keyboard.press('Enter');
  assert.equal((await saved).status(), 200);
  assert.equal(await priceOf('Saddle'), '32.00');
  await context.close();
});
