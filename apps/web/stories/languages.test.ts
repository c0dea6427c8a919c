import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aShopToSellIn, owner, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let product: string;
let token: string;
before(async () => {
  kontor = await startAll('languages');
  token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
});
after(() => kontor?.close());

test('the language changes at once, keeps what is typed and is remembered', async () => {
  const { page, context } = await signedIn(kontor);
  const page_ = `${kontor.url}/catalog/product/${product}`;
  await page.goto(page_);
  await page.getByRole('button', { name: 'Edit Name' }).first().click();
  await page.locator('input[name=name]').fill('Half a na');
  await page.locator('.k-person').click();
  await page.getByRole('menuitem', { name: 'العربية' }).click();
  await page.getByText('السعر', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'حفظ', exact: true }).waitFor();
  assert.equal(await page.locator('input[name=name]').inputValue(), 'Half a na');
  const root = () =>
    page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
  assert.deepEqual(await root(), ['ar', 'rtl']);
  await page.goto(`${kontor.url}/reports/trial_balance`);
  await page.getByRole('heading', { name: 'ميزان المراجعة' }).waitFor();
  assert.deepEqual(await root(), ['ar', 'rtl']);
  // The same person at another browser.
  const other = await signedIn(kontor, owner, { at: '/' });
  await other.page.waitForFunction(() => document.documentElement.dir === 'rtl');
  await other.context.close();
  await page.locator('.k-person').click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Trial balance' }).waitFor();
  assert.deepEqual(await root(), ['en', 'ltr']);
  const menu = page.getByRole('navigation', { name: 'Modules' });
  await menu.getByRole('link', { name: 'Products', exact: true }).waitFor();
  await context.close();
});

test('a product is named in Arabic, and is called so where Arabic is read', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  await page.getByRole('button', { name: 'Edit Name, العربية' }).click();
  const arabic = page.getByRole('textbox', { name: 'Name, العربية' });
  await arabic.fill('خوذة المدينة');
  await arabic.press('Enter');
  const kept = async () => {
    const { body } = await kontor.ask('GET', '/kernel/translation', undefined, token);
    return body.rows[0]?.text;
  };
  for (let tries = 0; (await kept()) !== 'خوذة المدينة' && tries < 100; tries++)
    await page.waitForResponse(() => true, { timeout: 100 }).catch(() => {});
  await page.goto(`${kontor.url}/catalog/product?lang=ar`);
  await page.getByRole('link', { name: 'خوذة المدينة' }).waitFor();
  await page.getByRole('searchbox').or(page.locator('.k-list-search input')).first().fill('خوذة');
  await page.getByRole('link', { name: 'خوذة المدينة' }).click();
  await page.waitForURL(/[0-9a-f-]{36}/);
  await page.getByRole('button', { name: 'Commuter helmet' }).first().click();
  // The form holds what the product was named with, lest saving it lose that.
  assert.equal(await page.locator('input[name=name]').inputValue(), 'Commuter helmet');
  await context.close();
});

test('no page is wider than a phone in Arabic', async () => {
  const { page, context } = await signedIn(kontor, undefined, {
    viewport: { width: 390, height: 844 },
  });
  const paths = ['/', '/catalog/product', `/catalog/product/${product}`, '/reports', '/import'];
  for (const path of [...paths, '/jobs', '/till', '/identity/user/new']) {
    await page.goto(`${kontor.url}${path}?lang=ar`);
    await page.locator('main h1').first().waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} is ${wide} px wider than its window`);
  }
  await context.close();
});

test('a time is the shop’s, wherever its page is read', async () => {
  const { page, context } = await signedIn(kontor, undefined, { timezoneId: 'Asia/Tokyo' });
  const path = `/catalog/product/${product}`;
  const { body } = await kontor.ask('GET', path, undefined, token);
  const { body: me } = await kontor.ask('GET', '/session', undefined, token);
  const timeZone = me.stores[0].time_zone;
  const shape = { hour: '2-digit', minute: '2-digit', timeZone } as const;
  const said = new Intl.DateTimeFormat('en', shape).format(new Date(body.row.recorded_at));
  await page.goto(`${kontor.url}${path}?lang=en`);
  await page.getByRole('complementary').getByText(said).first().waitFor();
  await context.close();
});
