import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Request } from 'playwright-core';
import sharp from 'sharp';
import { makePeople, owner, people, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
before(async () => {
  kontor = await startAll('settings');
  await makePeople(kontor, await setUp(kontor));
});
after(() => kontor?.close());

test('what can be set is found by a word, and only by who may', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('searchbox').fill('licences');
  await page.getByRole('link', { name: /About Kontor/ }).click();
  await page.getByRole('cell', { name: 'fastify', exact: true }).waitFor();
  await context.close();

  const other = await signedIn(kontor, people.cashier);
  await other.page.goto(`${kontor.url}/settings`);
  await other.page.getByRole('link', { name: /Change password/ }).waitFor();
  assert.equal(await other.page.getByRole('link', { name: /Colour and logo/ }).count(), 0);
  await other.page.goto(`${kontor.url}/settings/appearance`);
  await other.page.getByText('You may not see this page').waitFor();
  await other.context.close();
});

test('each entry of the menu and of the settings leads to a page that works', async () => {
  // Each by who may least of those that are shown it.
  const opened = new Set<string>();
  for (const who of [people.cashier, people.manager, owner]) {
    const { page, context } = await signedIn(kontor, who);
    await page.goto(`${kontor.url}/settings`);
    await page.getByRole('link', { name: /Change password/ }).waitFor();
    const hrefsOf = (links: Locator) =>
      links.evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
    const hrefs = await hrefsOf(page.locator('main a'));
    for (const area of await hrefsOf(page.locator('.k-area'))) {
      await page.evaluate((to) => history.pushState(null, '', to), area);
      await page.locator(`.k-area[href="${area}"][aria-current]`).waitFor();
      hrefs.push(area, ...(await hrefsOf(page.locator('.k-pages a'))));
    }
    assert.ok(hrefs.length > 8, `${hrefs}`);
    const [open, wrong] = [new Set<Request>(), new Set<string>()];
    const asks = (one: { url(): string }) => !one.url().includes('/live?');
    page.on('request', (one) => asks(one) && open.add(one));
    page.on('requestfinished', (one) => open.delete(one));
    page.on('requestfailed', (one) => open.delete(one));
    page.on('response', (one) => asks(one) && !one.ok() && wrong.add(one.url()));
    for (const href of new Set(hrefs)) {
      if (opened.has(href)) continue;
      opened.add(href);
      // As a link does, without loading the app anew.
      await page.evaluate((to) => history.pushState(null, '', to), href);
      const dead = page.locator('main').getByText(/did not work|may not see|no such/);
      await page.locator('main h1, .till-choices').or(dead).first().waitFor();
      // Until it asked for all that it shows, and has it.
      for (let still = 0; still < 3; still = open.size === 0 ? still + 1 : 0)
        await page.waitForTimeout(50);
      assert.equal(await dead.count(), 0, `${who.username} at ${href}`);
      assert.deepEqual([...wrong], [], `${who.username} at ${href}`);
    }
    await context.close();
  }
});

test('the shop’s colour and logo are everywhere, and text stays readable in both themes', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/settings/appearance`);
  // A yellow, which no text could be read in as it is.
  await page.getByRole('textbox', { name: 'Colour', exact: true }).fill('#ffe600');
  await page.getByRole('button', { name: 'Keep this colour' }).click();
  await page
    .getByRole('button', { name: 'Take Kontor’s own' })
    .and(page.locator(':enabled'))
    .waitFor();
  const square = { width: 64, height: 64, channels: 3 as const, background: '#ffe600' };
  const buffer = await sharp({ create: square }).png().toBuffer();
  const file = { name: 'logo.png', mimeType: 'image/png', buffer };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByAltText('Your logo').waitFor();
  await page.locator('.k-brand img[src^="/api/v1/logo"]').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of ['/catalog/product', '/settings/appearance']) {
      await page.goto(`${kontor.url}${path}`);
      await page.locator('.k-page, .k-list').waitFor();
      const { violations } = await new AxeBuilder({ page }).withRules('color-contrast').analyze();
      assert.deepEqual(
        violations.flatMap((v) => v.nodes.map((n) => n.html)),
        [],
        colorScheme,
      );
    }
  }
  const ground = () =>
    page.evaluate(
      () =>
        getComputedStyle(
          document.querySelector(
            '.mantine-Button-root[data-variant=filled], .mantine-Button-root:not([data-variant])',
          )!,
        ).backgroundColor,
    );
  assert.notEqual(await ground(), 'rgb(13, 110, 102)');
  // Who signs in sees them before anybody is known.
  const stranger = await kontor.browser.newContext();
  const door = await stranger.newPage();
  await door.goto(`${kontor.url}/sign-in`);
  await door.locator('img[src^="/api/v1/logo"]').waitFor();
  await stranger.close();

  await page.getByRole('button', { name: 'Take Kontor’s own' }).click();
  await page.waitForFunction(() => !document.documentElement.hasAttribute('data-owner'));
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByAltText('Kontor’s own').waitFor();
  await context.close();
});

test('the number under an error leads to what the log says of it', async () => {
  const { page, context } = await signedIn(kontor);
  const answer = page.waitForResponse((response) => response.url().includes('/catalogue'));
  await page.goto(`${kontor.url}/catalog/product`);
  const id = (await answer).headers()['x-request-id'] ?? '';
  await page.goto(`${kontor.url}/settings/log?request=${id}`);
  await page.getByText('/api/v1/catalogue').waitFor();
  await page.getByLabel('Number of the request').fill('00000000-0000');
  await page.getByLabel('Number of the request').press('Enter');
  await page.getByText('Nothing in the log').waitFor();
  await context.close();
});
