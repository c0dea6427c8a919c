import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { clientOf, makeGoods, openTill, ringUp } from '../../../kernel/test/servers.ts';
import { makePeople, owner, people, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let token: string;
let sell: () => Promise<unknown>;
before(async () => {
  kontor = await startAll('dashboard');
  token = await setUp(kontor);
  await makePeople(kontor, token);
});
after(() => kontor?.close());

const figure = (page: Page, group: string, name: string) =>
  page
    .getByRole('region', { name: group, exact: true })
    .locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('b');
/** 1,234.50 as 1234.5, whatever stands beside it. */
const amountOf = (text: string | null) =>
  Number(/[\d,.]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

/** The sum of the grouped list that is open, as the server says it and the page shows it. */
async function sumOf(page: Page): Promise<number> {
  const { pathname, search } = new URL(page.url());
  const { body } = await kontor.ask('GET', pathname + search, undefined, token);
  const sum = Number(body.total['sum:net_amount']);
  const written = new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(sum);
  await page.getByText(written, { exact: true }).first().waitFor();
  return sum;
}

test('a shop that sold nothing says what to do first', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  await page.getByRole('heading', { name: 'Nothing is sold yet' }).waitFor();
  await page.getByRole('link', { name: 'Set a sales goal' }).waitFor();
  assert.equal(amountOf(await figure(page, 'Today', 'Number of sales').textContent()), 0);
  await context.close();
});

test('a figure follows a sale, leads to its list, and says what that adds up to', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  const client = clientOf(() => kontor.url, token);
  const [till, goods] = [await openTill(client), await makeGoods(client, 2)];
  sell = () => ringUp(client, till, goods);
  await sell();
  await sell();
  await figure(page, 'Today', 'Number of sales').getByText('2', { exact: true }).waitFor();
  const today = amountOf(await figure(page, 'Today', 'Sales without tax').textContent());
  assert.ok(today > 0);

  await figure(page, 'This month', 'Sales without tax').getByRole('link').click();
  await page.waitForURL(/\/pos\/receipt\?/);
  assert.equal(await sumOf(page), today);
  await page.goBack();

  const best = page.getByRole('region', { name: 'Best sellers' }).getByRole('row').nth(1);
  const sold = amountOf(await best.getByRole('cell').last().textContent());
  await best.getByRole('link').click();
  await page.waitForURL(/\/pos\/receipt_line\?/);
  assert.equal(await sumOf(page), sold);
  await page.goBack();

  const days = page.getByRole('region', { name: 'Sales by day' });
  await days.getByText('As a table').click();
  const day = days.getByRole('row').last();
  assert.equal(amountOf(await day.getByRole('cell').last().textContent()), today);
  await day.getByRole('link').click();
  await page.waitForURL(/\/pos\/receipt\?/);
  assert.equal(await sumOf(page), today);
  await context.close();
});

test('the way to a goal is on the page, then a gauge with what should be by today', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  const panel = page.getByRole('region', { name: 'Goal' });
  await panel.getByRole('textbox').fill('1000000');
  await panel.getByRole('button', { name: 'Set goal' }).click();
  await panel.getByRole('img', { name: /Goal: Reached .*Goal 1,000,000\.00/ }).waitFor();
  await panel.getByText(/behind the goal/).waitFor();
  await context.close();

  const svg = await fetch(`${kontor.url}/api/v1/report/goal_reached?period=month&format=svg`, {
    headers: { authorization: `Bearer ${token}` },
  });
  // The company has none of its own, but its one store has.
  assert.match(await svg.text(), /Goal: 1,000,000\.00/);
});

test('the server draws what the browser draws, in each language; as a file it says the same', async () => {
  const { page, context } = await signedIn(kontor);
  const said = async (lang: string) => {
    await page.goto(
      `${kontor.url}/reports/sales_by_day?lang=${lang}&from=${before7()}&to=${day(0)}`,
    );
    await page.locator('svg.k-chart').waitFor();
    return page.locator('svg.k-chart title').allTextContents();
  };
  for (const lang of ['en', 'ar']) {
    const browser = await said(lang);
    const path = `/api/v1/report/sales_by_day?from=${before7()}&to=${day(0)}`;
    const ask = (format: string) =>
      fetch(`${kontor.url}${path}&format=${format}`, {
        headers: { authorization: `Bearer ${token}`, 'accept-language': lang },
      });
    const answer = await ask('svg');
    assert.match(answer.headers.get('content-type') ?? '', /^image\/svg\+xml/);
    const svg = await answer.text();
    const server = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map((one) => one[1]);
    assert.deepEqual(server, browser);
    assert.equal(server.length, 8);
    assert.match(svg, /role="img" aria-label="[^"]+"/);
    const csv = await (await ask('csv')).text();
    const amounts = csv
      .trim()
      .split('\r\n')
      .slice(1)
      .map((row) => amountOf(row.split(',')[1] ?? ''));
    const drawn = server.map((text) => amountOf(text?.split(': ')[1] ?? ''));
    assert.deepEqual(amounts, drawn);
  }
  // A row leads to the list that it is the sum of, whose total is its figure.
  await page.goto(`${kontor.url}/reports/sales_by_store?from=${before7()}&to=${day(0)}`);
  const row = page.locator('.k-table tbody tr').first();
  await row.waitFor();
  const [, amount] = await row.locator('td').allTextContents();
  await row.getByRole('link').click();
  await page.waitForURL(/\/sales\/sold_line\?/);
  const total = page.locator('.k-groups .k-subtotal').last();
  await total.filter({ hasText: amount ?? '?' }).waitFor();

  const none = await kontor.ask(
    'GET',
    '/report/best_sellers?from=2026-01-01&to=2026-02-01&format=svg',
    undefined,
    token,
  );
  assert.equal(none.body.code, 'report_has_no_chart');
  const odd = await kontor.ask('GET', '/report/best_sellers?format=pdf', undefined, token);
  assert.equal(odd.body.code, 'parameter_wrong');
  await context.close();
});

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const before7 = () => day(7);

test('a cashier sees their own day and till, and no store’s figures', async () => {
  const { page, context } = await signedIn(kontor, people.cashier, { at: '/' });
  assert.equal(amountOf(await figure(page, 'My day', 'Number of sales').textContent()), 0);
  await page.getByText('You have no till open today.').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Today' }).count(), 0);
  await context.close();
});

test('it prints on one sheet, keeps within a phone, and axe finds nothing in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, context } = await signedIn(kontor, undefined, { colorScheme });
    for (const period of ['today', 'week', 'month', 'year']) {
      await page.goto(`${kontor.url}/?period=${period}`);
      await page.getByRole('region', { name: 'Latest receipts' }).waitFor();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${period} ${id}: ${nodes[0]?.html}`),
        [],
      );
    }
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    assert.equal(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1], '1');
    await page.setViewportSize({ width: 390, height: 844 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px wider than a phone`);
    await context.close();
  }
});

test('figures that can’t be read say so, and are asked for again', async () => {
  const { page, context } = await signedIn(kontor);
  await page.route('**/api/v1/report/dashboard_figures*', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', detail: 'Something went wrong.' } }),
  );
  await page.goto(kontor.url);
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.unroute('**/api/v1/report/dashboard_figures*');
  await again.click();
  await figure(page, 'Today', 'Number of sales').waitFor();
  await context.close();
});
