import '../../kernel/sentences.ts';
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Email } from 'postal-mime';
import { extractText, getDocumentProxy } from 'unpdf';
import { type Person, story, theWorld } from '#kernel/test';
import type { Row } from '../../kernel/database/reading/list.ts';
import { readLanguages } from '../../kernel/i18n/read_languages.ts';
import { closeWorkers, storyWorker, until } from '../../kernel/jobs/fixture/jobs.ts';
import type { Worker } from '../../kernel/jobs/worker.ts';
import { sendMessage } from '../../kernel/mail/send.job.ts';
import { type Mailbox, openMailbox } from '../../kernel/test/mailbox.ts';
import { type Counter, counter, product, sale } from '../../kernel/test/shop.ts';

let owner: Person;
let mia: Person;
let at: Counter;
let bell: Row;
let box: Mailbox;
let worker: Worker;
before(async () => {
  await readLanguages();
  const world = await theWorld();
  box = await openMailbox({ authOptional: true });
  owner = await world.as('administrator');
  mia = await world.as('cashier', { store: 'HILL' });
  at = await counter(world, mia);
  bell = await product(world, { name: 'Brass bell', unit_price: '24.90', on_hand: '50' });
  worker = storyWorker(world.db, new Map([[sendMessage.name, sendMessage]]));
});
after(async () => {
  await closeWorkers();
  await box?.close();
});

type Queued = { id: string; run_id: string };
const email = (id: unknown, to: string, more = {}) =>
  mia.call<Queued>('pos.receipt.email', { id, to, ...more });
const sold = () => mia.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 1 }]));
const to = (address: string) => box.came.filter((mail) => mail.to?.[0]?.address === address);
const first = (address: string) => until(async () => to(address)[0]);
const runOf = async (id: string) =>
  (await mia.list('jobs.run', { filter: [['id', '=', id]] }))[0] as Row;
const messageOf = async (id: string) =>
  (await mia.list('mail.message', { filter: [['id', '=', id]] }))[0] as Row;

async function textOf(mail: Email): Promise<string> {
  const [file] = mail.attachments;
  assert.equal(file?.mimeType, 'application/pdf');
  const bytes = new Uint8Array(file?.content as ArrayBuffer);
  return (await extractText(await getDocumentProxy(bytes), { mergePages: true })).text;
}

/** Lets a run that waits for its next attempt be tried now. */
async function tryAgain(id: string, attempt: number): Promise<void> {
  const { behind } = await theWorld();
  await until(async () => {
    const run = await runOf(id);
    return run.state === 'waiting' && run.attempt === attempt;
  });
  await behind('update jobs.run set run_at = now() where id = $1', id);
  worker.wake();
}

story('a receipt is e-mailed as PDF, in its language, once', async (world) => {
  const receipt = await sold();
  await world.refused('mail_not_set_up', () => email(receipt.id, 'ana@example.com'));
  const from = { from_address: 'shop@hill.example', from_name: 'Hill Bikes' };
  const where = { host: '127.0.0.1', port: box.port, security: 'none' };
  await owner.call('mail.server.set', { ...where, ...from });

  const { id, run_id } = await email(receipt.id, 'ana@example.com');
  const mail = await first('ana@example.com');
  assert.deepEqual([mail.from?.address, mail.from?.name], ['shop@hill.example', 'Hill Bikes']);
  assert.equal(mail.subject, `Receipt ${receipt.reference} from Hill Bikes`);
  assert.match(String(mail.text), /Thank you for your visit/);
  assert.match(String(mail.html), /<html lang="en" dir="ltr">/);
  assert.equal(mail.messageId, `<${id}@hill.example>`);
  assert.equal(mail.attachments[0]?.filename, `Receipt ${receipt.reference}.pdf`);
  const text = await textOf(mail);
  assert.ok(text.includes(String(receipt.reference)) && text.includes('Brass bell'), text);
  await until(async () => (await runOf(run_id)).state === 'done');
  const message = await messageOf(id);
  assert.deepEqual([message.state, message.recipient], ['sent', 'ana@example.com']);
  assert.match(String(message.answer), /250.*kept/);

  // Whatever queues it again, it was sent.
  const again = `select jobs_logic.enqueue('mail.message.send', $1) as id`;
  const [second] = await mia.sql(again, JSON.stringify({ id }));
  worker.wake();
  await until(async () => (await runOf(String(second?.id))).state === 'done');
  assert.equal(to('ana@example.com').length, 1);

  await email(receipt.id, 'laila@example.com', { language: 'ar' });
  const arabic = await first('laila@example.com');
  assert.match(String(arabic.html), /<html lang="ar" dir="rtl">/);
  assert.match(String(arabic.subject), new RegExp(`الإيصال ${receipt.reference}`));
  assert.ok((await textOf(arabic)).includes('الصافي'));
});

