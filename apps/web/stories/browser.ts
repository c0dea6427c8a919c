import { deepStrictEqual } from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { temporaryFolder } from '../../../kernel/database/postgres/fixture.ts';
import { settings } from '../../../kernel/settings.ts';
import { closeAtEnd, testDatabase } from '../../../kernel/test/database.ts';
import { madeHome } from '../../../kernel/test/made_home.ts';
import { patience } from '../../../kernel/test/patience.ts';
import { startServerProcess } from '../../../kernel/test/servers.ts';
import { startServer } from '../../server/start.ts';
import { buildWeb } from '../build.ts';

/** Who signs in where a story doesn't say. */
export const owner = { username: 'owner', password: 'Bright-Morning-7' };

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of this machine; `CHROMIUM` names one that lies elsewhere. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? places.find((place) => existsSync(place));
  if (!executablePath) throw new Error('No chromium is installed. Install it, or set CHROMIUM.');
  return chromium.launch({ executablePath, args: quiet });
}

export interface Running {
  url: string;
  browser: Browser;
  /** Calls the API as nobody or, with a bearer token, as somebody; answers status and body. */
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  close(): Promise<void>;
}
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers.
  body: any;
}

/**
 * The real server on a database of its own of the cluster that all stories share, and a browser. With
 * settings of its own it is a process of its own on a home as the first start leaves it.
 */
export async function startAll(name: string, env?: Record<string, string>): Promise<Running> {
  await buildWeb();
  const home = temporaryFolder(`web-${name}`);
  const server = await (env ? serverProcess(home, env) : serverHere(home));
  const { url } = server;
  const browser = await openBrowser().catch(async (error) => {
    await server.stop();
    throw error;
  });
  return {
    url,
    browser,
    ask: (method, path, body, token) => ask(`${url}/api/v1${path}`, method, body, token),
    async close() {
      await browser.close();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

// As shops run it: pages show the log.
const LOG_LEVEL = 'info' as const;

async function serverProcess(home: string, env: Record<string, string>) {
  await madeHome(home);
  return startServerProcess({ KONTOR_HOME: home, DATABASE_URL: '', LOG_LEVEL, ...env });
}

async function serverHere(home: string) {
  const { url, close } = await startServer(
    { ...settings({}, {}), home, port: 0, logLevel: LOG_LEVEL },
    { database: await testDatabase() },
  );
  closeAtEnd(close);
  return { url: url.replace('localhost', '127.0.0.1'), stop: close };
}

/** Makes the business by the API, as first run does; answers the owner's token. */
export async function setUp({ ask }: Running, more: Record<string, unknown> = {}): Promise<string> {
  const business = { profile: 'retail', company: 'Hill Bikes', country: 'US', currency: 'USD' };
  const made = await ask('POST', '/setup', { ...business, store: 'Hill', ...owner, ...more });
  if (made.status !== 202) throw new Error(JSON.stringify(made.body));
  return signInByApi(ask, owner.username, owner.password);
}

export async function signInByApi(
  ask: Running['ask'],
  login: string,
  password: string,
): Promise<string> {
  const { body } = await ask('POST', '/session', { login, password, bearer: true });
  return body.token as string;
}

/** Makes two things to sell, one of them with a cost; answers that one's id. */
export async function aShopToSellIn({ ask }: Running, token: string): Promise<{ product: string }> {
  const make = async (columns: Record<string, string>) => {
    const made = await ask('POST', '/catalog/product/create', columns, token);
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
    return made.body.id as string;
  };
  const product = await make({
    ...{ number: '1001', name: 'Commuter helmet', barcode: '4006381333931' },
    ...{ unit_price: '79.90', unit_cost: '31.00' },
  });
  await make({ number: '1002', name: 'Bell', unit_price: '9.90' });
  return { product };
}

export const people = {
  cashier: { username: 'mia', password: 'Calm-Evening-3' },
  manager: { username: 'ruth', password: 'Early-Harvest-5' },
};

/** A cashier and a manager of the first store. */
export async function makePeople({ ask }: Running, token: string): Promise<void> {
  const { body } = await ask('GET', '/master/store', undefined, token);
  for (const [role, who] of Object.entries(people)) {
    const user = { ...who, name: `The ${role}`, role, store_id: body.rows[0].id };
    const made = await ask('POST', '/identity/user/make', user, token);
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  }
}

/**
 * A page of somebody who signed in; by the form they do so in stories of their own. It stands at that
 * address, without one nowhere yet: opening a page that a story leaves at once is dear.
 */
export async function signedIn(
  { browser, url }: Pick<Running, 'browser' | 'url'>,
  who: { username: string; password: string } = owner,
  { at, ...options }: Parameters<Browser['newContext']>[0] & { at?: string } = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await contextFor(browser, options);
  const page = await context.newPage();
  const data = { login: who.username, password: who.password };
  const answer = await context.request.post(`${url}/api/v1/session`, { data });
  if (!answer.ok()) throw new Error(await answer.text());
  if (at) {
    await page.goto(url + at);
    await page.locator('.k-top').waitFor();
  }
  return { page, context };
}

async function contextFor(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0],
): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(patience(15_000));
  // The tour for new people would stand over what stories click.
  await context.addInitScript(() => localStorage.setItem('kontor-tour', 'later'));
  return context;
}

/** What the menu of who is signed in there holds, in whichever area. */
export async function menuOf(page: Page): Promise<string[]> {
  const answer = await page.request.get(new URL('/api/v1/session', page.url()).href);
  const { menu } = (await answer.json()) as { menu: { label: string }[] };
  return menu.map(({ label }) => label);
}

async function ask(url: string, method: string, body?: unknown, token?: string): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
  const response = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
  } as RequestInit);
  return { status: response.status, body: await response.json() };
}

/** Waits until what is read is what is expected; ends with the difference that is left. */
export async function settles<T>(read: () => Promise<T>, expected: T): Promise<void> {
  for (const end = Date.now() + patience(10_000); Date.now() < end; await wait(50)) {
    if (isDeepStrictEqual(await read(), expected)) return;
  }
  deepStrictEqual(await read(), expected);
}
