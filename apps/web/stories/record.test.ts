import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
let product: string;
let token: string;
before(async () => {
  kontor = await startAll('record');
  token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  await makePeople(kontor, token);
});
after(() => kontor?.close());

test('what people say about a record and what became of it stand in one stream', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  const stream = page.getByRole('region', { name: 'Comments and history' });
  await stream.getByText('created it').waitFor();
  await page.getByRole('button', { name: /Edit Price$/ }).click();
  await page.getByRole('textbox', { name: 'Price' }).fill('84.50');
  await page.keyboard.press('Control+Enter');
  const change = stream.getByRole('listitem').filter({ hasText: '84.50' });
  await change.waitFor();
  assert.match((await change.textContent()) ?? '', /^The manager.*Price79\.90.*84\.50$/);

  // Written by somebody else meanwhile, it is there without asking.
  const other = await signedIn(kontor, people.cashier);
  await other.page.goto(`${kontor.url}/catalog/product/${product}`);
  const words = other.page.getByRole('textbox', { name: 'Comment' });
  await words.fill('Mrs Hill wants\ntwo of these');
  await words.press('Control+Enter');
  const said = stream.getByRole('listitem').filter({ hasText: 'two of these' });
  await said.waitFor();
  assert.match((await said.textContent()) ?? '', /^The cashier/);
  assert.equal(await said.getByRole('button').count(), 0);
  // The trail is not for a cashier, their own comment is.
  assert.equal(await other.page.getByText('created it').count(), 0);
  await other.page.getByRole('button', { name: 'Withdraw' }).click();
  await said.waitFor({ state: 'detached' });
  await other.page.getByRole('button', { name: 'Bring back' }).click();
  await said.waitFor();
  await other.context.close();
  await context.close();
});

test('a record is read, edited in place by keys, and put back by undo', async () => {
  const { page, context } = await signedIn(kontor);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${kontor.url}/catalog/product`);
  await page.getByRole('link', { name: 'Bell' }).click();
  const main = page.locator('.k-record-main');
  const brand = page.getByRole('button', { name: /Edit Brand$/ });
  await brand.waitFor();
  assert.equal(await main.getByRole('textbox').count(), 0);
  await page.keyboard.press('e');
  await page.keyboard.press('Escape');
  await brand.waitFor();

  const prices = page.getByRole('region', { name: 'Prices and tax' });
  const value = prices.getByRole('button', { name: /Edit Price$/ });
  const field = prices.getByRole('textbox', { name: 'Price' });
  await value.focus();
  await page.keyboard.press('Enter');
  await field.fill('x');
  await page.keyboard.press('Tab');
  await prices.getByText('Price must be a number').waitFor();
  await field.fill('10.50');
  await page.keyboard.press('Escape');
  // What was typed is not lost even so.
  const notice = page.locator('.k-done');
  await notice.getByText('Left without saving.').waitFor();
  await notice.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await field.inputValue(), '10.50');
  await field.press('Control+Enter');
  await notice.getByText('Saved: Price.').waitFor();
  assert.match((await value.textContent()) ?? '', /^10\.50/);
  assert.equal(await value.evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('Control+z');
  await notice.getByText('Put back as it was: Price.').waitFor();
  assert.match((await value.textContent()) ?? '', /^9\.90/);

  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('heading', { name: 'Commuter helmet' }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy the link' }).click();
  await notice.getByText('The link is copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await context.close();

  // Who may not change it has nothing to click.
  const cashier = await signedIn(kontor, people.cashier);
  await cashier.page.goto(`${kontor.url}/catalog/product/${product}`);
  await cashier.page.getByText('4006381333931').waitFor();
  assert.equal(await cashier.page.getByRole('button', { name: /^(.* )?Edit/ }).count(), 0);
  await cashier.context.close();
});

test('rows that belong to a record are typed where they stand, archived and brought back', async () => {
  const { body: made } = await kontor.ask(
    'POST',
    '/master/party/create',
    { first_name: 'Ann', last_name: 'Hill', is_customer: true },
    token,
  );
  const rowsOf = async (table: string) =>
    (await kontor.ask('GET', `/master/${table}`, undefined, token)).body.rows;
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/master/party/${made.id}`);
  await page.getByRole('button', { name: 'Add a row' }).click();
  await page.keyboard.press('Tab');
  await page.keyboard.type('1 Main Street');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Hilltown');
  await page.keyboard.press('Enter');
  const street = page.getByRole('button', { name: '1 Main Street Edit Street' });
  await street.waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a row' }).waitFor();

  // Arrows go from cell to cell; what is typed on one replaces it.
  await street.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('Oldtown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Oldtown Edit City' }).waitFor();
  const [address] = await rowsOf('address');
  assert.deepEqual([address.street, address.city], ['1 Main Street', 'Oldtown']);

  await page.getByRole('tab', { name: 'Addresses 1' }).press('ArrowRight');
  await page.getByRole('tab', { name: 'Phones and e-mails 0', selected: true }).waitFor();
  await page.getByRole('button', { name: 'Add a row' }).click();
  await page.keyboard.press('Tab');
  await page.keyboard.type('ann@example.com');
  await page.keyboard.press('Enter');
  await page.getByRole('cell').getByText('is needed').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('em');
  await page.keyboard.press('Enter');
  const archive = page.getByRole('button', { name: /^Archive .*ann@example\.com/ });
  await archive.click();
  const notice = page.locator('.k-done');
  await notice.getByText('is archived.').waitFor();
  assert.equal((await rowsOf('contact_point'))[0].is_active, false);
  await notice.getByRole('button', { name: 'Undo' }).click();
  await archive.waitFor();
  assert.equal((await rowsOf('contact_point'))[0].is_active, true);
  await context.close();
});

test('what a look-up doesn’t find is made on the spot and chosen', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  await page.getByRole('button', { name: /Edit Brand$/ }).click();
  await page.getByRole('combobox', { name: 'Brand' }).fill('Zebra');
  await page.getByRole('option', { name: 'Create “Zebra”' }).waitFor();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New: Brand' });
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: 'Zebra' }).waitFor();

  // A second line tells apart what is called alike.
  await page.getByRole('button', { name: /Edit Variant of$/ }).click();
  await page.getByRole('combobox', { name: 'Variant of' }).fill('bell');
  await page.getByRole('option', { name: 'Bell 1002 · 9.90' }).waitFor();
  await context.close();
});
