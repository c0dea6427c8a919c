import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import {
  makePeople,
  menuOf,
  owner,
  people,
  type Running,
  setUp,
  signedIn,
  startAll,
} from './browser.ts';

interface Came {
  headers: IncomingHttpHeaders;
  body: string;
}
const came: Came[] = [];
const heard = createServer(async (request, reply) => {
  came.push({ headers: request.headers, body: await text(request) });
  reply.writeHead(204).end();
  heard.emit('came');
});

let kontor: Running;
let token: string;
before(async () => {
  heard.listen(0, '127.0.0.1');
  await once(heard, 'listening');
  kontor = await startAll('webhooks', { WEBHOOKS_INSIDE: '1' });
  token = await setUp(kontor);
  await makePeople(kontor, token);
});
after(async () => {
  await kontor?.close();
  heard.close();
});

/** The first that came and is like this, however long it takes. */
async function comes(like: (said: { type: string; data: { verb: string } }) => boolean, from = 0) {
  for (;;) {
    const found = came.slice(from).find(({ body }) => like(JSON.parse(body)));
    if (found) return found;
    await once(heard, 'came');
  }
}

const signs = (secret: string, { headers, body }: Came): boolean => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const said = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = `v1,${createHmac('sha256', key).update(said).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(wanted);
};

test('a webhook is made, tried, told, renewed with both secrets good, and told again', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/settings' });
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make webhook' }).click();
  await dialog.getByText('This is needed.').nth(2).waitFor();
  await dialog.getByLabel('Name').fill('Web shop');
  await dialog.getByLabel('Address').fill('shop.example');
  await dialog.getByRole('combobox', { name: 'Records' }).click();
  await page.getByRole('option', { name: /\(catalog\.brand\)/ }).click();
  assert.equal(await page.getByRole('option', { name: /\(kernel\.|\(webhooks\./ }).count(), 0);
  await dialog.getByRole('combobox', { name: 'Records' }).press('Tab');
  await dialog.getByRole('button', { name: 'Make webhook' }).click();
  await dialog.getByText(/An address such as https/).waitFor();
  const { port } = heard.address() as AddressInfo;
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
  await dialog.getByRole('button', { name: 'Make webhook' }).click();
  const shown = async () => {
    const once = page.getByRole('dialog', { name: 'Secret of Web shop' });
    const secret = await once.getByLabel('Secret', { exact: true }).inputValue();
    await once.getByRole('button', { name: 'I have kept it' }).click();
    await once.waitFor({ state: 'detached' });
    return secret;
  };
  const first = await shown();
  assert.match(first, /^whsec_/);
  await page.reload();
  await page.getByRole('button', { name: 'Send a test: Web shop' }).click();
  const tried = await comes(({ data }) => data.verb === 'test');
  assert.ok(signs(first, tried));
  const log = page.getByRole('region', { name: 'Deliveries' });
  await log.getByText('Sent, answered 204').waitFor();
  assert.ok(!(await page.content()).includes(first));

  await page.getByRole('button', { name: 'Renew secret: Web shop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Renew secret' }).click();
  const second = await shown();
  assert.notEqual(first, second);
  const made = await kontor.ask('POST', '/catalog/brand/create', { name: 'Hillside' }, token);
  assert.equal(made.status, 200);
  const told = await comes(({ type }) => type === 'catalog.brand.insert');
  assert.deepEqual([signs(first, told), signs(second, told)], [true, true]);

  // Told by the server: the page shows it without being asked.
  const again = log.getByRole('button', { name: /^Send again: .*: new$/ });
  const from = came.length;
  await again.click();
  const repeated = await comes(({ type }) => type === 'catalog.brand.insert', from);
  assert.equal(repeated.headers['webhook-id'], told.headers['webhook-id']);

  await page.getByRole('button', { name: 'Edit: Web shop' }).click();
  await dialog.getByRole('checkbox', { name: 'New records' }).uncheck();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('cell', { name: 'Changed records' }).waitFor();
  await page.getByRole('switch', { name: 'Web shop' }).click();
  await page.getByRole('switch', { name: 'Web shop', checked: false }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Send a test: Web shop' }).isDisabled());
  await context.close();
});

test('who may not look after webhooks has no such page', async () => {
  const { page, context } = await signedIn(kontor, people.manager, { at: '/settings' });
  assert.ok(!(await menuOf(page)).includes('Webhooks'));
  await page.goto(`${kontor.url}/webhooks`);
  await page.getByRole('heading', { name: /may not|permission/i }).waitFor();
  await context.close();
});
