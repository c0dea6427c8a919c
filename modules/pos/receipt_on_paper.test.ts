import '../../kernel/sentences.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import sharp from 'sharp';
import { extractText, getDocumentProxy } from 'unpdf';
import { type Person, story, theWorld, uuidv7 } from '#kernel/test';
import type { Row } from '../../kernel/database/reading/list.ts';
import { makeServer } from '../../kernel/http/server.ts';
import { type Counter, counter, product, sale } from '../../kernel/test/shop.ts';

let app: FastifyInstance;
let home: string;
let mia: Person;
let at: Counter;
let bell: Row;
before(async () => {
  const world = await theWorld();
  home = mkdtempSync(join(tmpdir(), 'paper-'));
  const log = pino({ level: 'silent' });
  app = await makeServer({ db: world.db, home, log, version: '1' }, async () => {});
  mia = await world.as('manager', { store: 'HILL' });
  at = await counter(world, mia);
  bell = await product(world, { name: 'Brass bell', unit_price: '24.90', on_hand: '50' });
});
after(async () => {
  await app?.close();
  rmSync(home, { recursive: true, force: true });
});

const ask = (id: unknown, query: string, who: Person | undefined, headers = {}) =>
  app.inject({
    url: `/api/v1/document/pos.receipt/${id}${query}`,
    headers: { ...(who ? { authorization: `Bearer ${who.token}` } : {}), ...headers },
  });

/** The text of a PDF as a reader finds it, one line for each; its pages and their size in points. */
async function read(pdf: Buffer) {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { text } = await extractText(document, { mergePages: true });
  const { view } = await document.getPage(1);
  const info = (await document.getMetadata()).info as { Title?: string; Language?: string };
  const { Title: title, Language: language } = info;
  return { text, pages: document.numPages, width: view[2], title, language };
}

/** A sale with 8 % on every line, paid in cash with the next fifty. */
function taxed(tax: unknown, lines: Parameters<typeof sale>[1], more: Row = {}) {
  const sold = sale(at, lines);
  const cents = (text: string) => Math.round(Number(text) * 100);
  const money = (amount: number) => (amount / 100).toFixed(2);
  let all = 0;
  const withTax = sold.lines.map((line) => {
    const net = line.net_amount ?? '0';
    const amount = Math.round(cents(net) * 0.08);
    all += amount;
    const taxes = [{ tax_id: tax, base_amount: net, tax_amount: money(amount) }];
    return { ...line, tax_amount: money(amount), taxes };
  });
  const gross = cents(sold.net_amount) + all;
  const tendered = money(Math.ceil(gross / 5000) * 5000);
  const payments = [{ position: 1, method: 'cash', amount: money(gross), tendered }];
  return { ...sold, tax_amount: money(all), lines: withTax, payments, ...more };
}

story('a receipt is a PDF with all that the customer is owed, in every language', async (world) => {
  const owner = await world.as('administrator');
  const [tax] = await world.behind('update catalog.tax set tax_fraction = 0.08 returning id');
  await world.behind(
    `update master.store set street = '12 Ridge Road', city = 'Baldwin' where code = 'HILL'`,
  );
  await world.behind(`update master.tax_registration set number = 'NY-55-0192837'`);
  await world.behind(`update identity.user set name = 'Mia Lind' where id = $1`, mia.id);
  const [ana] = await world.behind(
    `insert into master.party (first_name, last_name) values ('Ana', 'García') returning id`,
  );
  const names = { ar: 'جرس نحاسي', hi: 'पीतल की घंटी' };
  for (const [language, text] of Object.entries(names)) {
    const which = { table_name: 'catalog.product', row_id: bell.id, column_name: 'name' };
    await owner.call('kernel.translation.set', { ...which, language, text });
  }
  const square = { width: 64, height: 64, channels: 3 as const, background: '#7a1f5c' };
  const logo = (await sharp({ create: square }).png().toBuffer()).toString('base64');
  const sold = taxed(tax?.id, [{ product: bell, quantity: 2, discount_fraction: '0.1' }], {
    party_id: ana?.id,
    happened_at: '2026-11-21T02:15:00Z',
  });
  const receipt = await mia.call('pos.receipt.ring_up', sold);

  const plain = await ask(receipt.id, '?paper=a4', mia);
  assert.equal(plain.headers['content-type'], 'application/pdf');
  assert.match(String(plain.headers['content-disposition']), /inline; filename="Receipt T.*pdf"/);
  const english = await read(plain.rawPayload);
  assert.equal(english.title, `Receipt ${receipt.reference}`);
  for (const text of [
    ...['Hill Bikes', 'Hill', '12 Ridge Road', 'Baldwin', 'NY-55-0192837', 'Mia Lind'],
    // In the store's own time: New York was at the evening before.
    ...[String(receipt.reference), 'Nov 20, 2026', '9:15 PM', 'Ana García', 'Brass bell'],
    ...['24.90', '−4.98', '44.82', '8%', '3.59', '48.41', 'Total USD', '50.00', '1.59'],
  ]) {
    assert.ok(english.text.includes(text), `“${text}” is on it: ${english.text}`);
  }
  assert.equal(english.pages, 1);

  await owner.call('kernel.appearance.set', { logo: { type: 'image/png', base64: logo } });
  const adorned = await ask(receipt.id, '?paper=a4', mia);
  assert.ok(adorned.rawPayload.length > plain.rawPayload.length, 'the logo is on it');
  assert.deepEqual(
    (await ask(receipt.id, '?paper=a4', mia)).rawPayload,
    adorned.rawPayload,
    'the same receipt is the same file, byte by byte',
  );

  const accepted = { 'accept-language': 'ar' };
  const arabic = await read((await ask(receipt.id, '', mia, accepted)).rawPayload);
  const hindi = await read((await ask(receipt.id, '?language=hi', mia)).rawPayload);
  const french = await read((await ask(receipt.id, '?language=fr', mia)).rawPayload);
  const russian = await read((await ask(receipt.id, '?language=ru', mia)).rawPayload);
  assert.ok(french.text.includes('Ticket') && french.text.includes('48,41'), french.text);
  assert.ok(russian.text.includes('Чек') && russian.text.includes('48,41'), russian.text);
  for (const [found, language, ...texts] of [
    [arabic, 'ar', 'الصافي', 'الصندوق', 'جرس', 'نوفمبر'],
    // A reader tears syllables of Devanagari apart: words without any are looked for.
    [hindi, 'hi', 'समय', 'घं'],
  ] as const) {
    assert.equal(found.language, language);
    for (const text of texts) assert.ok(found.text.includes(text), `${text}: ${found.text}`);
    assert.ok(found.text.includes('48.41') && found.text.includes('−4.98'));
    assert.ok(!found.text.includes('Brass bell') && !found.text.includes('Cashier'));
  }
  const unknown = await read((await ask(receipt.id, '?language=sw', mia)).rawPayload);
  assert.ok(unknown.text.includes('Cashier'), 'a language that nobody wrote is English');
});

