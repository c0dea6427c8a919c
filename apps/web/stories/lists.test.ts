import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  aShopToSellIn,
  makePeople,
  people,
  type Running,
  settles,
  setUp,
  signedIn,
  signInByApi,
  startAll,
} from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('lists');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
  for (const [name, unit_price] of Object.entries({ Pump: '30', Saddle: '30', Chain: '12' }))
    await kontor.ask('POST', '/catalog/product/create', { name, unit_price }, token);
  await makePeople(kontor, token);
});
after(() => kontor?.close());

const list = async (page: Page, query = '') => {
  await page.goto(`${kontor.url}/catalog/product${query}`);
  await page.getByRole('link', { name: 'Bell' }).or(page.locator('.k-groups')).first().waitFor();
};
const namesOf = (page: Page) => page.locator('.k-grid tbody td a').allTextContents();
const priceOf = async (name: string) => {
  const filter = encodeURIComponent(JSON.stringify([['name', '=', name]]));
  const { body } = await kontor.ask('GET', `/catalog/product?filter=${filter}`, undefined, token);
  return body.rows[0].unit_price;
};

test('rows are chosen, looked at, changed and put back', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  for (const name of ['Pump', 'Chain'])
    await page.getByRole('row').filter({ hasText: name }).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Chosen rows' });
  await bar.getByText('2 chosen').waitFor();
  await bar.getByRole('button', { name: 'Change …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change many' });
  await dialog.getByRole('combobox', { name: 'Field' }).fill('Price');
  await page.getByRole('option', { name: 'Price', exact: true }).click();
  await dialog.locator('input[name=unit_price]').fill('15');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('2 rows would change.').waitFor();
  await dialog.getByRole('row').filter({ hasText: 'Pump' }).getByText('15.00').waitFor();
  assert.equal(await priceOf('Pump'), '30.00', 'a preview changes nothing');
  await dialog.getByRole('button', { name: 'Change 2 rows' }).click();
  await page.getByText('2 rows changed.').waitFor();
  assert.deepEqual([await priceOf('Pump'), await priceOf('Chain')], ['15.00', '15.00']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('2 rows changed.').waitFor({ state: 'detached' });
  assert.deepEqual([await priceOf('Pump'), await priceOf('Chain')], ['30.00', '12.00']);
  await context.close();
});

test('several sorts, groups and a saved view stand in the address', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  await page
    .locator('th')
    .getByRole('button', { name: /^Price/ })
    .click();
  await page
    .locator('th')
    .getByRole('button', { name: /^Name/ })
    .click({ modifiers: ['Shift'] });
  await page.waitForURL((at) => at.searchParams.get('sort') === 'unit_price,name');
  await page.locator('.k-grid tbody tr').first().getByText('Bell').waitFor();
  await settles(() => namesOf(page), ['Bell', 'Chain', 'Pump', 'Saddle', 'Commuter helmet']);

  await page.getByRole('button', { name: 'Save as a view …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this list as a view' });
  await dialog.getByLabel('Name').fill('By price');
  await dialog.getByLabel('Everybody sees it').check();
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await page.waitForURL((at) => at.searchParams.has('view'));

  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('combobox', { name: 'Group by' }).fill('Price');
  await page.getByRole('option', { name: 'Price', exact: true }).click();
  await page.waitForURL((at) => at.searchParams.get('group') === 'unit_price');
  const groups = page.getByRole('region', { name: /^Groups of/ });
  await groups
    .getByRole('row')
    .filter({ hasText: '30.00' })
    .getByText('2', { exact: true })
    .waitFor();
  await groups
    .getByRole('row')
    .filter({ hasText: 'All' })
    .getByText('5', { exact: true })
    .waitFor();
  await groups.getByRole('row').filter({ hasText: '30.00' }).getByRole('link').click();
  await page.getByRole('link', { name: 'Saddle' }).waitFor();
  await settles(() => namesOf(page), ['Pump', 'Saddle']);
  await context.close();

  const cashier = await signedIn(kontor, people.cashier);
  await list(cashier.page);
  assert.equal(await cashier.page.getByRole('checkbox').count(), 0, 'a cashier changes no product');
  await cashier.page.getByRole('tab', { name: 'By price' }).click();
  await cashier.page.waitForURL((at) => at.searchParams.get('sort') === 'unit_price,name');
  await cashier.context.close();
});

