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
before(async () => {
  kontor = await startAll('record');
  const token = await setUp(kontor);
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
  await other.page.getByRole('button', { name: 'Take back' }).click();
  await said.waitFor({ state: 'detached' });
  await other.page.getByRole('button', { name: 'Bring back' }).click();
  await said.waitFor();
  await other.context.close();
  await context.close();
});