story(
  'the trail says who sent what to whom, and who may read the receipt reads it',
  async (world) => {
    const receipt = await sold();
    const { id } = await email(receipt.id, 'ben@example.com');
    await first('ben@example.com');
    await until(async () => (await messageOf(id)).state === 'sent');
    const requests = await owner.list('audit.request', {
      filter: [['actor_id', '=', mia.id]],
      sort: [['made_at', 'desc']],
    });
    const operations = requests.map(({ operation }) => operation);
    assert.ok(operations.includes('pos.receipt.email') && operations.includes('mail.message.send'));
    const changes = await world.behind(
      `select verb from audit.change where table_name = 'mail.message' and row_id = $1 order by id`,
      id,
    );
    assert.deepEqual(
      changes.map(({ verb }) => verb),
      ['insert', 'update'],
    );

    const [waiting = {}] = await world.behind(
      `insert into mail.message (table_name, row_id, recipient, language, queued_by)
       values ('pos.receipt', $1, 'gus@example.com', 'en', $2) returning id`,
      ...[receipt.id, mia.id],
    );
    const valley = await world.as('manager', { store: 'VALLEY' });
    assert.deepEqual(await valley.listAny('mail.message'), []);
    assert.deepEqual(await valley.sql('select * from mail.message'), []);
    const which = { id: receipt.id, to: 'x@example.com' };
    await world.refused('not_found', () => valley.call('pos.receipt.email', which));
    const change = `update mail.message set state = 'waiting', sent_at = null`;
    await world.refusedBySql(mia, 'permission denied', change);
    // Where the server is and what became of an e-mail is between it and the job.
    for (const ask of ['mail_logic.server()', `mail_logic.to_send('${waiting.id}')`]) {
      await world.refusedBySql(mia, 'not_permitted', `select ${ask}`);
    }
    await mia.sql(`select mail_logic.told($1, 'sent', 'so I say')`, waiting.id);
    assert.equal((await messageOf(String(waiting.id))).state, 'waiting');
    const queue = `select mail_logic.queue('pos.receipt', $1, 'x@example.com', 'en')`;
    await world.refusedBySql(valley, 'not_found', queue, receipt.id);
  },
);

story('what is put off is sent later as the same e-mail', async () => {
  const receipt = await sold();
  box.answers.push(451, 'cut');
  const { id, run_id } = await email(receipt.id, 'cara@example.com');
  await tryAgain(run_id, 1);
  // The server took it and was not heard: the second is the same e-mail to who gets it.
  await tryAgain(run_id, 2);
  await until(async () => (await runOf(run_id)).state === 'done');
  const ids = to('cara@example.com').map(({ messageId }) => messageId);
  assert.deepEqual(ids, [`<${id}@hill.example>`, `<${id}@hill.example>`]);
  assert.equal((await messageOf(id)).state, 'sent');
});

story('what is refused for good is said to who sent it', async () => {
  const receipt = await sold();
  box.answers.push(550);
  const { id, run_id } = await email(receipt.id, 'dora@example.com');
  const run = await until(async () => {
    const one = await runOf(run_id);
    return one.ended_at ? one : undefined;
  });
  assert.deepEqual([run.state, run.problem_code, run.attempt], ['failed', 'mail_refused', 1]);
  assert.match(String(run.problem_text), /550 said 550/);
  assert.equal((await messageOf(id)).state, 'failed');
  await mia.call('jobs.run.retry', { id: run_id });
  await first('dora@example.com');
});

