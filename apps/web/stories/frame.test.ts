import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Request } from 'playwright-core';
import { sale } from '../../../kernel/test/shop.ts';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import {
  aShopToSellIn,
  makePeople,
  owner,
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
  kontor = await startAll('frame');
  token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  await makePeople(kontor, token);
});
after(() => kontor?.close());

test('? shows what the page is for and its keys, and the keys do what it says', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await page.goto(`${kontor.url}/catalog/product`);
  await page.getByRole('link', { name: 'Bell' }).waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help with this page' });
  await help.getByText('Goods or a service that we sell.').waitFor();
  await help.getByText('Search in this list').waitFor();
  // A key of the page does nothing while something lies over it.
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  assert.match(page.url(), /\/catalog\/product$/);
  await page.keyboard.press('n');
  await page.waitForURL(/\/catalog\/product\/new$/);
  // Nor are letters keys where one types.
  await page.locator('input[name=name]').pressSequentially('gd?n');
  assert.equal(await page.locator('input[name=name]').inputValue(), 'gd?n');
  await page.locator('input[name=name]').blur();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Leave without saving' }).click();
  await page.waitForURL(/\/master\/party$/);
  await context.close();
});

test('the search also says what one has otherwise: theme, language, the way out', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/' });
  const ask = async (words: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).fill(words);
    await page.getByRole('listbox', { name: 'Found' }).getByText(words).waitFor();
    await page.keyboard.press('Enter');
  };
  await ask('Theme: Dark');
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  await ask('Theme: Light');
  await page.locator('html[data-mantine-color-scheme=light]').waitFor();
  await ask('Sign out');
  await page.waitForURL(/\/sign-in/);
  await context.close();
});

test('a line says that the server is not reached, and goes when it is', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/catalog/product' });
  const line = page.getByRole('status').filter({ hasText: 'The server is not reached.' });
  await context.setOffline(true);
  await page.getByRole('navigation').getByRole('link', { name: 'Brands', exact: true }).click();
  await line.waitFor();
  await context.setOffline(false);
  await line.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Brands' }).waitFor();
  await context.close();
});

test('no page asks for the same twice', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  const paths = ['/', '/catalog/product', `/catalog/product/${product}`, '/till', '/import'];
  for (const path of [...paths, '/catalog/product?lang=ar', '/catalog/product']) {
    const asked: string[] = [];
    const count = (request: Request) => {
      // Until then it is the page before that asks.
      if (request.isNavigationRequest()) asked.length = 0;
      if (request.url().includes('/api/')) asked.push(`${request.method()} ${request.url()}`);
    };
    // What changed just before, the page reads; it is not told of it.
    const lamp = { name: `Lamp for ${path}`, unit_price: '5' };
    await kontor.ask('POST', '/catalog/product/create', lamp, token);
    page.on('request', count);
    await page.goto(`${kontor.url}${path}`);
    await page.locator('main h1, .k-till').first().waitFor();
    await page.waitForTimeout(1500);
    page.off('request', count);
    assert.ok(asked.length > 4, `${path}: ${asked}`);
    assert.deepEqual(asked.toSorted(), [...new Set(asked)].sort(), path);
  }
  await context.close();
});

test('who one is is asked for while the app is still on its way', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/settings' });
  const early = ['session', 'catalogue', 'identity/user?*'].map((name) =>
    page.waitForRequest(`**/api/v1/${name}`),
  );
  await page.route('**/assets/base-*.js', async (route) => {
    await Promise.all(early);
    await route.continue();
  });
  await page.goto(`${kontor.url}/catalog/product`);
  await page.getByRole('grid').getByText('Commuter helmet').waitFor();
  await context.close();
});

