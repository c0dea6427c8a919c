import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { clientOf, makeGoods, openTill, ringUp } from '../../../kernel/test/servers.ts';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';
import { type Scene, scenes, visit } from './scenes.ts';

let kontor: Running;
before(async () => {
  kontor = await startAll('looks');
  const token = await setUp(kontor);
  const { product } = await aShopToSellIn(kontor, token);
  const done = async (path: string, body: object) => {
    const { status, body: said } = await kontor.ask('POST', path, body, token);
    assert.ok(status < 300, JSON.stringify(said));
  };
  await done('/catalog/product_category/create', { name: 'Pumps' });
  const { body } = await kontor.ask('GET', '/catalog/product_category', undefined, token);
  const pump = { name: 'Pump', unit_price: '30', product_category_id: body.rows[0].id };
  await done('/catalog/product/create', pump);
  const field = { table_name: 'catalog.product', name: 'colour', label: 'Colour', type: 'text' };
  await done('/kernel/custom_field/create', field);
  await done('/catalog/product/change', { id: product, version: 1, 'custom.colour': 'Red' });
  const view = {
    table_name: 'catalog.product',
    name: 'By price',
    spec: { sort: [['name', 'asc']] },
  };
  await done('/kernel/saved_view/save', { ...view, shared: true });
  await done('/identity/role/make', { label: 'Stock keeper', copies: 'cashier' });
  const hook = { name: 'Books', url: 'https://books.example/hook', tables: ['pos.receipt'] };
  await done('/webhooks/endpoint/make', hook);
  // One receipt to look at, and the till that it was rung up at to take over.
  const owner = clientOf(() => kontor.url, token);
  const goods = await makeGoods(owner, 2);
  await ringUp(owner, await openTill(owner), goods);
});
after(() => kontor?.close());

// Made from the catalogue as others that are looked at: another table shows nothing new.
const alike = [
  ...[
    'customers',
    'customer',
    'employees',
    'receipt',
    'till_session',
    'stock_count_new',
    'entries',
  ],
  ...[
    'entry',
    'period',
    'findings',
    'user',
    'endpoints',
    'webhook',
    'deliveries',
    'sales_by_month',
  ],
];
const onlyColours = { runOnly: 'color-contrast' };
// Seen at 200 %, a window of 1280 by 1024 has half as many pixels each way.
const [whole, half] = [
  { width: 1280, height: 800 },
  { width: 640, height: 512 },
];
// Only the colours differ from light to dark, and only the words and their direction from one
// language to another; the made one is longer than most.
const looks = [
  {
    name: 'light, from left to right, at 200 %',
    colorScheme: 'light',
    lang: 'en',
    rules: onlyColours,
    viewport: half,
  },
  {
    name: 'dark, from right to left',
    colorScheme: 'dark',
    lang: 'pseudo-rtl',
    rules: {},
    viewport: whole,
  },
] as const;

describe('axe finds nothing on any page or dialog', { concurrency: looks.length }, () => {
  for (const look of looks) {
    test(look.name, async () => {
      const { page, context } = await signedIn(kontor, undefined, {
        colorScheme: look.colorScheme,
        viewport: look.viewport,
        at: '/',
      });
      const found: string[] = [];
      for (const scene of scenes) {
        if (alike.includes(scene.name)) continue;
        const dark = look.colorScheme === 'dark';
        // A dialog is opened once, and stays while the light is turned on and the window made small.
        if (scene.open && !dark) continue;
        await visit(page, kontor.url, scene, look.lang);
        found.push(...(await lookAt(page, scene, look.rules)));
        if (!scene.open) continue;
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(half);
        await page.locator('html[data-mantine-color-scheme=light]').waitFor();
        found.push(...(await lookAt(page, scene, onlyColours)));
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.setViewportSize(whole);
      }
      assert.deepEqual(found, []);
      await context.close();
    });
  }
});

async function lookAt(page: Page, scene: Scene, rules: object): Promise<string[]> {
  // There are no frames, so that axe needs no second page to put its findings together; what passes
  // is not written out.
  const axe = new AxeBuilder({ page })
    .options({ ...rules, resultTypes: ['violations'], preload: false })
    .setLegacyMode(true);
  // What lies above a page is all that differs from the page itself.
  if (await page.locator(above).count()) axe.include(above);
  let { violations } = await axe.analyze();
  // A page that still turned while it was looked at is looked at once more.
  if (violations.length > 0) {
    await page.waitForTimeout(500);
    ({ violations } = await axe.analyze());
  }
  const found = violations.map(({ id, nodes }) => `${scene.name} ${id}: ${nodes[0]?.html}`);
  const wide = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  if ((await wide()) > 0) found.push(`${scene.name} is ${await wide()} px wider than its window`);
  return found;
}

const above = '[role=dialog], [role=menu]';
