import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';

const pages = [
  '/',
  '/catalog/product',
  '/catalog/product/new',
  '/master/party',
  '/pos/receipt',
  '/inventory/stock_level',
  '/finance/period',
  '/identity/user',
  '/identity/user/new',
  '/audit/request',
  '/import',
  '/jobs',
  '/custom-fields',
  '/webhooks',
  '/reports',
  '/reports/trial_balance',
  '/password',
  '/till',
];

type RunOptions = Parameters<AxeBuilder['options']>[0];

let kontor: Running;
let product: string;
before(async () => {
  kontor = await startAll('looks');
  const token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  const field = { table_name: 'catalog.product', name: 'colour', label: 'Colour', type: 'text' };
  await kontor.ask('POST', '/kernel/custom_field/create', field, token);
});
after(() => kontor?.close());

const looks = [
  { name: 'light', colorScheme: 'light', lang: 'en', rules: {} },
  // Only the colours differ here, and only the words and their direction there.
  { name: 'dark', colorScheme: 'dark', lang: 'en', rules: { runOnly: 'color-contrast' } },
  {
    name: 'right to left',
    colorScheme: 'light',
    lang: 'pseudo-rtl',
    rules: { rules: { 'color-contrast': { enabled: false } } },
  },
] as const;

describe('axe finds nothing on the main pages', { concurrency: looks.length }, () => {
  for (const look of looks) test(look.name, () => lookAround(look));
});

async function lookAround({ colorScheme, lang, rules }: (typeof looks)[number]): Promise<void> {
  const { page, context } = await signedIn(kontor, undefined, { colorScheme });
  const found: string[] = [];
  for (const path of [...pages, `/catalog/product/${product}`]) {
    await page.goto(`${kontor.url}${path}?lang=${lang}`);
    await page.locator('main h1').first().waitFor();
    await page.locator('main [role=status][aria-label]').first().waitFor({ state: 'detached' });
    found.push(...(await findingsOf(page, path, rules)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} is ${wide} px wider than its window`);
  }
  assert.deepEqual(found, []);
  await context.close();
}

async function findingsOf(page: Page, path: string, rules: RunOptions): Promise<string[]> {
  // There are no frames, so that axe needs no second page to put its findings together.
  const axe = new AxeBuilder({ page }).options(rules).setLegacyMode(true);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
}
