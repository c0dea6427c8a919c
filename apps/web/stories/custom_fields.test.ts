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
  startAll,
} from './browser.ts';

let kontor: Running;
let token: string;
let product: string;
before(async () => {
  kontor = await startAll('custom-fields');
  token = await setUp(kontor);
  await makePeople(kontor, token);
  ({ product } = await aShopToSellIn(kontor, token));
});
after(() => kontor?.close());

test('a field is added, filled on a record that is open elsewhere, listed, archived and back', async () => {
  const manager = await signedIn(kontor, people.manager);
  await manager.page.goto(`${kontor.url}/catalog/product/${product}`);
  await manager.page.getByRole('button', { name: 'Edit Barcode' }).waitFor();

  const { page, context } = await signedIn(kontor, owner, { at: '/settings' });
  await page.getByRole('link', { name: 'Custom fields', exact: true }).click();
  await page.getByRole('button', { name: 'Add field to Product', exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Label').fill('Frame Größe');
  assert.equal(await form.getByLabel('Name').inputValue(), 'frame_grosse');
  await form.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'Choice from a list' }).click();
  await form.getByLabel('Choices').fill('Small\nLarge');
  await form.getByRole('switch', { name: 'Searchable' }).click({ force: true });
  await form.getByRole('button', { name: 'Add field' }).click();
  await page.getByRole('cell', { name: 'custom.frame_grosse' }).waitFor();

  // Told by the server: the other's page asks for nothing by itself.
  await manager.page.getByRole('button', { name: 'Edit Frame Größe' }).click();
  await manager.page.getByRole('combobox', { name: 'Frame Größe' }).click();
  await manager.page.getByRole('option', { name: 'Large' }).click();
  await manager.page.getByRole('button', { name: 'Save', exact: true }).click();
  await manager.page.getByText('Saved: Frame Größe.').waitFor();
  const columns = 'columns=name,custom.frame_grosse';
  const filter = encodeURIComponent('[["custom.frame_grosse","=","Large"]]');
  await manager.page.goto(`${kontor.url}/catalog/product?${columns}&filter=${filter}`);
  await manager.page.getByRole('columnheader', { name: 'Frame Größe' }).waitFor();
  await manager.page.getByRole('grid').getByText('Commuter helmet').waitFor();
  assert.equal(await manager.page.getByText('Bell', { exact: true }).count(), 0);

  await page.getByRole('button', { name: 'Archive: Frame Größe' }).click();
  await page.getByRole('button', { name: 'Bring back: Frame Größe' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Archive: Frame Größe' }).waitFor();
  const { body } = await kontor.ask('GET', `/catalog/product/${product}`, undefined, token);
  assert.equal(body.row['custom.frame_grosse'], 'Large');
  await page.getByRole('button', { name: 'Edit: Frame Größe' }).click();
  await form.getByLabel('Name').fill('other');
  await form.getByRole('button', { name: 'Save changes' }).click();
  await form.getByText('Rows hold values').waitFor();
  await context.close();
  await manager.context.close();
});

test('who doesn’t look after the shop sees no such page', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/settings' });
  assert.ok(!(await menuOf(page)).includes('Custom fields'));
  await page.goto(`${kontor.url}/custom-fields`);
  await page.getByRole('heading', { name: /may not|permission/i }).waitFor();
  await context.close();
});
