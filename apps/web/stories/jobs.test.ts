import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makePeople, people, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
before(async () => {
  kontor = await startAll('jobs');
  await makePeople(kontor, await setUp(kontor));
});
after(() => kontor?.close());

test('who looks after the shop starts the nightly job, sees it end, and switches it off', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/jobs`);
  await page.getByRole('heading', { name: 'No job has run yet' }).waitFor();
  const name = 'Remove what is kept no longer';
  await page.getByRole('button', { name: `Start now: ${name}` }).click();
  // Told by the server, without asking again.
  await page.getByRole('region', { name: 'Runs' }).getByText('Done').waitFor();
  const onOff = page.getByRole('switch', { name });
  await onOff.click();
  await page.getByRole('cell', { name: 'Off', exact: true }).waitFor();
  assert.equal(await onOff.isChecked(), false);
  await context.close();
});

test('a cashier sees their own jobs, which are none, and no schedules', async () => {
  const { page, context } = await signedIn(kontor, people.cashier, { at: '/settings' });
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByRole('heading', { name: 'No job has run yet' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Schedules' }).count(), 0);
  await context.close();
});