story('what is cancelled waits no more, and is sent after all where one says so', async () => {
  const receipt = await sold();
  box.answers.push(451);
  const { id, run_id } = await email(receipt.id, 'finn@example.com');
  await until(async () => (await runOf(run_id)).problem_code === 'mail_put_off');
  await mia.call('jobs.run.cancel', { id: run_id });
  assert.equal((await messageOf(id)).state, 'cancelled');
  await mia.call('jobs.run.retry', { id: run_id });
  await first('finn@example.com');
  await until(async () => (await messageOf(id)).state === 'sent');
});

story(
  'what somebody sent who is switched off since has failed, and others are sent',
  async (world) => {
    const gone = await world.as('cashier', { store: 'HILL' });
    const receipt = await sold();
    box.answers.push(451);
    const wish = { id: receipt.id, to: 'gina@example.com' };
    const { id, run_id } = await gone.call<Queued>('pos.receipt.email', wish);
    const ofAny = async () =>
      (await world.behind('select * from jobs.run where id = $1', run_id))[0];
    await until(async () => (await ofAny())?.problem_code === 'mail_put_off');
    await world.behind('update identity.user set is_active = false where id = $1', gone.id);
    await world.behind('update jobs.run set run_at = now() where id = $1', run_id);
    worker.wake();
    await until(async () => (await messageOf(id)).state === 'failed');
    await email(receipt.id, 'hana@example.com');
    await first('hana@example.com');
  },
);

story(
  'whatever is said to a job by raw SQL, jobs go on, and no other’s e-mail moves',
  async (world) => {
    const owned = await world.as('manager', { store: 'HILL' });
    const receipt = await sold();
    box.answers.push(451);
    const other = await owned.call<Queued>('pos.receipt.email', {
      ...{ id: receipt.id, to: 'ivy@example.com' },
    });
    const enqueue = `select jobs_logic.enqueue('mail.message.send', $1, $2) as id`;
    const tomorrow = new Date(Date.now() + 86_400_000);
    const theirs = await mia.sql(enqueue, JSON.stringify({ id: other.id }), tomorrow);
    await mia.call('jobs.run.cancel', { id: theirs[0]?.id });
    const stateOf = async (id: string) =>
      (await world.behind('select state from mail.message where id = $1', id))[0]?.state;
    assert.equal(await stateOf(other.id), 'waiting');

    const [odd] = await mia.sql(enqueue, '{"id": "x"}', new Date());
    worker.wake();
    await until(async () => (await runOf(String(odd?.id))).ended_at);
    await email(receipt.id, 'jan@example.com');
    await first('jan@example.com');
  },
);

story('an address is one address, and no mailbox is flooded', async (world) => {
  const receipt = await sold();
  for (const wrong of [
    ...['ana', 'ana@', 'ana@example', 'a@example.com, b@example.com', 'Ana <ana@example.com>'],
    ...['ana@example.com\r\nBcc: b@example.com', `${'a'.repeat(250)}@example.com`, ''],
  ]) {
    await assert.rejects(email(receipt.id, wrong), (error: Error & { errors?: Row[] }) => {
      assert.equal(error.errors?.[0]?.field, 'to', wrong);
      return true;
    });
  }
  await world.behind(
    `insert into mail.message (table_name, row_id, recipient, language, queued_by)
     select 'pos.receipt', $1, 'eva@example.com', 'en', $2 from generate_series(1, 20)`,
    ...[receipt.id, mia.id],
  );
  await world.refused('mailed_often', () => email(receipt.id, 'eva@example.com'));
  assert.equal(to('eva@example.com').length, 0);

  // Nor with one receipt after the other, nor by many at once.
  await world.behind(
    `insert into mail.message (table_name, row_id, recipient, language, queued_by)
     select 'pos.receipt', uuidv7(), 'Fay@example.com', 'en', $1 from generate_series(1, 98)`,
    mia.id,
  );
  const other = await sold();
  const queued = await Promise.allSettled(
    Array.from({ length: 6 }, () => email(other.id, 'fay@example.com')),
  );
  assert.equal(queued.filter(({ status }) => status === 'fulfilled').length, 2);
  await world.refused('mailed_often_to', () => email(other.id, 'fay@example.com'));
});