story('it comes on sheets and on the roll, on as many pages as it needs', async (world) => {
  const few = await mia.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 1 }]));
  const [tax] = await world.behind('select id from catalog.tax');
  const lines = Array.from({ length: 60 }, () => ({ product: bell, quantity: 1 }));
  const many = await mia.call('pos.receipt.ring_up', taxed(tax?.id, lines));
  const size = async (id: unknown, paper: string) => {
    const { pages, width } = await read((await ask(id, `?paper=${paper}`, mia)).rawPayload);
    return [pages, Math.round((Number(width) / 72) * 25.4)];
  };
  assert.deepEqual(await size(few.id, 'a4'), [1, 210]);
  assert.deepEqual(await size(few.id, 'a5'), [1, 148]);
  assert.deepEqual(await size(few.id, 'letter'), [1, 216]);
  assert.deepEqual(await size(many.id, 'roll'), [1, 80], 'a roll has no end');
  const [pages] = await size(many.id, 'a4');
  assert.ok(Number(pages) > 1);
  const { text } = await read((await ask(many.id, '?paper=a4', mia)).rawPayload);
  assert.equal(text.split('Quantity').length - 1, pages, 'each page has the heads of its columns');
  const wrong = await ask(few.id, '?paper=napkin', mia);
  assert.equal(wrong.statusCode, 422);
  assert.equal(wrong.json().errors[0].field, 'paper');
});

story('a return names what it takes back, and the receipt what took it back', async () => {
  const first = await mia.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 2 }]));
  const [line] = await mia.list('pos.receipt_line', {
    filter: [['receipt_id', '=', String(first.id)]],
  });
  const back = await mia.call('pos.receipt.take_back', {
    ...{ id: uuidv7(), claim_id: at.claim_id, till_session_id: at.till_session_id },
    ...{ number: at.next++, receipt_id: first.id, reason: 'Too loud' },
    lines: [{ receipt_line_id: line?.id, quantity: '1' }],
  });
  const taken = await read((await ask(back.id, '', mia)).rawPayload);
  for (const text of ['Return', 'Takes back from', String(first.reference), 'Too loud', '−24.90']) {
    assert.ok(taken.text.includes(text), `“${text}” is on it: ${taken.text}`);
  }
  const { text } = await read((await ask(first.id, '', mia)).rawPayload);
  assert.ok(text.includes('Taken back by') && text.includes(String(back.reference)));
});

story('nobody prints what they may not read', async (world) => {
  const valley = await world.as('manager', { store: 'VALLEY' });
  const there = await counter(world, valley, 'VALLEY');
  const theirs = await valley.call(
    'pos.receipt.ring_up',
    sale(there, [{ product: bell, quantity: 1 }]),
  );
  const cashier = await world.as('cashier', { store: 'HILL' });
  const nobody = await world.as('cashier', { store: 'VALLEY' });
  await world.behind('delete from identity.user_role where user_id = $1', nobody.id);
  assert.equal((await ask(theirs.id, '', valley)).statusCode, 200);
  for (const [who, id, status, code] of [
    [mia, theirs.id, 404, 'not_found'],
    [cashier, theirs.id, 404, 'not_found'],
    [nobody, theirs.id, 404, 'not_found'],
    [mia, uuidv7(), 404, 'not_found'],
    [mia, "x' or true --", 404, 'not_found'],
    [undefined, theirs.id, 401, 'not_signed_in'],
  ] as const) {
    const answer = await ask(encodeURIComponent(String(id)), '', who);
    assert.equal(answer.statusCode, status);
    assert.equal(answer.json().code, code);
  }
  const other = await app.inject({
    url: `/api/v1/document/pos.payment/${theirs.id}`,
    headers: { authorization: `Bearer ${valley.token}` },
  });
  assert.equal(other.json().code, 'document_unknown', 'what no module declares is not printed');

  const said = await cashier.sql(
    'select pos_logic.receipt_document($1, $2) as data',
    theirs.id,
    'en',
  );
  assert.equal(said[0]?.data, null, 'nor is it read by SQL');
  const name = await cashier.sql('select pos_logic.cashier_of($1) as name', theirs.id);
  assert.equal(name[0]?.name, null);
});
