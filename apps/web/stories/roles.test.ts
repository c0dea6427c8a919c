import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  aShopToSellIn,
  makePeople,
  menuOf,
  owner,
  people,
  type Running,
  setUp,
  signedIn,
  signInByApi,
  startAll,
} from './browser.ts';

let kontor: Running;
let product: string;
before(async () => {
  kontor = await startAll('roles');
  const token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  await makePeople(kontor, token);
});
after(() => kontor?.close());

test('a cashier sees no cost, no import, no users; the pages say what to do', async () => {
  const { page, context } = await signedIn(kontor, people.cashier, { at: '/' });
  const rail = page.getByRole('navigation', { name: 'Modules' });
  await rail.getByRole('link', { name: 'Products' }).waitFor();
  const menu = await menuOf(page);
  assert.ok(menu.includes('Products'));
  for (const name of ['Import', 'Users', 'Trail', 'Employees', 'Trial balance', 'Findings'])
    assert.ok(!menu.includes(name), name);
  assert.equal(await rail.getByRole('link', { name: 'Accounting' }).count(), 0);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  await page.getByRole('heading', { name: 'Commuter helmet' }).waitFor();
  await page.getByText('79.90').first().waitFor();
  assert.equal(await page.getByText('Cost', { exact: true }).count(), 0);
  assert.equal(await page.getByText('31.00').count(), 0);
  const figures = page.getByRole('region', { name: 'Figures' });
  await figures.getByText('On hand').waitFor();
  assert.equal(await figures.getByText('Stock value').count(), 0);

  for (const path of ['/import', '/identity/user', '/identity/user/new', '/audit/request']) {
    await page.goto(kontor.url + path);
    await page.getByRole('heading', { name: 'You may not see this page' }).waitFor();
  }
  await context.close();
});

test('a record tells what it comes to, and leads to the list that says so', async () => {
  const token = await signInByApi(kontor.ask, owner.username, owner.password);
  const { body } = await kontor.ask('GET', '/master/store', undefined, token);
  const lines = [{ product_id: product, counted: '7' }];
  const count = { store_id: body.rows[0].id, lines };
  const taken = await kontor.ask('POST', '/inventory/stock_count/take', count, token);
  await kontor.ask('POST', '/inventory/stock_count/post', { id: taken.body.id }, token);
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  const figures = page.getByRole('region', { name: 'Figures' });
  await figures.getByText('217.00 USD').waitFor();
  await figures.getByRole('link', { name: '7', exact: true }).click();
  await page.waitForURL(/\/inventory\/stock_level\?/);
  await page
    .locator('.k-groups tfoot, .k-groups tbody')
    .getByText('7', { exact: true })
    .first()
    .waitFor();
  await context.close();
});

test('the API refuses a cashier what the pages leave out', async () => {
  const token = await signInByApi(kontor.ask, people.cashier.username, people.cashier.password);
  const cost = await kontor.ask('GET', '/catalog/product?columns=unit_cost', undefined, token);
  assert.deepEqual(Object.keys(cost.body.rows[0]), ['id']);
  const sorted = await kontor.ask('GET', '/catalog/product?sort=unit_cost', undefined, token);
  assert.equal(sorted.body.code, 'column_unknown');
  const users = await kontor.ask('GET', '/identity/user', undefined, token);
  const names = users.body.rows.map((row: { username: string }) => row.username);
  assert.deepEqual(names, [people.cashier.username]);
  const make = { username: 'eve', name: 'Eve', password: 'Bright-Morning-7', role: 'manager' };
  assert.equal((await kontor.ask('POST', '/identity/user/make', make, token)).status, 403);
  const change = { id: product, version: 1, unit_price: '1.00' };
  assert.equal((await kontor.ask('POST', '/catalog/product/change', change, token)).status, 403);
});

test('a cashier voids a receipt with a manager’s password, and only so', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await page.goto(`${kontor.url}/till`);
  await page.locator('.till-choices button').first().click();
  await page.getByLabel('Float').fill('100');
  await page.keyboard.press('Enter');
  const finder = page.getByRole('combobox', { name: 'Scan or search' });
  await finder.fill('4006381333931');
  await finder.press('Enter');
  await page.getByRole('region', { name: 'Sale' }).getByText('Commuter helmet').waitFor();
  await page.keyboard.press('F9');
  await page.getByLabel('On the card').press('Enter');
  await page.getByRole('button', { name: /Next customer/ }).click();

  await page.keyboard.press('F3');
  await page.locator('.till-receipts button').first().click();
  await page.getByLabel('Reason, to void the whole receipt').fill('Rung up twice');
  await page.getByRole('button', { name: 'Void the receipt' }).click();
  const approval = page.getByRole('dialog', { name: 'A manager has to approve this' });
  await approval.getByLabel('Manager').fill(people.manager.username);
  await approval.locator('input[type=password]').fill('Wrong-Password-1');
  await approval.getByRole('button', { name: 'Approve once' }).click();
  await approval.getByRole('alert').waitFor();
  await approval.locator('input[type=password]').fill(people.manager.password);
  await approval.getByRole('button', { name: 'Approve once' }).click();
  await page.getByRole('button', { name: /Next customer/ }).waitFor();
  await context.close();

  const token = await signInByApi(kontor.ask, people.manager.username, people.manager.password);
  const { body } = await kontor.ask('GET', '/pos/receipt?sort=-happened_at', undefined, token);
  assert.deepEqual(body.rows.map((row: { kind: string }) => row.kind).sort(), ['sale', 'void']);
});
