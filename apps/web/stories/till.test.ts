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
  startAll,
} from './browser.ts';

let kontor: Running;
let token: string;
before(async () => {
  kontor = await startAll('till');
  token = await setUp(kontor);
  await aShopToSellIn(kontor, token);
  await makePeople(kontor, token);
  const ada = { first_name: 'Ada', last_name: 'Patel' };
  const { body } = await kontor.ask('POST', '/master/party/create', ada, token);
  const phone = { party_id: body.id, kind: 'phone', value: '(518) 555-1000' };
  const made = await kontor.ask('POST', '/master/contact_point/create', phone, token);
  assert.equal(made.status, 200);
});
after(() => kontor?.close());

/** Opens the first till, or takes it over from the browser before. */
async function atTheTill(page: Page): Promise<void> {
  await page.goto(`${kontor.url}/till`);
  await page.locator('.till-choices button').first().click();
  const [takeOver, float, finder] = [
    page.getByRole('button', { name: 'Take over' }),
    page.getByLabel('Float'),
    finderOf(page),
  ];
  await takeOver.or(float).or(finder).first().waitFor();
  if (await takeOver.isVisible()) await takeOver.click();
  await float.or(finder).first().waitFor();
  if (await float.isVisible()) {
    await float.fill('100');
    await float.press('Enter');
  }
  await finder.waitFor();
}
const finderOf = (page: Page) => page.getByRole('combobox', { name: 'Scan or search' });
const saleOf = (page: Page) => page.getByRole('region', { name: 'Sale' });

async function scan(page: Page, code: string): Promise<void> {
  await finderOf(page).fill(code);
  await finderOf(page).press('Enter');
}

test('a customer is found by phone and taken with Enter', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await atTheTill(page);
  await page.keyboard.press('F4');
  const search = page.getByRole('dialog').getByRole('combobox', { name: 'Customer' });
  await search.fill('518 555-1000');
  await page.locator('[data-combobox-selected]', { hasText: 'Ada Patel' }).waitFor();
  await search.press('Enter');
  await saleOf(page).getByText('Ada Patel').waitFor();
  await context.close();
});

test('a part that was paid by mistake is given back, and is not forgotten', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await atTheTill(page);
  await scan(page, '4006381333931');
  await saleOf(page).getByLabel('Quantity of Commuter helmet').waitFor();
  await page.keyboard.press('F8');
  const dialog = page.getByRole('dialog', { name: 'Payment' });
  await dialog.getByLabel('Given').fill('20');
  await dialog.getByLabel('Given').press('Enter');
  await dialog.getByText('Still due').waitFor();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Give back 20.00' }).click();
  await dialog.getByText('To pay').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await context.close();
});

test('a sale is parked for another customer, and goes on where it was', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await atTheTill(page);
  await scan(page, '4006381333931');
  const line = saleOf(page).getByLabel('Quantity of Commuter helmet');
  await line.fill('3');
  await page.keyboard.press('F10');
  await line.waitFor({ state: 'detached' });

  await scan(page, '1002');
  await saleOf(page).getByLabel('Quantity of Bell').waitFor();
  await page.keyboard.press('F9');
  await page.getByLabel('On the card').press('Enter');
  await page.getByRole('button', { name: /Next customer/ }).click();
  await page.reload();
  await finderOf(page).waitFor();

  await page.keyboard.press('F10');
  await page.getByRole('dialog').getByText('3 × Commuter helmet').click();
  assert.equal(await line.inputValue(), '3');
  await saleOf(page).locator('output', { hasText: '239.70' }).waitFor();
  await page.getByRole('button', { name: 'Park the sale' }).waitFor();
  await context.close();
});

test('without the network things are scanned and sold, and sent when it is back', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  const learnt = page.waitForResponse((answer) => /sellable\?.*limit=200/.test(answer.url()));
  await atTheTill(page);
  await (await learnt).finished();
  await context.setOffline(true);
  await scan(page, '1002');
  await saleOf(page).getByLabel('Quantity of Bell').waitFor();
  await scan(page, '4006381333931');
  await saleOf(page).getByLabel('Quantity of Commuter helmet').waitFor();
  await scan(page, '999999');
  await page.getByText('this till knows nothing under “999999”').first().waitFor();
  await page.keyboard.press('F9');
  await page.getByLabel('On the card').press('Enter');
  await page.getByText('the receipt stands and is sent later').waitFor();
  await page.getByRole('button', { name: /Next customer/ }).click();

  await context.setOffline(false);
  const light = page.locator('.till-light');
  await light.click();
  await page.locator('.till-light[data-calm]').waitFor();
  const { body } = await kontor.ask('GET', '/pos/receipt?sort=-happened_at', undefined, token);
  assert.equal(body.rows[0].gross_amount, '89.80');
  await context.close();
});

