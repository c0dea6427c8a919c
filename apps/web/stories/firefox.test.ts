import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { aShopToSellIn, owner, type Running, setUp, startAll } from './browser.ts';

// The five things that a day is made of, in the browser that isn't chromium: driven by WebDriver BiDi,
// which Debian's Firefox speaks by itself.
const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const skip = existsSync(executablePath)
  ? false
  : 'Firefox is missing: “npm test -- --install”, or “apt-get install firefox-esr”';

let kontor: Running;
let firefox: Browser;
let page: Page;
before(async () => {
  if (skip) return;
  kontor = await startAll('firefox');
  await aShopToSellIn(kontor, await setUp(kontor));
  firefox = await launch({ browser: 'firefox', executablePath, headless: true });
  page = await firefox.newPage();
  page.setDefaultTimeout(60_000);
  await page.setViewport({ width: 1280, height: 800 });
});
after(async () => {
  await firefox?.close();
  await kontor?.close();
});

const open = (path: string) => page.goto(`${kontor.url}${path}`);
const seen = (selector: string) => page.locator(selector).wait();

test('Firefox: one signs in and sees the day', { skip }, async () => {
  await open('/sign-in');
  await page.evaluate(() => localStorage.setItem('kontor-tour', 'later'));
  await page.locator('input[autocomplete=username]').fill(owner.username);
  await page.locator('input[type=password]').fill(owner.password);
  await page.keyboard.press('Enter');
  await seen('h1::-p-text(Hill Bikes)');
});

test('Firefox: a list is searched and its record read', { skip }, async () => {
  await open('/catalog/product');
  await seen('.k-grid ::-p-text(Commuter helmet)');
  await page.locator('.k-list-search input').fill('bell');
  await page.waitForFunction(() => !document.body.textContent?.includes('Commuter helmet'));
  await page.locator('.k-grid td a ::-p-text(Bell)').click();
  await seen('h1::-p-text(Bell)');
});

test('Firefox: a field is changed and stays so', { skip }, async () => {
  await page.locator('.k-value[data-field=barcode]').click();
  await page.locator('input[name=barcode]').fill('4012345678901');
  await page.locator('.k-save-bar button[type=submit]').click();
  await seen('[data-field=barcode]::-p-text(4012345678901)');
  await page.reload();
  await seen('[data-field=barcode]::-p-text(4012345678901)');
});

test('Firefox: a sale by keys alone, with its change', { skip }, async () => {
  await open('/till');
  await page.locator('.till-choices button').click();
  await page.locator('.till-start input').fill('100');
  await page.keyboard.press('Enter');
  await seen('.till-finder [role=combobox]');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('4012345678901');
  await page.keyboard.press('Enter');
  // In the sale: a quick key says its name from the beginning.
  await seen('.till-lines ::-p-text(Bell)');
  await page.keyboard.press('F8');
  await seen('[role=dialog] input');
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await seen('[role=dialog] ::-p-text(10.10)');
});

test('Firefox: files come in, and the page turns round for Arabic', { skip }, async () => {
  await open('/import');
  const [chooser] = await Promise.all([
    page.waitForSelector('input[type=file]'),
    seen('button::-p-text(Choose files)'),
  ]);
  assert.ok(chooser);
  await page.evaluate(() => {
    const text = 'number,name,price\n77,Horn,8.00\n';
    const given = new DataTransfer();
    given.items.add(new File([text], 'products.csv', { type: 'text/csv' }));
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
    input.files = given.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.locator('button::-p-text(Load 1 rows)').click();
  await seen('::-p-text(Loaded: 1 created)');
  await open('/catalog/product?lang=ar');
  await seen('.k-grid ::-p-text(Horn)');
  const turned = await page.evaluate(() => {
    const rail = document.querySelector('.k-rail')?.getBoundingClientRect();
    return { dir: document.documentElement.dir, right: Math.round(rail?.right ?? 0) };
  });
  assert.deepEqual(turned, { dir: 'rtl', right: 1280 });
});
