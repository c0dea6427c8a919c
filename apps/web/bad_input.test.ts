import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';

// What people and programs type into forms that was never meant, in every form that is made.

let kontor: Running;
let token: string;
let product: string;
before(async () => {
  kontor = await startAll('bad_input');
  token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
});
after(() => kontor?.close());

const NASTY = [
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  `\u202egnirts desrever\u202c \u0000\u0007`,
  `${'👩‍🚀'.repeat(40)}${'x'.repeat(6000)}`,
  `'; drop table pos.receipt; --`,
];

interface Table {
  name: string;
  may: { create: boolean };
}

/** Everything of a page that must never happen: errors of script, answers of 500 and above. */
function watch(page: Page): string[] {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('response', (answer) => {
    if (answer.status() >= 500) wrong.push(`${answer.status()} ${answer.url()}`);
  });
  return wrong;
}

test('whatever is typed into a form is refused with words or kept as it is', async () => {
  const { body } = await kontor.ask('GET', '/catalogue', undefined, token);
  const tables = (body.tables as Table[]).filter(
    ({ may, name }) => may.create && name !== 'identity.user',
  );
  assert.ok(tables.length > 8, `${tables.length}`);
  const { page, context } = await signedIn(kontor);
  const wrong = watch(page);
  for (const [at, { name }] of tables.entries()) {
    await page.goto(`${kontor.url}/${name.replace('.', '/')}/new`);
    const form = page.locator('form.k-form');
    await form.waitFor();
    const boxes = form.locator('input:not([type=checkbox], [type=hidden], [readonly]), textarea');
    for (const [n, box] of (await boxes.all()).entries()) {
      if (await box.isEditable()) await box.fill(NASTY[(n + at) % NASTY.length] ?? '');
    }
    await page.keyboard.press('Control+Enter');
    // Refused, beside a field or above, or made: then its page shows it.
    const refused = page.locator('[class*=InputWrapper-error], .k-problem').first();
    await refused.or(page.locator('.k-stream, .k-facts')).first().waitFor();
    assert.equal(await page.evaluate(() => 'hacked' in window), false, name);
    assert.deepEqual(wrong, [], name);
  }
  await context.close();
});

test('a double click on save makes one record', async () => {
  const { page, context } = await signedIn(kontor);
  const wrong = watch(page);
  await page.goto(`${kontor.url}/catalog/brand/new`);
  await page.locator('input[name=name]').fill('Twice');
  await page.getByRole('button', { name: 'Create' }).dblclick();
  await page.waitForURL(/\/catalog\/brand\/[0-9a-f-]{36}/);
  const { body } = await kontor.ask('GET', '/catalog/brand?q=Twice', undefined, token);
  assert.equal(body.rows.length, 1);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('of two tabs the second to save is told, and merges what differs', async () => {
  const { page, context } = await signedIn(kontor);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${kontor.url}/catalog/product/${product}`);
    await tab.getByRole('button', { name: 'Edit Name', exact: false }).first().click();
  }
  await page.locator('input[name=name]').fill('Town helmet');
  await other.locator('input[name=name]').fill('City helmet');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  // Also once the other page was told of it.
  await other.getByRole('heading', { name: 'Town helmet' }).waitFor();
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('Somebody else changed the same field meanwhile.').waitFor();
  assert.equal(await other.locator('input[name=name]').inputValue(), 'City helmet');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  const { body } = await kontor.ask('GET', `/catalog/product/${product}`, undefined, token);
  assert.equal(body.row.name, 'City helmet');
  await context.close();
});

test('going back in the middle of an edit loses nothing that was kept, and asks about the rest', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product`);
  await page.getByRole('link', { name: 'Bell' }).click();
  await page.getByRole('button', { name: 'Edit Name' }).first().click();
  await page.locator('input[name=name]').fill('Half a na');
  await page.goBack();
  const ask = page.getByRole('dialog');
  await ask.getByRole('button', { name: 'Stay here' }).click();
  assert.equal(await page.locator('input[name=name]').inputValue(), 'Half a na');
  await page.goBack();
  await ask.getByRole('button', { name: 'Leave without saving' }).click();
  await page.waitForURL(/\/catalog\/product$/);
  await page.getByRole('link', { name: 'Bell' }).waitFor();
  await context.close();
});

test('a session that ends in the middle of an edit takes no word along', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/brand/new`);
  await page.locator('input[name=name]').fill('Kept');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Create' }).click();
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByRole('textbox', { name: 'Password' }).fill('Bright-Morning-7');
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/catalog\/brand\/[0-9a-f-]{36}/);
  await page.getByRole('heading', { name: 'Kept' }).waitFor();
  await context.close();
});