test('goods come back, the receipt says from which one, and the drawer is counted at the end', async () => {
  const { page, context } = await signedIn(kontor, people.manager);
  await atTheTill(page);
  await scan(page, '4006381333931');
  await saleOf(page).getByLabel('Quantity of Commuter helmet').waitFor();
  await page.keyboard.press('F8');
  await page.getByRole('dialog', { name: 'Payment' }).getByLabel('Given').press('Enter');
  const next = page.getByRole('button', { name: /Next customer/ });
  await next.click();

  await page.keyboard.press('F3');
  const receipts = page.locator('.till-receipts button');
  const number = (await receipts.first().locator('b').textContent()) ?? '';
  await receipts.first().click();
  const back = page.getByRole('button', { name: 'Take back' });
  assert.equal(await back.isDisabled(), true);
  await page.getByText('Say how many of a line come back').waitFor();
  await page.getByLabel('How many of Commuter helmet').fill('1');
  await back.click();
  await page.getByRole('dialog').getByText('Takes back from').waitFor();
  await next.click();

  // What came back doesn't come back again.
  await page.keyboard.press('F3');
  await receipts.filter({ hasText: number }).click();
  await page.getByText('All of it was taken back.').waitFor();
  assert.equal(await back.count(), 0);
  await page.keyboard.press('Escape');
  await page.getByText('All of it was taken back.').waitFor({ state: 'detached' });

  await page.keyboard.press('F7');
  const drawer = page.getByRole('dialog', { name: /^Drawer of/ });
  await drawer.getByText('Count and close').click();
  // A count far off is asked about, once; what is typed anew is a new count.
  await drawer.getByLabel('Counted in the drawer').fill('9.9');
  await drawer.getByRole('button', { name: 'Close the till' }).click();
  await drawer.getByText(/off what should be there/).waitFor();
  await drawer.getByRole('button', { name: 'Close with this difference' }).waitFor();
  await drawer.getByLabel('Counted in the drawer').fill('99');
  await drawer.getByRole('button', { name: 'Close the till' }).click();
  await page.waitForURL(/\/reports\/till_session/);
  await page.getByText('Z report').first().waitFor();
  await page.getByText('Difference').first().waitFor();
  const { body } = await kontor.ask('GET', '/pos/till_session?sort=-opened_at', undefined, token);
  const [session] = body.rows;
  assert.deepEqual([session.state, Number(session.difference)], ['closed', -1]);

  // The sale's page leads to what came of it, and back.
  const { body: sales } = await kontor.ask('GET', `/pos/receipt?q=${number}`, undefined, token);
  await page.goto(`${kontor.url}/pos/receipt/${sales.rows[0].id}`);
  const chain = page.getByRole('region', { name: 'Documents' }).getByRole('link');
  await chain.filter({ hasText: 'Return' }).click();
  await chain.filter({ hasText: number }).and(page.locator(':not([aria-current])')).click();
  await page.waitForURL(new RegExp(sales.rows[0].id));
  await context.close();
});

test('a sale is given away whole, another is paid in two ways, by keys alone', async () => {
  const { page, context } = await signedIn(kontor, people.cashier);
  await atTheTill(page);
  await scan(page, '1002');
  await saleOf(page).getByText('Bell').waitFor();
  await page.keyboard.press('F6');
  const discount = page.getByRole('dialog', { name: 'Discount' });
  await discount.getByText('Whole sale, %').click();
  await page.keyboard.type('100');
  await page.keyboard.press('Enter');
  await discount.waitFor({ state: 'detached' });
  await page.keyboard.press('F8');
  const payment = page.getByRole('dialog', { name: 'Payment' });
  await payment.waitFor();
  await page.keyboard.press('Enter');
  await payment.waitFor({ state: 'detached' });
  const last = async () => {
    const { body } = await kontor.ask('GET', '/pos/receipt?sort=-happened_at', undefined, token);
    return body.rows[0];
  };
  await settles(async () => (await last())?.gross_amount, '0.00');

  await page.keyboard.press('Escape');
  await scan(page, '1002');
  await saleOf(page).getByText('Bell').waitFor();
  await page.keyboard.press('F8');
  await payment.waitFor();
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await payment.getByText('Still due').waitFor();
  await page.keyboard.press('F9');
  await payment.getByLabel('On the card').waitFor();
  await page.keyboard.press('Enter');
  await payment.waitFor({ state: 'detached' });
  await settles(async () => (await last())?.gross_amount, '9.90');
  const of = encodeURIComponent(JSON.stringify([['receipt_id', '=', (await last()).id]]));
  const paid = await kontor.ask('GET', `/pos/payment?filter=${of}&sort=amount`, undefined, token);
  assert.deepEqual(
    paid.body.rows.map(({ method, amount }: Record<string, string>) => [method, amount]),
    [
      ['card', '4.90'],
      ['cash', '5.00'],
    ],
  );
  await context.close();
});