test('a filter takes what is referred to, and times that go with the clock', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  const add = async (column: string, condition?: string) => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('combobox', { name: 'Column' }).fill(column);
    await page.getByRole('option', { name: column, exact: true }).first().click();
    if (!condition) return;
    await page.getByRole('combobox', { name: 'Condition' }).click();
    await page.getByRole('option', { name: condition, exact: true }).click();
  };
  await add('Price', 'is between');
  await page.getByLabel('From').fill('10');
  await page.getByLabel('Until').fill('20');
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.getByText('Price is between').waitFor();
  await page.getByRole('link', { name: 'Pump' }).waitFor({ state: 'detached' });
  await settles(() => namesOf(page), ['Chain']);

  const untaxed = encodeURIComponent(JSON.stringify([['tax_id.name', 'is_null']]));
  await list(page, `?filter=${untaxed}`);
  await page.getByText('Name of Tax is empty').waitFor();

  await page.goto(`${kontor.url}/catalog/tax`);
  await add('Rate', 'is');
  await page.getByLabel('Value in per cent').fill('8.2');
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.waitForURL((at) => at.searchParams.get('filter') === '[["tax_fraction","=","0.082"]]');

  await page.goto(`${kontor.url}/pos/receipt`);
  await add('Time');
  await page.getByRole('combobox', { name: 'Time' }).click();
  await page.getByRole('option', { name: 'in the last 30 days' }).click();
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.getByText('Time is').waitFor();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await context.close();
});

test('what two changed at once is told beside the field', async () => {
  const { page, context } = await signedIn(kontor);
  await list(page);
  await page.getByRole('link', { name: 'Saddle' }).click();
  const price = page.locator('input[name=unit_price]');
  await page.getByRole('button', { name: /Edit Price$/ }).click();
  await price.fill('31.50');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const theirs = { id, version: 1, unit_price: '31.00' };
  assert.equal((await kontor.ask('POST', '/catalog/product/change', theirs, token)).status, 200);
  await price.fill('32');
  await page.keyboard.press('Enter');
  await page.getByText(/changed this meanwhile\. It is 31\.00 now/).waitFor();
  assert.equal(await price.inputValue(), '32');
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/product/change'));
  await page.keyboard.press('Enter');
  assert.equal((await saved).status(), 200);
  assert.equal(await priceOf('Saddle'), '32.00');
  await context.close();
});

/** The cell that has the focus: its row's name and its column. */
const at = (page: Page) =>
  page.evaluate(() => {
    const cell = document.activeElement?.closest<HTMLElement>('[data-col]');
    const head = document.querySelector<HTMLElement>(`th[data-col="${cell?.dataset.col}"]`);
    const row = cell?.closest('tr')?.querySelector('a')?.textContent ?? 'head';
    return `${row} ${head?.dataset.name}`;
  });
const cellOf = async (page: Page, row: string, column: string) => {
  const col = await page.locator(`th[data-name="${column}"]`).getAttribute('data-col');
  return page.getByRole('row').filter({ hasText: row }).locator(`[data-col="${col}"]`);
};
const columnsOf = (page: Page) =>
  page
    .locator('th[data-name]')
    .evaluateAll((all) => all.map((th) => (th as HTMLElement).dataset.name));

