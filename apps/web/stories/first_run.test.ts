import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { owner, type Running, startAll } from './browser.ts';

let kontor: Running;
before(async () => {
  kontor = await startAll('first-run');
});
after(() => kontor?.close());

test('a few questions make a shop that is ready, with three next steps that work', async () => {
  const page = await kontor.browser.newPage();
  page.setDefaultTimeout(15_000);
  const refused: string[] = [];
  page.on('pageerror', (error) => refused.push(error.message));
  await page.goto(kontor.url);
  await page.getByRole('button', { name: /Set up my shop/ }).click();
  await page.getByLabel('Name of the company').fill('Hill Bikes');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Country' }).waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  assert.equal(await page.getByLabel('Name of the company').inputValue(), 'Hill Bikes');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Name of the first store').fill('Hill');
  await page.keyboard.press('Enter');
  await page.getByLabel('Username of the administrator').fill(owner.username);
  await page.locator('input[type=password]').fill('hill');
  await page.getByRole('button', { name: 'Set up the shop' }).click();
  await page.getByText('It does not keep all the rules yet.').waitFor();
  await page.locator('input[type=password]').fill(owner.password);
  await page.getByRole('button', { name: 'Set up the shop' }).click();
  await page.getByRole('heading', { name: 'Hill Bikes is ready' }).waitFor();

  const links = page.locator('.k-choices a');
  await links.first().waitFor();
  const targets = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.deepEqual(targets, ['/import', '/till', '/identity/user/new']);
  await links.nth(0).click();
  await page.getByRole('heading', { name: 'Import', level: 1 }).waitFor();
  await page.goto(`${kontor.url}/till`);
  await page.getByRole('heading', { name: 'Which till is this?' }).waitFor();
  await page.goto(`${kontor.url}/identity/user/new`);
  await page.getByRole('heading', { name: 'New user' }).waitFor();
  assert.deepEqual(refused, []);

  await page.goto(`${kontor.url}/welcome`);
  await page.waitForURL((at) => at.pathname === '/');
});
