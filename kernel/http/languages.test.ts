import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld, uuidv7 } from '#kernel/test';
import { makeServer } from './server.ts';

let app: FastifyInstance;
let base = '';
const logged: string[] = [];
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(line) });
  app = await makeServer({ db, home: tmpdir(), log, version: 'test' }, async () => {});
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => app.close());

// biome-ignore lint/suspicious/noExplicitAny: whatever the server answers.
type Told = any;

async function ask(path: string, language: string, token?: string, body?: unknown) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      'accept-language': language,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': uuidv7() } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  assert.match(String(response.headers.get('vary')), /Accept-Language/);
  return { told: (await response.json()) as Told, said: response.headers.get('content-language') };
}

story('a request is answered in the language that it wishes most', async ({ as }) => {
  const { token } = await as('manager');
  for (const [wish, said] of [
    ['ar', 'ar'],
    ['ar-EG, en;q=0.5', 'ar'],
    ['en, ar;q=0.9', 'en'],
    ['de, ar;q=0.3, en;q=0.2', 'ar'],
    ['fr-CA, ar;q=0.3', 'fr'],
    ['de', 'en'],
    ['ar;q=0', 'en'],
    [';;;q=,,=', 'en'],
  ] as const) {
    assert.equal((await ask('/catalogue', wish, token)).said, said, wish);
  }
});

story('labels, menu, reports and words come in Arabic, codes as they are', async ({ as }) => {
  const { token } = await as('administrator');
  const { told } = await ask('/catalogue', 'ar', token);
  const product = told.tables.find((one: Told) => one.name === 'catalog.product');
  assert.equal(product.label, 'المنتج');
  const price = product.columns.find((one: Told) => one.name === 'unit_price');
  assert.equal(price.label, 'السعر');
  assert.equal(price.help, 'بعملة الشركة؛ وقد تذكر قائمة الأسعار غير ذلك.');
  const kind = product.columns.find((one: Told) => one.name === 'kind');
  assert.ok(kind.choices.includes('stockable'));
  assert.equal(told.words.Stockable, 'مخزني');
  const balance = await ask('/report/trial_balance', 'ar', token);
  assert.equal(balance.told.title, 'ميزان المراجعة');
  const debit = balance.told.columns.find((one: Told) => one.name === 'debit');
  assert.equal(debit.label, 'مدين');
  const kinds = balance.told.rows.map((row: Told) => row.kind);
  assert.ok(
    kinds.every((one: unknown) => /^[\u0600-\u06ff ]+$/.test(String(one))),
    `${kinds}`,
  );
  const { told: me } = await ask('/session', 'ar', token);
  const receipts = me.menu.find((one: Told) => one.list === 'pos.receipt');
  assert.deepEqual([receipts.label, receipts.module_label], ['الإيصالات', 'الصندوق']);
  assert.equal((await ask('/catalogue', 'en', token)).told.words, undefined);
});

story('problems and field errors are in Arabic, the log in English', async ({ as }) => {
  const { token } = await as('manager');
  const missing = await ask('/catalog/product/create', 'ar', token, { name: 'Bell' });
  assert.equal(missing.told.code, 'input_wrong');
  assert.equal(missing.told.detail, 'بعض الحقول خاطئة. صحّحها وأعد المحاولة؛ لم يتغير شيء.');
  assert.deepEqual(missing.told.errors, [
    { field: 'unit_price', code: 'field_missing', message: 'السعر ناقص.' },
  ]);
  const below = await ask('/catalog/product/create', 'ar', token, {
    ...{ name: 'Bell', unit_price: '-1' },
  });
  assert.equal(below.told.detail, '‏السعر غير مسموح: يجب ألا يقل عن 0.');
  const price = { name: 'Bell', unit_price: 'dear' };
  const wrong = await ask('/catalog/product/create', 'ar', token, price);
  assert.match(wrong.told.errors[0].message, /^السعر: .*يُتوقع مبلغ مثل 379\.99\.$/);
  const shape = await ask('/catalog/product/archive', 'ar', token, { id: 1, version: 'x' });
  assert.match(shape.told.errors[0].message, /\p{Script=Arabic}/u, 'zod’s own sentences, too');
  const unknown = await ask('/catalog/nothing', 'ar', token);
  assert.match(unknown.told.title, /^لا يوجد هنا جدول catalog\.nothing/);
  const english = await ask('/catalog/product/create', 'en', token, price);
  assert.equal(english.told.errors[0].message, 'Price: an amount such as 379.99 is expected.');
  assert.ok(logged.some((line) => line.includes('"code":"input_wrong"')));
  assert.doesNotMatch(logged.join(''), /\p{Script=Arabic}/u);
});

story('two languages at once don’t mix', async ({ as }) => {
  const { token } = await as('administrator');
  const titles = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const { told } = await ask('/report/trial_balance', at % 2 ? 'ar' : 'en', token);
      return told.title;
    }),
  );
  assert.deepEqual(
    titles,
    titles.map((_, at) => (at % 2 ? 'ميزان المراجعة' : 'Trial balance')),
  );
});