test('keys go through a list as through a spreadsheet, and open, choose, copy and peek', async () => {
  const { page, context } = await signedIn(kontor);
  await context.grantPermissions(['clipboard-read']);
  await list(page, '?columns=number,name,unit_price&sort=name');
  const press = async (keys: string, then: string) => {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    assert.equal(await at(page), then, keys);
  };
  await press('ArrowDown', 'Bell number');
  await press('End', 'Bell unit_price');
  await press('ArrowDown ArrowLeft', 'Chain name');
  await press('Control+End', 'Saddle unit_price');
  await press('Home PageUp ArrowUp', 'head number');
  await press('ArrowDown ArrowRight', 'Bell name');

  await page.keyboard.press('Space');
  const peek = page.getByRole('complementary', { name: 'Bell, beside the list' });
  await peek.getByText('9.90').waitFor();
  await press('ArrowDown', 'Chain name');
  await page.getByRole('complementary', { name: 'Chain, beside' }).getByText('12.00').waitFor();
  await press('Escape', 'Chain name');
  await peek.waitFor({ state: 'detached' });

  await press('Shift+ArrowDown Shift+ArrowDown', 'Pump name');
  const bar = page.getByRole('region', { name: 'Chosen rows' });
  await bar.getByText('3 chosen').waitFor();
  await settles(() => page.locator('tr[aria-selected=true]').count(), 3);
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^\S*\tChain\t12.00\n1001\tCommuter helmet\t79.90\n\S*\tPump\t30.00$/);
  await press('Control+a', 'Pump name');
  await bar.getByText('5 chosen').waitFor();
  await press('Escape', 'Pump name');
  await bar.waitFor({ state: 'detached' });

  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Look at the record beside the list').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await (await cellOf(page, 'Pump', 'number')).focus();
  await page.keyboard.press('Enter');
  await page.locator('.k-record').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Pump' }).waitFor();
  assert.equal(await at(page), 'Pump number', 'one comes back to the row that one opened');
  await context.close();

  const arabic = await signedIn(kontor);
  await list(arabic.page, '?columns=number,name,unit_price&sort=name&lang=ar');
  await arabic.page.keyboard.press('ArrowDown');
  await arabic.page.keyboard.press('ArrowLeft');
  assert.equal(await at(arabic.page), 'Bell name', 'to the left is on, from right to left');
  await arabic.context.close();
});

async function makeBrands(names: string[]): Promise<void> {
  const rows = names.map((name) => ({ name }));
  const made = await kontor.ask('POST', '/catalog/brand/create_many', { rows }, token);
  assert.equal(made.status, 200);
}

test('the keys stay on their row while rows come, and while one looks elsewhere', async () => {
  await makeBrands(Array.from({ length: 120 }, (_, n) => `Brand ${100 + n}`));
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/brand?columns=name&sort=name`);
  await page.getByRole('link', { name: 'Brand 100' }).waitFor();
  const grid = page.getByRole('grid');
  assert.equal(await grid.getAttribute('aria-rowcount'), '121');
  const more = '**/api/v1/catalog/brand?*cursor=*';
  await page.route(more, (route) => route.fulfill({ status: 500, body: '{"detail":"No room."}' }));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+End');
  const alert = page.getByRole('alert').filter({ hasText: 'No room.' });
  await alert.waitFor();
  assert.equal(await at(page), 'Brand 199 name', 'the rows that are there stay');
  await page.unroute(more);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'Brand 219' }).waitFor();
  assert.equal(await at(page), 'Brand 199 name', 'the last of those that were there');
  await page.keyboard.press('Control+End');
  assert.equal(await at(page), 'Brand 219 name');
  await page.locator('.k-grid').evaluate((grid) => grid.scrollTo(0, 0));
  await page.getByRole('link', { name: 'Brand 100' }).waitFor();
  assert.equal(await at(page), 'Brand 219 name');
  await page.keyboard.press('ArrowUp');
  assert.equal(await at(page), 'Brand 218 name');
  // Another one's row comes above: the keys stay on the record that they were on.
  const first = { name: 'A brand' };
  assert.equal((await kontor.ask('POST', '/catalog/brand/create', first, token)).status, 200);
  await page.waitForFunction(
    () => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '122',
  );
  assert.equal(await at(page), 'Brand 218 name');
  await context.close();
});

test('thousands of rows have their room from the start, and come as one scrolls or goes to them', async () => {
  await makeBrands(Array.from({ length: 900 }, (_, n) => `Maker ${1000 + n}`));
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/brand?columns=name,is_active&sort=name&q=Maker`);
  await page.getByRole('link', { name: 'Maker 1000' }).waitFor();
  const grid = page.locator('.k-grid');
  await settles(() => page.getByRole('grid').getAttribute('aria-rowcount'), '901');
  const room = await grid.evaluate((one) => one.scrollHeight);
  await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight * 0.6));
  await page.getByRole('link', { name: 'Maker 1545' }).waitFor();
  assert.equal(await grid.evaluate((one) => one.scrollHeight), room, 'nothing jumps as rows come');
  await grid.evaluate((one) => one.scrollTo(0, 0));
  await page.reload();
  await page.getByRole('link', { name: 'Maker 1000' }).waitFor();
  await settles(() => page.getByRole('grid').getAttribute('aria-rowcount'), '901');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+End');
  await settles(() => at(page), 'Maker 1899 is_active');
  await page.keyboard.press('Control+Home');
  assert.equal(await at(page), 'Maker 1000 name');

  // Another order begins on top, also for who was far below.
  await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight * 0.6));
  await page.locator('th').getByRole('button', { name: /^Name/ }).click();
  await page.getByRole('link', { name: 'Maker 1899' }).waitFor();
  assert.equal(await grid.evaluate((one) => one.scrollTop), 0);

  // From a record far below one comes back to where it stands.
  await grid.evaluate((one) => one.scrollTo(0, 32 * 60));
  await page.getByRole('link', { name: 'Maker 1835' }).click();
  await page.getByRole('heading', { name: 'Maker 1835' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Maker 1835' }).waitFor();
  const place = await grid.evaluate((one) => one.scrollTop);
  assert.ok(place > 32 * 40, `${place}`);
  await context.close();
});

