import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser, owner, signedIn } from './browser.ts';

const help = `Pictures of each page of a running Kontor, to look at.
  node apps/web/pictures.ts DIR [--url http://localhost:7070] [--user owner] [--password …]
                            [--only dashboard,till] [--looks light,dark,rtl,phone,arabic]`;

const pages: [name: string, path: string][] = [
  ['dashboard', '/'],
  ['till', '/till'],
  ['products', '/catalog/product'],
  ['product', '/catalog/product/*'],
  ['product_new', '/catalog/product/new'],
  ['customers', '/master/party'],
  ['customer', '/master/party/*'],
  ['employees', '/master/employee'],
  ['receipts', '/pos/receipt'],
  ['receipt', '/pos/receipt/*'],
  ['till_session', '/pos/till_session/*'],
  ['stock', '/inventory/stock_level'],
  ['stock_count_new', '/inventory/stock_count'],
  ['entries', '/finance/journal_entry'],
  ['entry', '/finance/journal_entry/*'],
  ['periods', '/finance/period'],
  ['period', '/finance/period/*'],
  ['findings', '/kernel/finding'],
  ['users', '/identity/user'],
  ['user', '/identity/user/*'],
  ['user_new', '/identity/user/new'],
  ['trail', '/audit/request'],
  ['import', '/import'],
  ['reports', '/reports'],
  ['trial_balance', '/reports/trial_balance'],
  ['sales_by_month', '/reports/sales_by_month'],
  ['password', '/password'],
];

const wide = { width: 1440, height: 900 };
const looks = {
  light: { viewport: wide, colorScheme: 'light', lang: 'en' },
  dark: { viewport: wide, colorScheme: 'dark', lang: 'en' },
  rtl: { viewport: wide, colorScheme: 'light', lang: 'pseudo-rtl' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'en' },
  arabic: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', lang: 'ar' },
  arabic_dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', lang: 'ar' },
  arabic_phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'ar' },
} as const;
type Look = keyof typeof looks;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:7070' },
    user: { type: 'string', default: owner.username },
    password: { type: 'string', default: owner.password },
    only: { type: 'string' },
    looks: { type: 'string', default: Object.keys(looks).join(',') },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error(help);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  await Promise.all((values.looks.split(',') as Look[]).map(take));
} finally {
  await browser.close();
}

async function take(name: Look): Promise<void> {
  const { viewport, colorScheme, lang } = looks[name];
  const who = { username: values.user, password: values.password };
  const { page, context } = await signedIn({ browser, url: values.url }, who, {
    viewport,
    colorScheme,
  });
  const only = values.only?.split(',');
  for (const [title, path] of pages) {
    if (only && !only.includes(title)) continue;
    await visit(page, path, lang);
    await page.screenshot({ path: join(folder!, `${title}-${name}.png`) });
  }
  await context.close();
}

/** Opens a page and waits for what it asks of the server; `*` is the first row of its list. */
async function visit(page: Page, path: string, lang: string): Promise<void> {
  await page.goto(`${values.url}${path.replace('/*', '')}?lang=${lang}`);
  await calm(page);
  if (!path.endsWith('/*')) return;
  const first = page.locator('.k-grid tbody tr[data-at="0"]');
  if ((await first.count()) === 0) return;
  await first.click();
  await page.waitForURL(/[0-9a-f-]{36}/);
  await calm(page);
}

// The live channel stays open, so that the network is never idle: what counts is what is shown.
async function calm(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor();
  await page.waitForFunction(
    () => !document.querySelector('[aria-busy=true], main [role=status][aria-label]'),
  );
  await page.evaluate(() => document.fonts.ready);
  await page.waitForResponse(() => true, { timeout: 400 }).catch(() => {});
}
