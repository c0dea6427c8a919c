import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { makePeople, people, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let token: string;
const ids: Record<string, string> = {};
before(async () => {
  kontor = await startAll('counter');
  token = await setUp(kontor);
  await makePeople(kontor, token);
  const make = async (table: string, columns: object) => {
    const { status, body } = await kontor.ask('POST', `/${table}/create`, columns, token);
    assert.equal(status, 200, JSON.stringify(body));
    return String(body.id);
  };
  const tax_id = await make('catalog/tax', { name: 'County tax', tax_fraction: '0.08' });
  for (const shelf of ['Parts', 'Helmets', 'Empty']) {
    ids[shelf] = await make('catalog/product_category', { name: shelf });
  }
  const goods = async (name: string, shelf: string, unit_price: string) => {
    const product_category_id = ids[shelf];
    ids[name] = await make('catalog/product', { name, unit_price, product_category_id, tax_id });
  };
  await goods('Axle', 'Parts', '12.00');
  await goods('Bell', 'Parts', '10.00');
  await goods('Chain', 'Parts', '25.00');
  await goods('Commuter helmet', 'Helmets', '80.00');
  const { body } = await kontor.ask('GET', '/master/store', undefined, token);
  const [store] = body.rows;
  const address = { id: store.id, version: store.version, street: '1 Hill Road', city: 'Albany' };
  await kontor.ask('POST', '/master/store/change', address, token);
  await make('pos/quick_key', { store_id: store.id, product_id: ids.Chain, position: 1 });
  const png = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#c33' } })
    .png()
    .toBuffer();
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(png)]), 'bell.png');
  const sent = await fetch(`${kontor.url}/api/v1/files/catalog.product/${ids.Bell}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() },
    body: form,
  });
  assert.equal(sent.status, 200);
});
after(() => kontor?.close());

const finderOf = (page: Page) => page.getByRole('combobox', { name: 'Scan or search' });
const saleOf = (page: Page) => page.getByRole('region', { name: 'Sale' });
const tilesOf = (page: Page) => page.locator('.till-tile .till-found-name');

async function atTheTill(page: Page): Promise<void> {
  await page.goto(`${kontor.url}/till`);
  await page.locator('.till-choices button').first().click();
  const takeOver = page.getByRole('button', { name: 'Take over' });
  const float = page.getByLabel('Float');
  await takeOver.or(float).or(finderOf(page)).first().waitFor();
  if (await takeOver.isVisible()) await takeOver.click();
  await float.or(finderOf(page)).first().waitFor();
  if (await float.isVisible()) {
    await float.fill('100');
    await float.press('Enter');
  }
  await page.locator('.till-tile').first().waitFor();
}

test('quick keys: pictures and categories by touch and by keys, also without the network', async () => {
  const { page, context } = await signedIn(kontor, people.cashier, { hasTouch: true });
  await atTheTill(page);
  const names = () => tilesOf(page).allTextContents();
  const shelves = page.getByRole('radiogroup', { name: 'Category' });
  await shelves.getByRole('radio', { name: 'Parts' }).waitFor();
  assert.deepEqual(await shelves.getByRole('radio').allTextContents(), ['All', 'Helmets', 'Parts']);
  // What the shop chose stands first.
  assert.deepEqual(await names(), ['Chain', 'Axle', 'Bell', 'Commuter helmet']);
  const picture = page.getByRole('option', { name: /Bell/ }).locator('img');
  await page.waitForFunction(
    () => document.querySelector<HTMLImageElement>('.till-tile img')?.naturalWidth === 160,
  );
  assert.deepEqual(await page.locator('.till-tile img').count(), 1);
  const small = (await picture.getAttribute('src')) ?? '';
  const kept = await context.request.get(`${kontor.url}${small}`);
  assert.match(kept.headers()['cache-control'] ?? '', /max-age=86400/);

  // By keys: nothing is sold by Enter alone; arrows mark, and a scan goes on as before.
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await saleOf(page).getByLabel('Quantity of Axle').waitFor();
  assert.equal(await saleOf(page).locator('.till-line').count(), 1);
  await page.keyboard.press('PageDown');
  await page.locator('.till-tile', { hasText: 'Chain' }).waitFor({ state: 'detached' });
  assert.deepEqual(await names(), ['Commuter helmet']);
  await page.keyboard.press('PageUp');
  await page.locator('.till-tile', { hasText: 'Chain' }).waitFor();

  // By touch: three of what is tapped, and no keyboard is drawn over the tiles.
  await finderOf(page).fill('3*');
  await page.getByRole('option', { name: /Bell/ }).tap();
  assert.equal(await saleOf(page).getByLabel('Quantity of Bell').inputValue(), '3');
  // Added up exactly: as floats 1 and 0.118 would be 1.1179999999999999, which no sale takes.
  const bells = saleOf(page).getByLabel('Quantity of Bell');
  await bells.fill('1');
  await finderOf(page).fill('0.118*');
  await page.getByRole('option', { name: /Bell/ }).tap();
  assert.equal(await bells.inputValue(), '1.118');
  await bells.fill('3');
  assert.equal(await finderOf(page).getAttribute('inputmode'), 'none');
  assert.equal(await finderOf(page).inputValue(), '');
  for (const part of ['.till-tile', '.till-shelves button', '.till-light', '.till-bar button']) {
    for (const one of await page.locator(part).all()) {
      const size = await one.boundingBox();
      assert.ok(size && size.width >= 44 && size.height >= 44, `${part} ${JSON.stringify(size)}`);
    }
  }

  // Chosen by the arrows of its row; a category that was not seen is known, too.
  await shelves.getByRole('radio', { name: 'All' }).focus();
  await context.setOffline(true);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.locator('.till-tile', { hasText: 'helmet' }).waitFor({ state: 'detached' });
  assert.deepEqual((await names()).sort(), ['Axle', 'Bell', 'Chain']);
  assert.equal(await shelves.getByRole('radio', { name: 'Parts' }).isChecked(), true);
  await page.getByRole('option', { name: /Chain/ }).tap();
  await saleOf(page).getByLabel('Quantity of Chain').waitFor();

  // The light says how many wait and since when.
  await page.keyboard.press('F9');
  await page.getByLabel('On the card').press('Enter');
  await page.getByRole('button', { name: /Next customer/ }).click();
  const light = page.locator('.till-light');
  await light.getByText(/^1 sale to send, last sync \d\d:\d\d [AP]M$/).waitFor();
  await context.setOffline(false);
  await light.click();
  await page.locator('.till-light[data-calm]').waitFor();
  await light.getByText(/^Connected, last sync \d\d:\d\d [AP]M$/).waitFor();
  await context.close();
});

test('the slip is the same here and from the server, with all that the paper has, and money goes back as is chosen', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await atTheTill(page);
  await page.getByRole('option', { name: /Bell/ }).click();
  await page.getByRole('option', { name: /Bell/ }).click();
  await page.keyboard.press('F8');
  const payment = page.getByRole('dialog', { name: 'Payment' });
  await payment.getByLabel('Given').fill('9.60');
  await payment.getByLabel('Given').press('Enter');
  await payment.getByText('Still due').waitFor();
  await payment.getByText('Card', { exact: true }).click();
  await payment.getByLabel('Approval code').fill('A77');
  await payment.getByLabel('Approval code').press('Enter');
  const paper = page.getByRole('dialog').locator('.till-paper');
  await paper.waitFor();
  const said = (await paper.textContent()) ?? '';
  const next = page.getByRole('button', { name: /Next customer/ });
  await next.click();
  const lines = ['Hill Bikes', '1 Hill Road', 'Albany', 'The manager', 'A77', '20.00', '21.60'];
  for (const line of [...lines, 'County tax 8 % on 20.00']) {
    assert.ok(said.includes(line), `${line} in ${said}`);
  }

  // The same receipt as the server has it reads the same.
  await page.keyboard.press('F3');
  await page.locator('.till-receipts button').first().click();
  await paper.waitFor();
  assert.equal(await paper.textContent(), said);
  await page.getByText('Card, up to 12.00').waitFor();
  await page.getByText('Cash, up to 9.60').click();
  await page.getByLabel('How many of Bell').fill('1');
  await page.getByRole('button', { name: 'Take back' }).click();
  const done = page.locator('.till-change-done');
  await done.filter({ hasText: 'Back in cash' }).getByText('9.60').waitFor();
  await done.filter({ hasText: 'Back on the card' }).getByText('1.20').waitFor();
  await paper.getByText('Takes back from').waitFor();
  await next.click();
  const filter = encodeURIComponent('[["amount","<",0]]');
  const { body } = await kontor.ask('GET', `/pos/payment?filter=${filter}`, undefined, token);
  assert.deepEqual(
    body.rows.map(({ method, amount }: Record<string, string>) => [method, amount]).sort(),
    [
      ['card', '-1.20'],
      ['cash', '-9.60'],
    ],
  );
  await context.close();
});

test('a customer is made from what was typed: the name to the name, the digits to the phone', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await atTheTill(page);
  await page.keyboard.press('F4');
  const search = page.getByRole('dialog').getByRole('combobox', { name: 'Customer' });
  await search.fill('Ana Maria Lopez 518 555-0199');
  await page.getByText('Create “Ana Maria Lopez 518 555-0199”').click();
  const dialog = page.getByRole('dialog', { name: 'New customer' });
  assert.equal(await dialog.getByLabel('First name').inputValue(), 'Ana Maria');
  assert.equal(await dialog.getByLabel('Last name').inputValue(), 'Lopez');
  assert.equal(await dialog.getByLabel('Phone').inputValue(), '518 555-0199');
  await dialog.getByLabel('E-mail').fill('ana@example.com');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await saleOf(page).getByText('Ana Maria Lopez').waitFor();
  const { body } = await kontor.ask('GET', '/master/contact_point', undefined, token);
  const points = body.rows.map(({ kind, value }: Record<string, string>) => `${kind} ${value}`);
  assert.deepEqual(points.sort(), ['email ana@example.com', 'phone 518 555-0199']);
  const party = await kontor.ask('GET', '/master/party?q=Lopez', undefined, token);
  const [{ first_name, last_name, organisation }] = party.body.rows;
  assert.deepEqual([first_name, last_name, organisation], ['Ana Maria', 'Lopez', null]);

  await page.keyboard.press('F4');
  await search.fill('518 555 7788');
  await page.getByText('Create “518 555 7788”').click();
  assert.equal(await dialog.getByLabel('Phone').inputValue(), '518 555 7788');
  assert.equal(await dialog.getByLabel('First name').inputValue(), '');
  assert.equal(await dialog.getByRole('button', { name: 'Create' }).isDisabled(), true);
  await context.close();
});

test('a finding that is open waits for somebody; a period that is open is well', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/kernel/finding`);
  // The bells that were sold here were never counted in.
  await page.locator('.k-tag-warn', { hasText: 'Open' }).first().waitFor();
  await page.goto(`${kontor.url}/finance/period`);
  await page.locator('.k-tag-good', { hasText: 'Open' }).first().waitFor();
  await context.close();
});
