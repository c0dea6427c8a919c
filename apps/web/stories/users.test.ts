import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  menuOf,
  people,
  type Running,
  setUp,
  signedIn,
  signInByApi,
  startAll,
  owner as theOwner,
} from './browser.ts';

let kontor: Running;
before(async () => {
  kontor = await startAll('users');
  await setUp(kontor);
});
after(() => kontor?.close());

const { cashier } = people;

test('a new user chooses a password at the first sign-in; who forgets it is given another', async () => {
  const owner = await signedIn(kontor);
  await owner.page.goto(`${kontor.url}/identity/user/new`);
  await owner.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mia Hart');
  await owner.page.getByRole('textbox', { name: 'Username' }).fill(cashier.username);
  await owner.page.locator('input[type=password]').fill(cashier.password);
  await owner.page.getByRole('button', { name: 'Make user' }).click();
  await owner.page.getByRole('heading', { name: 'Mia Hart' }).waitFor();

  const roles = owner.page.getByRole('region', { name: 'Roles' });
  await roles.getByRole('combobox', { name: 'Role' }).click();
  await owner.page.getByRole('option', { name: 'Manager' }).click();
  await roles.getByRole('button', { name: 'Give role' }).click();
  await roles.getByRole('listitem').filter({ hasText: 'Manager' }).waitFor();
  await roles.getByRole('button', { name: 'Take away: Manager, All stores' }).click();
  await roles.getByRole('listitem').filter({ hasText: 'Manager' }).waitFor({ state: 'detached' });

  const first = await firstSignIn(cashier.password);
  await first.getByLabel('Password until now').fill(cashier.password);
  await first.locator('input[autocomplete=new-password]').first().fill('Own-Choice-77');
  await first.getByLabel('New password again').fill('Own-Choice-77');
  await first.getByRole('button', { name: 'Change password' }).click();
  await first.locator('.k-top').waitFor();
  await first.context().close();

  await owner.page.getByRole('button', { name: 'Give a new password' }).click();
  const dialog = owner.page.getByRole('dialog');
  const give = dialog.getByRole('button', { name: 'Give it' });
  await dialog.locator('input[type=password]').fill('weak');
  assert.equal(await give.isDisabled(), true);
  await dialog.locator('input[type=password]').fill('Once-Only-88');
  await give.click();
  await dialog.waitFor({ state: 'detached' });
  const again = await firstSignIn('Once-Only-88');
  await again.context().close();
  await owner.context.close();
});

test('a role of the shop’s own is made, changed and given, and who has it sees what it permits', async () => {
  const token = await signInByApi(kontor.ask, theOwner.username, theOwner.password);
  const ruth = { ...people.manager, name: 'Ruth Vale', role: 'cashier' };
  const { body } = await kontor.ask('POST', '/identity/user/make', ruth, token);
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/settings`);
  await page.getByRole('link', { name: /^Roles/ }).click();
  await page.getByRole('button', { name: 'More for Cashier' }).click();
  await page.getByRole('menuitem', { name: 'Copy' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Stock keeper');
  await dialog.getByRole('button', { name: 'Make role' }).click();
  await page.getByRole('button', { name: 'More for Stock keeper' }).click();
  await page.getByRole('menuitem', { name: 'Change what it permits' }).click();
  const till = page.getByRole('checkbox', { name: 'Stock keeper: all of Till' });
  await till.check();
  await till.uncheck();
  const may = (what: string) => page.getByRole('checkbox', { name: `Stock keeper: ${what}` });
  assert.equal(await may('Ring up sales, take payments, count the drawer.').isChecked(), false);
  await may('Count stock and post the difference.').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await may('Count stock and post the difference.').waitFor({ state: 'detached' });

  await page.goto(`${kontor.url}/identity/user/${body.id}`);
  const roles = page.getByRole('region', { name: 'Roles' });
  await roles.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Stock keeper' }).click();
  await roles.getByRole('button', { name: 'Give role' }).click();
  await roles.getByRole('listitem').filter({ hasText: 'Stock keeper' }).waitFor();
  await roles.getByRole('button', { name: /^Take away: Cashier/ }).click();
  await roles.getByRole('listitem').filter({ hasText: 'Cashier' }).waitFor({ state: 'detached' });

  const hers = await signedIn(kontor, people.manager, { at: '/inventory/stock_level' });
  const rail = hers.page.getByRole('navigation', { name: 'Modules' });
  await rail.getByRole('link', { name: 'Counts' }).waitFor();
  const menu = await menuOf(hers.page);
  assert.deepEqual(
    ['Till', 'Users', 'Trail'].filter((name) => menu.includes(name)),
    [],
  );
  await hers.page.goto(`${kontor.url}/inventory/stock_count_new`);
  await hers.page.getByRole('heading', { name: 'Take a count' }).waitFor();
  for (const path of ['/till', '/settings/roles']) {
    await hers.page.goto(kontor.url + path);
    await hers.page.getByRole('heading', { name: 'You may not see this page' }).waitFor();
  }
  await hers.context.close();

  // What somebody has stays; once nobody has it, it goes.
  await page.getByRole('link', { name: 'What they permit' }).click();
  await page.getByRole('link', { name: '1 person' }).last().waitFor();
  await page.getByRole('button', { name: 'More for Stock keeper' }).click();
  assert.equal(await page.getByRole('menuitem', { name: /^Remove/ }).isDisabled(), true);
  await page.keyboard.press('Escape');
  const taken = { id: body.id, role: 'own_stock_keeper' };
  await kontor.ask('POST', '/identity/user/take_role', taken, token);
  await page.reload();
  await page.getByRole('button', { name: 'More for Stock keeper' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'More for Stock keeper' }).waitFor({ state: 'detached' });
  await context.close();
});

/** Signs in, which leads to the page where a password is chosen. */
async function firstSignIn(password: string) {
  const context = await kontor.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${kontor.url}/sign-in`);
  await page.fill('input[autocomplete=username]', cashier.username);
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  return page;
}
