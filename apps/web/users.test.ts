import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { people, type Running, setUp, signedIn, startAll } from './browser.ts';

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
