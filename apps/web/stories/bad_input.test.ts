import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import {
  aShopToSellIn,
  owner,
  type Running,
  settles,
  setUp,
  signedIn,
  startAll,
} from './browser.ts';

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
  may: { create: boolean; change: boolean };
  /** Whether something is done with its records. */
  acts: boolean;
}
interface Catalogue {
  tables: Omit<Table, 'acts'>[];
  operations: { name: string; actions?: unknown }[];
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

/** Goes on as a link does, without loading the app anew, and leaves behind what was typed. */
async function goOn(page: Page, table: string, there: string): Promise<void> {
  const path = `/${table.replace('.', '/')}/${there}`;
  await page.evaluate((to) => {
    document.querySelector('.k-record')?.setAttribute('data-old', '');
    history.pushState(null, '', to);
  }, path);
  const ask = page.getByRole('dialog', { name: 'Leave without saving?' });
  const next = page.locator('.k-record:not([data-old])');
  await ask.or(next).first().waitFor();
  if (await ask.isVisible()) {
    await ask.getByRole('button', { name: 'Leave without saving' }).click();
    await next.waitFor();
  }
}

/** Types something that was never meant into each box. */
async function spoil(within: Locator, at: number): Promise<void> {
  const boxes = within.locator('input:not([type=checkbox], [type=hidden], [readonly]), textarea');
  for (const [n, box] of (await boxes.all()).entries()) {
    if (await box.isEditable()) await box.fill(NASTY[(n + at) % NASTY.length] ?? '');
  }
}

// Beside a field, or above all of them.
const refusals = '[class*=InputWrapper-error], .k-problem, .k-cell-problem';

/** Waits until something is refused, with words that fit, or done. */
async function answered(refused: Locator, done: () => boolean | Promise<boolean>): Promise<void> {
  await settles(async () => (await refused.first().isVisible()) || (await done()), true);
  // Nobody else is here.
  const said = (await refused.allTextContents()).join(' ');
  assert.doesNotMatch(said, /Somebody else/);
}

const fine = async (page: Page, wrong: string[], name: string) => {
  assert.equal(await page.evaluate(() => 'hacked' in window), false, name);
  assert.deepEqual(wrong, [], name);
};

async function catalogue(): Promise<Table[]> {
  const { body } = await kontor.ask('GET', '/catalogue', undefined, token);
  const { tables, operations } = body as Catalogue;
  return tables.map((table) => ({
    ...table,
    acts: operations.some(({ name, actions }) => actions && name.startsWith(`${table.name}.`)),
  }));
}

test('whatever is typed into a form is refused with words or kept as it is', async () => {
  const tables = (await catalogue()).filter(
    ({ may, name }) => may.create && name !== 'identity.user',
  );
  assert.ok(tables.length > 8, `${tables.length}`);
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  const wrong = watch(page);
  for (const [at, { name }] of tables.entries()) {
    await goOn(page, name, 'new');
    const form = page.locator('form.k-form');
    await form.waitFor();
    await spoil(form, at);
    await page.keyboard.press('Control+Enter');
    // Refused, beside a field or above, or made: then its page shows it.
    await page.locator(refusals).or(page.locator('.k-stream, .k-facts')).first().waitFor();
    await fine(page, wrong, name);
  }
  await context.close();
});

/** A record of a table: the first there is, or one made with the least that it takes. */
async function recordOf({ name }: Table, store: string): Promise<string | undefined> {
  const path = `/${name.replace('.', '/')}`;
  const { body } = await kontor.ask('GET', `${path}?limit=1`, undefined, token);
  if (body.rows?.[0]) return body.rows[0].id;
  const least: Record<string, Record<string, unknown>> = {
    'inventory.stock_count': { store_id: store, lines: [{ product_id: product, counted: '1' }] },
    'master.party': { first_name: 'Ada' },
    'master.employee': { first_name: 'Mia', store_id: store },
    'catalog.brand': { name: 'Acme' },
    'catalog.product_category': { name: 'Parts' },
    'catalog.price_list': { name: 'Wholesale', currency: 'USD' },
    'inventory.reorder_rule': { store_id: store, product_id: product, minimum: '1' },
    'sales.sales_goal': { store_id: store, month_on: '2026-01-01', net_amount: '100' },
  };
  if (!least[name]) return undefined;
  const verb = name === 'inventory.stock_count' ? 'take' : 'create';
  const made = await kontor.ask('POST', `${path}/${verb}`, least[name], token);
  assert.equal(made.status, 200, `${name}: ${JSON.stringify(made.body)}`);
  return made.body.id;
}

test('nor does it harm a record that is there, its rows, or the dialogs of what is done with it', async () => {
  const { body } = await kontor.ask('GET', '/master/store', undefined, token);
  const tables = (await catalogue()).filter(({ may, acts }) => may.change || acts);
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  const wrong = watch(page);
  const made: string[] = [];
  page.on('response', (answer) => {
    if (answer.ok() && answer.url().endsWith('/create')) made.push(answer.url());
  });
  const rows = new Set<string>();
  let [records, groups, adds, dialogs] = [0, 0, 0, 0];
  for (const [at, table] of tables.entries()) {
    const id = await recordOf(table, body.rows[0].id);
    if (!id) continue;
    await goOn(page, table.name, id);
    records++;
    groups += await editGroups(page, at);
    await fine(page, wrong, table.name);
    adds += await addRows(page, at, rows, made);
    await fine(page, wrong, `the rows of ${table.name}`);
    dialogs += await runActions(page, dialogs < 5);
    await fine(page, wrong, `what is done with ${table.name}`);
  }
  assert.ok(
    records > 10 && groups > 12 && adds > 3 && dialogs > 5,
    `${[records, groups, adds, dialogs]}`,
  );
  await context.close();
});

/** Edits each group of a record's fields, saves it with a double click, and leaves it. */
async function editGroups(page: Page, at: number): Promise<number> {
  const main = page.locator('.k-record-main');
  const edits = main.getByRole('button', { name: /^Edit / }).and(page.locator('.k-group-head *'));
  const count = await edits.count();
  for (let n = 0; n < count; n++) {
    await edits.nth(n).click();
    const form = main.locator('form.k-form');
    await spoil(form, at + n);
    await form.getByRole('button', { name: 'Save' }).dblclick();
    // Refused, or kept: then all groups can be edited again.
    await form
      .locator(refusals)
      .or(edits.nth(count - 1))
      .first()
      .waitFor();
    if (await form.isVisible()) await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
  }
  return count;
}

/** Adds a row to each table of rows that belong to a record, once for each such table. */
async function addRows(page: Page, at: number, seen: Set<string>, made: string[]) {
  let added = 0;
  for (const tab of await page.locator('.k-related [role=tab]').all()) {
    const label = (await tab.locator('span').textContent()) ?? '';
    if (seen.has(label)) continue;
    seen.add(label);
    await tab.click();
    const panel = page.locator('#related-panel');
    await panel.locator('table, p').first().waitFor();
    const add = panel.getByRole('button', { name: 'Add a row' });
    if ((await add.count()) === 0) continue;
    added++;
    await add.click();
    const row = panel.locator('tr[data-open]');
    await spoil(row, at);
    const before = made.length;
    await row.getByRole('button', { name: 'Save' }).dblclick();
    // Where nothing of it counts, as in a look-up that found nothing, there is no row.
    const over = async () => made.length > before || !(await row.isVisible());
    await answered(panel.locator(refusals), over);
    assert.ok(made.length <= before + 1, `${label}: ${made}`);
    if (await row.isVisible()) await row.getByRole('button', { name: 'Cancel' }).click();
    await row.waitFor({ state: 'detached' });
  }
  return added;
}

/** Says yes, twice, to whatever is asked about a record; answers how often. */
async function runActions(page: Page, archives: boolean): Promise<number> {
  const more = page.getByRole('button', { name: 'More actions' });
  await more.click();
  const items = page.getByRole('menuitem').filter({ hasNotText: /^(Copy the link|Print)$/ });
  const behind = (await items.allTextContents()).filter((name) => archives || name !== 'Archive');
  await page.keyboard.press('Escape');
  const shown = await page.locator('.k-head > button:not([aria-label])').allTextContents();
  const names = [...shown, ...behind];
  for (const name of names) {
    if (shown.includes(name)) await page.getByRole('button', { name, exact: true }).click();
    else {
      await more.click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    }
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('button', { name, exact: true }).dblclick();
    const refused = dialog.locator('.k-problem');
    await answered(refused, async () => (await dialog.count()) === 0);
    if (await refused.isVisible()) await dialog.getByRole('button', { name: 'Leave it' }).click();
    else if (name === 'Archive') names.push('Bring back');
    await dialog.waitFor({ state: 'detached' });
  }
  return names.length;
}

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
