import type { BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../apps/web/stories/browser.ts';
import { COOKIE } from '../kernel/http/who.ts';
import { type Ground, type Measured, makeGround, p95 } from './ground.ts';

const PRODUCTS = Number(process.env.BENCH_LARGE ?? 1_000_000);
const WARM = 5;
/** Of so many first visits the middle one counts. */
const VISITS = 5;
const TIMES = Number(process.env.BENCH_TIMES ?? 40);
/** A phone's line and a tablet's processor: 1.5 Mbit/s down, 40 ms to the server, a fourth of the speed. */
const SLOW = { offline: false, latency: 40, downloadThroughput: 187_500, uploadThroughput: 93_750 };
const SLOWER = 4;

/** What a person waits for, in a real browser on a million products. */
export async function browser(): Promise<Measured[]> {
  const ground = await makeGround();
  const chromium = await openBrowser();
  try {
    await fill(ground);
    const enter = () => signedIn(ground, chromium.newContext({ reducedMotion: 'reduce' }));
    const rows = [...(await onSlow(ground, await enter()))];
    const context = await enter();
    rows.push(...(await atWork(ground, await context.newPage())));
    return rows;
  } finally {
    await chromium.close();
    await ground.close();
  }
}

async function fill({ admin }: Ground): Promise<void> {
  const client = await admin.connect();
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into catalog.product (number, name, unit_price)
     select 'L' || n, (array['Lamp', 'Bell', 'Saddle', 'Pump', 'Chain', 'Helmet', 'Glove', 'Tyre'])[1 + n % 8]
              || ' ' || (array['red', 'blue', 'steel', 'city', 'trail'])[1 + n % 5] || ' ' || n, 5 + n % 500
       from generate_series(1, $1::integer) n`,
    [PRODUCTS],
  );
  await client.query(
    `insert into pos.till (store_id, code, name, journal_id)
     select s.id, 'B1', 'Till', (select id from finance.journal limit 1) from master.store s where s.code = 'S2'`,
  );
  client.release(true);
  await admin.query('vacuum analyze');
}

async function signedIn(
  { url, cashier }: Ground,
  made: Promise<BrowserContext>,
): Promise<BrowserContext> {
  const context = await made;
  context.setDefaultTimeout(60_000);
  await context.addCookies([{ name: COOKIE, value: cashier.token, url, httpOnly: true }]);
  await context.addInitScript(() => localStorage.setItem('kontor-tour', 'later'));
  return context;
}

const firstRow = '.k-grid tbody tr:first-child td';

/** A visit to a list and to the till by who was there before, with no file kept; the middle one of several. */
async function onSlow({ url }: Ground, context: BrowserContext): Promise<Measured[]> {
  const said: Measured[] = [];
  const visits = [
    { name: 'list', path: '/catalog/product', usable: firstRow, most: 3000 },
    { name: 'till', path: '/till', usable: '.till-choices button', most: 4000 },
  ];
  for (const { name, path, usable, most } of visits) {
    const visited = [];
    for (let n = 0; n < VISITS; n++) visited.push(await visit(context, `${url}${path}`, usable));
    const [took, sent] = [visited.map(({ ms }) => ms).sort((a, b) => a - b), visited[0]!];
    const value = took[Math.floor(VISITS / 2)] ?? 0;
    const slow = 'with 1.5 Mbit/s and a fourth of the processor';
    said.push(absolute(`the first visit to the ${name} is usable, ${slow}`, 'ms', value, most));
    said.push(absolute(`script that the ${name} loads at first`, 'kB', sent.script / 1000, 250));
    said.push(absolute(`all that the ${name} loads at first`, 'kB', sent.all / 1000, 500));
  }
  return said;
}

/** One visit by a page whose files are fetched anew, on a slow line with a slow processor. */
async function visit(context: BrowserContext, url: string, usable: string) {
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  const sent = { script: 0, all: 0 };
  const types = new Map<string, string>();
  await line.send('Network.enable');
  await line.send('Network.setCacheDisabled', { cacheDisabled: true });
  await line.send('Network.emulateNetworkConditions', SLOW);
  await line.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  line.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    sent.all += encodedDataLength;
    if (types.get(requestId) === 'Script') sent.script += encodedDataLength;
  });
  await page.addInitScript(seesUsable, usable);
  await page.goto(url, { waitUntil: 'commit' });
  let ms = 0;
  // To look for it from here again and again would cost the slow processor more than the page itself.
  while (!ms) {
    await page.waitForTimeout(500);
    ms = await page.evaluate(() => (window as { usableAt?: number }).usableAt ?? 0);
  }
  // The live channel stays open: what is still fetched comes within a second or two.
  await page.waitForTimeout(2000);
  await page.close();
  return { ms, ...sent };
}

/** In the page: notes when what makes it usable is first painted, in ms since the visit began. */
function seesUsable(usable: string): void {
  const watch = new MutationObserver(() => {
    if (!document.querySelector(usable)) return;
    watch.disconnect();
    const painted = () => Object.assign(window, { usableAt: performance.now() });
    requestAnimationFrame(() => setTimeout(painted, 0));
  });
  watch.observe(document, { childList: true, subtree: true });
}

/** Opening the list, searching it and opening a record, in a page that is open already. */
async function atWork(ground: Ground, page: Page): Promise<Measured[]> {
  await page.goto(`${ground.url}/`);
  const list = page.getByRole('navigation').getByRole('link', { name: 'Products', exact: true });
  const box = page.getByRole('searchbox').or(page.getByPlaceholder('Search', { exact: true }));
  const rest = `p.*, c.name as category, b.name as brand from catalog.product p
    left join catalog.product_category c on c.id = p.product_category_id
    left join catalog.brand b on b.id = p.brand_id`;
  const bare = (text: string, values: unknown[]) => () =>
    ground.owner.query({ name: text.slice(-50), text, values });
  const opened = await pairs(
    async () => {
      await page.goto(`${ground.url}/jobs`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return async () => {
        await list.click();
        await page.locator(firstRow).first().waitFor();
      };
    },
    () => bare(`select ${rest} order by p.name, p.id limit 51`, []),
  );
  let wanted = '';
  const searched = await pairs(
    async (n) => {
      wanted = `L${Math.floor((PRODUCTS * (n + 1)) / (TIMES + WARM + 2))}`;
      return async () => {
        await box.first().fill(wanted);
        await page.locator('.k-grid tbody').getByText(wanted, { exact: true }).first().waitFor();
      };
    },
    () =>
      bare(
        `select ${rest} where lower(p.name collate "default") like $1 or lower(p.number) like $1 or lower(p.barcode) like $1
          order by p.name, p.id limit 51`,
        [`%${wanted.toLowerCase()}%`],
      ),
  );
  await box.first().fill('');
  const clicked = await pairs(
    async (n) => {
      await page.goto(`${ground.url}/catalog/product`);
      const row = page.locator('.k-grid tbody tr').nth(n % 12);
      const link = row.locator('a').first();
      const name = (await link.textContent()) ?? '';
      return async () => {
        await link.click();
        await page.getByRole('heading', { name, level: 1 }).waitFor();
      };
    },
    () => bare(`select ${rest} where p.name = $1`, ['Lamp red 40']),
  );
  const of = PRODUCTS.toLocaleString('en');
  return [
    compared(`open the list of ${of} products, in the browser`, opened, 100),
    compared(`search ${of} products, from the last key to the rows`, searched, 100),
    compared('from a click on a row to its record', clicked, 100),
  ];
}

type Times = { ours: number[]; theirs: number[] };

/** Times work that is made ready before, and the bare query for the same, in turns. */
async function pairs(
  ready: (n: number) => Promise<() => Promise<unknown>>,
  peer: () => () => Promise<unknown>,
): Promise<Times> {
  const said: Times = { ours: [], theirs: [] };
  for (let n = 0; n < TIMES + WARM; n++) {
    const [ours, theirs] = [await timed(await ready(n)), await timed(peer())];
    if (n < WARM) continue;
    said.ours.push(ours);
    said.theirs.push(theirs);
  }
  return said;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function compared(name: string, { ours, theirs }: Times, most: number): Measured {
  const [value, peer_value] = [p95(ours), p95(theirs)];
  const ratio = value / peer_value;
  const peer = 'the bare query';
  return {
    name,
    unit: 'ms p95',
    value,
    peer,
    peer_value,
    ratio,
    must: `≤ ${most}`,
    ok: ratio <= most,
  };
}

const absolute = (name: string, unit: string, value: number, most: number): Measured => ({
  ...{ name, unit, value, peer: null, peer_value: null, ratio: null },
  ...{ must: `≤ ${most}`, ok: value <= most },
});
