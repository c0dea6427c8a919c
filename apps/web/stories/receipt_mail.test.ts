import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../../../kernel/jobs/fixture/jobs.ts';
import { type Mailbox, openMailbox } from '../../../kernel/test/mailbox.ts';
import {
  aShopToSellIn,
  makePeople,
  people,
  type Running,
  setUp,
  signedIn,
  startAll,
} from './browser.ts';

let kontor: Running;
let box: Mailbox;
before(async () => {
  [kontor, box] = await Promise.all([
    startAll('receipt-mail'),
    openMailbox({ authOptional: true, disabledCommands: ['AUTH'] }),
  ]);
  const token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
  await makePeople(kontor, token);
  const ada = { first_name: 'Ada', last_name: 'Patel' };
  const { body } = await kontor.ask('POST', '/master/party/create', ada, token);
  const mail = { party_id: body.id, kind: 'email', value: 'ada@example.com' };
  const made = await kontor.ask('POST', '/master/contact_point/create', mail, token);
  assert.equal(made.status, 200);
});
after(async () => {
  await kontor?.close();
  await box?.close();
});

const dialogOf = (page: Page, name: RegExp) => page.getByRole('dialog', { name });

test('the owner sets the mail server, and a test says whether it takes e-mails', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/settings`);
  await page.getByRole('link', { name: /^E-mail/ }).click();
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('From address').fill('shop');
  const save = page.getByRole('button', { name: 'Save changes' });
  await save.click();
  await page.getByText('Write an address such as ana@example.com.').waitFor();
  await page.getByLabel('From address').fill('shop@hill.example');
  // Our mailbox has a certificate of its own, which nobody knows.
  await page.getByLabel('Port', { exact: true }).fill(String(box.port));
  await save.click();
  const form = page.getByRole('form', { name: 'Send a test' });
  const test = form.getByRole('button', { name: 'Send a test' });
  await form.getByLabel('To').fill('owner@hill.example');
  await test.click();
  await form.getByText(/No secure connection to the mail server 127\.0\.0\.1/).waitFor();

  await page.getByRole('combobox', { name: 'Security' }).click();
  await page.getByRole('option', { name: 'None' }).click();
  await save.click();
  await save.and(page.locator(':disabled')).waitFor();
  await form.getByLabel('To').fill('owner@hill.example');
  await test.click();
  await form.getByText('The mail server took it.').waitFor();
  assert.equal(box.came.at(-1)?.to?.[0]?.address, 'owner@hill.example');
  await context.close();
});

test('a receipt is opened as PDF and e-mailed at the till, without a mouse', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await page.goto(`${kontor.url}/till`);
  await page.locator('.till-choices button').first().click();
  await page.getByLabel('Float').fill('100');
  await page.getByLabel('Float').press('Enter');
  const finder = page.getByRole('combobox', { name: 'Scan or search' });
  await finder.fill('4006381333931');
  await finder.press('Enter');
  await page.getByRole('region', { name: 'Sale' }).getByText('Commuter helmet').waitFor();
  await page.keyboard.press('F4');
  const customer = page.getByRole('dialog').getByRole('combobox', { name: 'Customer' });
  await customer.fill('Ada');
  await page.locator('[data-combobox-selected]', { hasText: 'Ada Patel' }).waitFor();
  await customer.press('Enter');
  await page.getByRole('region', { name: 'Sale' }).getByText('Ada Patel').waitFor();
  await page.keyboard.press('F8');
  await page.getByLabel('Given').press('Enter');

  const done = dialogOf(page, /^Receipt /);
  const reference = /Receipt (\S+)/.exec((await done.locator('h2').textContent()) ?? '')?.[1] ?? '';
  await done.getByRole('button', { name: 'Next customer' }).and(page.locator(':focus')).waitFor();
  const opened = context.waitForEvent('request', (one) => one.url().includes('/document/'));
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const pdf = await context.request.get((await opened).url());
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
  await page.bringToFront();

  await done.getByRole('button', { name: 'E-mail' }).focus();
  await page.keyboard.press('Enter');
  const mail = dialogOf(page, /^E-mail: /);
  const to = mail.getByLabel('To');
  await until(async () => (await to.inputValue()) === 'ada@example.com');
  await to.fill('ada@');
  await to.press('Enter');
  await mail.getByText('Write an address such as ana@example.com.').waitFor();
  assert.equal(await to.getAttribute('aria-invalid'), 'true');
  await to.fill('ada.patel@example.com');
  await to.press('Enter');
  await mail
    .getByRole('status')
    .getByText(/waits to be sent to ada\.patel@example\.com/)
    .waitFor();
  const came = await until(async () =>
    box.came.find((one) => one.to?.[0]?.address === 'ada.patel@example.com'),
  );
  assert.match(String(came.subject), new RegExp(`Receipt ${reference} from`));
  assert.equal(came.attachments[0]?.filename, `Receipt ${reference}.pdf`);

  await page.keyboard.press('Enter');
  await mail.waitFor({ state: 'detached' });
  await done.getByRole('button', { name: 'Next customer' }).press('Enter');
  await page.keyboard.press('F3');
  await page.getByRole('dialog').getByRole('button', { name: reference }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'E-mail' }).waitFor();
  await context.close();

  const owner = await signedIn(kontor);
  await owner.page.goto(`${kontor.url}/pos/receipt?q=${reference}`);
  await owner.page.getByText(reference).first().click();
  await owner.page.getByRole('list', { name: 'Sent by e-mail' }).getByText('Sent').waitFor();
  const paper = owner.context.waitForEvent('request', (one) => one.url().includes('/document/'));
  await owner.page.keyboard.press('p');
  assert.match((await paper).url(), /language=en/);
  await owner.context.close();
});