test('who is on the way to a far row can turn round, and no key is lost on another row', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/brand?columns=name,is_active&sort=name&q=Maker`);
  await page.getByRole('link', { name: 'Maker 1000' }).waitFor();
  await settles(() => page.getByRole('grid').getAttribute('aria-rowcount'), '901');
  let release = () => {};
  const held = new Promise<void>((go) => {
    release = go;
  });
  await page.route('**/api/v1/catalog/brand?*cursor=*', async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('PageUp');
  assert.match(page.url(), /catalog\/brand\?/, 'no other record is opened');
  const grid = page.locator('.k-grid');
  await grid.evaluate((one) => one.scrollTo(0, 0));
  await page.getByRole('link', { name: 'Maker 1000' }).waitFor();
  release();
  await page.waitForResponse('**/api/v1/catalog/brand?*cursor=*');
  assert.equal(await grid.evaluate((one) => one.scrollTop), 0, 'nothing pulls one back');
  await page.keyboard.press('ArrowDown');
  assert.equal(await at(page), 'Maker 1001 is_active');
  await context.close();
});

test('a cell is typed over, kept, put back where it is refused, and undone', async () => {
  const { page, context } = await signedIn(kontor);
  // Nobody tells this page of what others change meanwhile.
  await context.route('**/api/v1/live*', (route) => route.abort());
  await list(page, '?columns=number,name,unit_price,kind&sort=name');
  const told = (text: string | RegExp) => page.locator('.k-cell-told').getByText(text).waitFor();
  const price = (await cellOf(page, 'Bell', 'unit_price')).first();
  await price.focus();
  await page.keyboard.type('x10.5');
  assert.equal(await page.locator('.k-cell-edit input').inputValue(), '10.5');
  await page.keyboard.press('Enter');
  await told('Price of Bell is changed.');
  assert.equal(await at(page), 'Chain unit_price', 'Enter goes down');
  assert.equal(await priceOf('Bell'), '10.50');
  await page.keyboard.press('Control+z');
  await told('Price of Bell is as it was before.');
  assert.equal(await priceOf('Bell'), '9.90');

  await page.keyboard.type('1o');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Price must be a number').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await at(page), 'Chain unit_price', 'Esc leaves the cell as it was');

  await (await cellOf(page, 'Chain', 'number')).dblclick();
  await page.locator('.k-cell-edit input').fill('1001');
  await page.keyboard.press('Tab');
  await told(/^Number of Chain stays as it was: /);
  assert.equal(await at(page), 'Chain name', 'Tab goes to the side');

  const { body } = await kontor.ask('GET', '/catalog/product?q=Pump', undefined, token);
  const { id, version } = body.rows[0];
  const theirs = { id, version, unit_price: '31.00' };
  assert.equal((await kontor.ask('POST', '/catalog/product/change', theirs, token)).status, 200);
  await (await cellOf(page, 'Pump', 'unit_price')).focus();
  await page.keyboard.press('F2');
  await page.locator('.k-cell-edit input').fill('32');
  await page.keyboard.press('Enter');
  await told(/changed this meanwhile\. It is 31\.00 now/);
  await (await cellOf(page, 'Pump', 'unit_price')).getByText('31.00').waitFor();
  await page.getByRole('button', { name: 'Type it again' }).click();
  assert.equal(await page.locator('.k-cell-edit input').inputValue(), '32');
  await page.keyboard.press('Enter');
  await told('Price of Pump is changed.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await told('Price of Pump is as it was before.');
  assert.equal(await priceOf('Pump'), '31.00');
  await context.close();

  const cashier = await signedIn(kontor, people.cashier);
  await list(cashier.page, '?columns=number,name,unit_price');
  await (await cellOf(cashier.page, 'Bell', 'unit_price')).focus();
  await cashier.page.keyboard.press('F2');
  await cashier.page.keyboard.press('Space');
  await cashier.page.getByRole('complementary', { name: 'Bell, beside the list' }).waitFor();
  assert.equal(await cashier.page.locator('.k-cell-edit').count(), 0, 'a cashier changes no cell');
  await cashier.context.close();
});

test('what is typed in a cell before its editor has come is there once', async () => {
  const { page, context } = await signedIn(kontor);
  const come = Promise.withResolvers<void>();
  await context.route('**/cell_edit*', async (route) => {
    await come.promise;
    await route.continue();
  });
  await list(page, '?columns=number,name,unit_price&sort=name');
  await page.evaluate(() => {
    const own: string[] = [];
    Object.assign(window, { own });
    addEventListener('keydown', (event) => event.defaultPrevented || own.push(event.key));
  });
  await (await cellOf(page, 'Bell', 'unit_price')).focus();
  await page.keyboard.type('10.5');
  const own = () => page.evaluate(() => (window as unknown as { own: string[] }).own);
  assert.deepEqual(await own(), [], 'no key writes by itself what is kept for the editor');
  come.resolve();
  const editor = page.locator('.k-cell-edit input');
  await editor.waitFor();
  assert.equal(await editor.inputValue(), '10.5');
  await context.close();
});

test('columns stand where and as wide as one put them, wherever one signs in', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await list(page);
  const height = async () => (await page.locator('tr[data-at="0"]').boundingBox())?.height;
  const rows = async (said: string, high: number) => {
    await page.getByRole('button', { name: 'Height of the rows' }).click();
    await page.getByRole('menuitem', { name: said }).click();
    await settles(height, high);
  };
  await rows('Roomier rows', 40);
  await page.goto(`${kontor.url}/master/store`);
  await page.locator('tr[data-at="0"]').waitFor();
  await rows('Tighter rows', 32);
  await rows('Use in every list', 32);
  await list(page);
  const usual = await columnsOf(page);
  const drag = async (from: string, to: string, side: number) => {
    const [a, b] = [await page.locator(from).boundingBox(), await page.locator(to).boundingBox()];
    await page.mouse.move(a!.x + a!.width / 2, a!.y + 8);
    await page.mouse.down();
    await page.mouse.move(b!.x + b!.width * side, b!.y + 8, { steps: 6 });
    await page.mouse.up();
  };
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/preference/set'));
  await drag('th[data-name=unit_price]', 'th[data-name=number]', 0.2);
  await page.waitForURL(
    (url) => url.searchParams.get('columns')?.startsWith('unit_price,') === true,
  );
  assert.equal((await columnsOf(page))[0], 'unit_price');
  assert.equal(await page.locator('th[aria-sort]').count(), 1, 'a drag is no click that sorts');
  await kept;
  const widthOf = async (name: string) =>
    (await page.locator(`th[data-name=${name}]`).boundingBox())?.width ?? 0;
  const before = await widthOf('name');
  const sized = page.waitForResponse((answer) => answer.url().endsWith('/preference/set'));
  const edge = await page.locator('th[data-name=name] .k-resize').boundingBox();
  await page.mouse.move(edge!.x + 4, edge!.y + 8);
  await page.mouse.down();
  await page.mouse.move(edge!.x + 64, edge!.y + 8, { steps: 4 });
  await page.mouse.up();
  await settles(async () => Math.round(await widthOf('name')), Math.round(before + 60));
  await sized;
  await context.close();

  const other = await signedIn(kontor, people.manager);
  await list(other.page, '?lang=ar');
  assert.equal((await columnsOf(other.page))[0], 'unit_price');
  const name = other.page.locator('th[data-name=name]');
  const now = (await name.boundingBox())!;
  assert.equal(Math.round(now.width), Math.round(before + 60));
  const left = (await name.locator('.k-resize').boundingBox())!;
  await other.page.mouse.move(left.x + 4, left.y + 8);
  await other.page.mouse.down();
  await other.page.mouse.move(left.x - 16, left.y + 8, { steps: 4 });
  await other.page.mouse.up();
  const width = async () => Math.round((await name.boundingBox())!.width);
  await settles(width, Math.round(now.width + 20));
  await name.locator('.k-resize').dblclick();
  await other.page.waitForFunction(
    (wide) => document.querySelector<HTMLElement>('th[data-name=name]')!.offsetWidth < wide,
    now.width,
  );

  await other.page.locator('.k-tools button:has(.tabler-icon-columns)').click();
  const picker = other.page.locator('.k-columns');
  await picker.locator('li[data-name=name] button').first().click();
  await other.page.waitForFunction(
    () => document.querySelector<HTMLElement>('th[data-col="1"]')?.dataset.name === 'name',
  );
  await picker.locator('li[data-name=name] .k-columns-width').fill('200');
  await other.page.keyboard.press('Enter');
  await other.page.waitForFunction(
    () => document.querySelector<HTMLElement>('th[data-name=name]')!.offsetWidth === 200,
  );
  await picker.locator('.k-columns-foot button').click();
  await other.page.locator('table[data-sized]').waitFor({ state: 'detached' });
  assert.deepEqual(await columnsOf(other.page), usual);
  await other.context.close();
});

test('a view is a tab that says when it is changed, and goes into a menu where there is no room', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  const save = async (name: string) => {
    const spec = { columns: ['number', 'name'], sort: [['name', 'desc']] };
    const wish = { table_name: 'catalog.product', name, spec };
    const signed = await signInByApi(kontor.ask, people.manager.username, people.manager.password);
    const made = await kontor.ask('POST', '/kernel/saved_view/save', wish, signed);
    return made.body.id as string;
  };
  const ids = [await save('Backwards'), await save('Of the second season'), await save('Zinc')];
  await list(page, `?view=${ids[0]}`);
  await page.waitForURL((url) => url.searchParams.get('sort') === '-name');
  const tab = page.getByRole('tab', { name: 'Backwards' });
  assert.equal(await tab.getAttribute('aria-selected'), 'true');
  assert.deepEqual(await columnsOf(page), ['number', 'name']);
  const dot = page.getByRole('img', { name: 'changed' });
  const sort = page.locator('th').getByRole('button', { name: /^Number/ });
  await sort.click();
  await dot.waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await dot.waitFor({ state: 'detached' });
  await sort.click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dot.waitFor({ state: 'detached' });
  await tab.focus();
  for (const key of ['End', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
  await page.waitForURL((url) => url.searchParams.get('view') === ids[1]);
  await tab.click();
  await page.waitForURL((url) => url.searchParams.get('sort') === 'number');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('.k-views-more').click();
  await page.getByRole('menuitem', { name: 'Zinc' }).click();
  await page.waitForURL((url) => url.searchParams.get('view') === ids[2]);
  await page.locator('.k-views-more').getByText('Zinc').waitFor();
  await page.getByRole('button', { name: 'More about the view Zinc' }).click();
  await page.getByRole('menuitem', { name: 'Remove the view Zinc' }).click();
  await page.waitForURL((url) => !url.searchParams.has('view'));
  await context.close();
});