test('the search offers what was looked at last, and what can be made', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  await page.getByRole('heading', { name: 'Commuter helmet' }).waitFor();
  await page.goto(`${kontor.url}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  const found = page.getByRole('listbox', { name: 'Found' });
  const first = found.getByRole('option').first();
  assert.match((await first.textContent()) ?? '', /Commuter helmet/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/catalog\/product\/[0-9a-f-]{36}$/);
  await page.keyboard.press('Control+k');
  // Keys that come before the field has the focus would go to the page below.
  await page.getByRole('combobox', { name: 'Search' }).fill('new: prod');
  await found.getByRole('option', { name: 'New: Product Action', exact: true }).waitFor();
  await found.getByRole('option', { name: 'New: Product Action', exact: true }).click();
  await page.waitForURL(/\/catalog\/product\/new$/);
  await context.close();
});

test('a new person is shown around once, by what they may do', async () => {
  const { context } = await signedIn(kontor, people.cashier);
  const fresh = await context.newPage();
  await fresh.addInitScript(() => localStorage.removeItem('kontor-tour'));
  await fresh.goto(`${kontor.url}/`);
  const tour = fresh.getByRole('region', { name: 'Tour' });
  const seen: string[] = [];
  for (let step = 1; step <= 5; step++) {
    await tour.getByText(`${step} of 5`).waitFor();
    seen.push((await tour.getByRole('heading').textContent()) ?? '');
    if (step < 5) await tour.getByRole('button', { name: 'Next' }).click();
  }
  const kept = fresh.waitForResponse(/preference/);
  await tour.getByRole('button', { name: 'Done' }).click();
  await kept;
  assert.ok(seen.includes('Sell at the till'));
  assert.ok(!seen.includes('Bring what you have'));
  await tour.waitFor({ state: 'detached' });
  await fresh.reload();
  await fresh.locator('.k-person').waitFor();
  assert.equal(await tour.count(), 0);
  await fresh.keyboard.press('?');
  await fresh.getByRole('button', { name: 'Show me around' }).click();
  await tour.getByText('1 of 5').waitFor();
  await tour.getByRole('button', { name: 'Skip the tour' }).click();
  await context.close();
});

test('the bell counts what wants a person and leads to it', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/' });
  await page.getByRole('button', { name: 'Notices', exact: true }).click();
  await page.getByText('No notices.').waitFor();
  await page.keyboard.press('Escape');

  // What is sold without being in stock is odd, and told while the page is open.
  const say = async (operation: string, input: object) => {
    const { status, body } = await kontor.ask('POST', `/pos/${operation}`, input, token);
    assert.equal(status, 200, JSON.stringify(body));
  };
  const { body: tills } = await kontor.ask('GET', '/pos/till', undefined, token);
  const [claim_id, id] = [uuidv7(), uuidv7()];
  await say('till/claim', { till_id: tills.rows[0].id, claim_id });
  await say('till_session/open', { id, claim_id, opening_float: '100.00' });
  const at = { claim_id, till_session_id: id, till_id: tills.rows[0].id, next: 1 };
  const sold = { product: { id: product, unit_price: '79.90' }, quantity: 1 };
  await say('receipt/ring_up', sale(at, [sold]));
  await page.getByRole('button', { name: 'Notices: 1' }).click();
  await page.getByRole('link', { name: /Stock is below zero.*Commuter helmet/ }).click();
  await page.waitForURL(/\/kernel\/finding\//);
  await page.getByText('Product Commuter helmet').waitFor();
  const about = page.locator('.k-facts').getByRole('link', { name: 'Stock', exact: true });
  assert.match(
    (await about.getAttribute('href')) ?? '',
    /\/inventory\/stock_level\/[0-9a-f-]{36}$/,
  );
  await page.getByRole('button', { name: 'Settle' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Settle' }).click();
  await page.getByRole('button', { name: 'Notices', exact: true }).waitFor();
  await context.close();
});

test('before a session ends one is told, and signs in again without losing a word', async () => {
  const { page, context } = await signedIn(kontor);
  await page.clock.install();
  await page.goto(`${kontor.url}/catalog/product/new`);
  await page.locator('input[name=name]').fill('Half a na');
  assert.equal(await page.getByText('Your session ends').count(), 0);
  await page.clock.fastForward((7 * 24 * 60 - 5) * 60_000);
  await page.getByRole('button', { name: 'Sign in again now' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(owner.password);
  const again = page.waitForResponse(
    (r) => r.request().method() === 'POST' && r.url().endsWith('/session'),
  );
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click();
  assert.equal((await again).status(), 200);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.locator('input[name=name]').inputValue(), 'Half a na');
  await context.close();
});
