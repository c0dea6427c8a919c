import '../sentences.ts';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import sharp from 'sharp';
import { type Person, story, theWorld, uuidv7 } from '#kernel/test';
import { makeServer } from '../http/server.ts';
import { storyWorker, until } from '../jobs/fixture/jobs.ts';
import { fillBothStores } from '../test/shop.ts';
import { collectFiles } from './collect.job.ts';

let app: FastifyInstance;
let home: string;
let party: string;
let owner: Person;
let mia: Person;
before(async () => {
  process.env.FILES_MOST_MB = '1';
  const world = await theWorld();
  home = mkdtempSync(join(tmpdir(), 'files-'));
  const log = pino({ level: 'error' });
  app = await makeServer({ db: world.db, home, log, version: '0' }, async () => {});
  owner = await world.as('administrator');
  mia = await world.as('cashier', { store: 'HILL' });
  party = (await owner.call<{ id: string }>('master.party.create', { first_name: 'Ann' })).id;
});
after(async () => {
  await app?.close();
  rmSync(home, { recursive: true, force: true });
});

type Answer = {
  status: number;
  body: Record<string, string>;
  headers: Record<string, unknown>;
  raw: Buffer;
};

async function ask(
  who: Person,
  method: 'GET' | 'POST',
  url: string,
  more: object = {},
): Promise<Answer> {
  const { headers = {}, payload } = more as { headers?: object; payload?: Buffer };
  const answer = await app.inject({
    ...{
      method,
      url: `/api/v1/${url}`,
      headers: { authorization: `Bearer ${who.token}`, ...headers },
    },
    ...(payload ? { payload } : {}),
  });
  const json = String(answer.headers['content-type']).includes('json');
  const body = json ? answer.json() : {};
  return { status: answer.statusCode, body, headers: answer.headers, raw: answer.rawPayload };
}

function upload(who: Person, name: string, bytes: Buffer | string, to = `master.party/${party}`) {
  const boundary = 'kontorkontor';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const payload = Buffer.concat([
    Buffer.from(head),
    Buffer.from(bytes),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return ask(who, 'POST', `files/${to}`, {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload,
  });
}

const stored = () => globSync('files/??/??/*', { cwd: home });
const png = () =>
  sharp({ create: { width: 600, height: 300, channels: 3, background: '#0d6e66' } })
    .png()
    .toBuffer();

story('a file comes back as it went up, in ranges too, and is stored once', async () => {
  const bytes = Buffer.from(`%PDF-1.7 ${randomBytes(500).toString('hex')}`);
  const up = await upload(owner, 'Ünder schrift.pdf', bytes);
  assert.equal(up.status, 200, JSON.stringify(up.body));
  const again = await upload(owner, 'copy.pdf', bytes);
  assert.equal(again.body.hash, up.body.hash);
  assert.equal(stored().length, 1);
  const { id, hash } = up.body;
  const down = await ask(owner, 'GET', `file/${id}`);
  assert.deepEqual(down.raw, bytes);
  assert.match(
    String(down.headers['content-disposition']),
    /^inline; .*UTF-8''%C3%9Cnder%20schrift.pdf$/,
  );
  assert.equal(down.headers['x-content-type-options'], 'nosniff');
  assert.match(String(down.headers['content-security-policy']), /sandbox/);
  const ranges: [string, number, Buffer | undefined][] = [
    ['bytes=0-8', 206, bytes.subarray(0, 9)],
    ['bytes=-5', 206, bytes.subarray(-5)],
    ['bytes=1000-', 206, bytes.subarray(1000)],
    ['bytes=5000-', 416, undefined],
    ['nonsense', 200, bytes],
  ];
  for (const [range, status, wanted] of ranges) {
    const part = await ask(owner, 'GET', `file/${id}`, { headers: { range } });
    assert.equal(part.status, status, range);
    if (wanted) assert.deepEqual(part.raw, wanted, range);
  }
  const same = await ask(owner, 'GET', `file/${id}`, { headers: { 'if-none-match': `"${hash}"` } });
  assert.deepEqual([same.status, same.raw.length], [304, 0]);
});

story('a picture has a small one; what only looks like one has none', async () => {
  const { body } = await upload(owner, 'sign.png', await png());
  const small = await ask(owner, 'GET', `file/${body.id}/thumbnail`);
  assert.equal(small.headers['content-type'], 'image/webp');
  const { width, height } = await sharp(small.raw).metadata();
  assert.deepEqual([width, height], [160, 80]);
  const broken = await upload(owner, 'broken.png', (await png()).subarray(0, 60));
  const none = await ask(owner, 'GET', `file/${broken.body.id}/thumbnail`);
  assert.deepEqual([none.status, none.body.code], [422, 'no_thumbnail']);
});

story(
  'what is too large, empty, or not what it says is refused, and leaves nothing',
  async ({ behind }) => {
    const count = async () => (await behind('select count(*)::int as n from files.content'))[0]?.n;
    const before = [await count(), stored().length];
    const bad: [string, Buffer | string, string][] = [
      ['large.txt', Buffer.alloc(1_000_001, 'a'), 'file_over_limit'],
      ['empty.txt', '', 'file_empty'],
      ['tool.exe', 'MZ\0\0', 'file_type_refused'],
      ['tool.txt', 'MZ and so on', 'file_type_refused'],
      ['picture.png', '<svg/>', 'file_type_refused'],
      ['page.txt', '%PDF-1.7', 'file_type_refused'],
      ['noending', 'text', 'file_type_refused'],
    ];
    for (const [name, bytes, code] of bad) {
      const { status, body } = await upload(owner, name, bytes);
      assert.deepEqual([status, body.code], [422, code], name);
    }
    const json = await ask(owner, 'POST', `files/master.party/${party}`, {
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from('{}'),
    });
    assert.equal(json.body.code, 'no_files');
    assert.deepEqual([await count(), stored().length], before);
    assert.deepEqual(globSync('files/drafts/*', { cwd: home }), []);
  },
);

story('a name keeps no path and no hidden mark; what could run is only downloaded', async () => {
  const names: [string, string][] = [
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['C:\\\\Users\\\\x\\\\a.txt', 'a.txt'],
    ['in\u202Egpj.txt', 'ingpj.txt'],
    ['..hidden.txt', 'hidden.txt'],
    [`${'n'.repeat(300)}.txt`, `${'n'.repeat(196)}.txt`],
  ];
  for (const [given, kept] of names) {
    const { body } = await upload(owner, given, 'some text');
    assert.equal(body.name, kept);
  }
  for (const name of ['a.svg', 'a.html']) {
    const { body } = await upload(owner, name, '<svg onload="alert(1)"/>');
    const down = await ask(owner, 'GET', `file/${body.id}`);
    assert.match(String(down.headers['content-disposition']), /^attachment/, name);
  }
});

story('who may read the record reads its files, who may change it changes them', async (world) => {
  const { behind } = world;
  await fillBothStores(world);
  const [there] =
    await behind(`select e.id from master.employee e join master.store s on s.id = e.store_id
                                 where s.code = 'VALLEY'`);
  const place = `master.employee/${there?.id}`;
  const { body: file } = await upload(owner, 'contract.txt', 'secret', place);
  const hill = await world.as('manager', { store: 'HILL' });
  const valley = await world.as('manager', { store: 'VALLEY' });
  assert.equal((await ask(valley, 'GET', `file/${file.id}`)).raw.toString(), 'secret');
  assert.equal((await ask(hill, 'GET', `file/${file.id}`)).status, 404);
  assert.deepEqual(
    await hill.list('files.attachment', { filter: [['id', '=', String(file.id)]] }),
    [],
  );
  assert.equal((await upload(hill, 'x.txt', 'x', place)).body.code, 'not_found');
  const { id } = file;
  await world.refused('not_found', () => hill.call('files.attachment.detach', { id }));
  // A cashier reads products and doesn't change them.
  const product = (
    await owner.call<{ id: string }>('catalog.product.create', { name: 'Bell', unit_price: '1.00' })
  ).id;
  const manual = (await upload(owner, 'manual.txt', 'Turn it.', `catalog.product/${product}`)).body;
  assert.equal((await ask(mia, 'GET', `file/${manual.id}`)).status, 200);
  assert.equal(
    (await upload(mia, 'x.txt', 'x', `catalog.product/${product}`)).body.code,
    'files_not_yours',
  );
  await world.refused('files_not_yours', () =>
    mia.call('files.attachment.detach', { id: manual.id }),
  );
  // A paper of what was posted stays: who may add such a document doesn't remove another's paper.
  const [receipt] = await behind(
    `select r.id from pos.receipt r join master.store s on s.id = r.store_id where s.code = 'HILL' limit 1`,
  );
  const paper = (await upload(owner, 'signed.txt', 'Signed.', `pos.receipt/${receipt?.id}`)).body;
  const cashier = await world.as('cashier', { store: 'HILL' });
  await world.refused('files_not_yours', () =>
    cashier.call('files.attachment.detach', { id: paper.id }),
  );
  for (const wrong of ['kernel.secret', 'no.table', 'files.content']) {
    assert.equal((await upload(owner, 'x.txt', 'x', `${wrong}/${uuidv7()}`)).status, 404, wrong);
  }
});

story('raw SQL can’t attach bytes that one never had, nor change a file', async (world) => {
  const { body } = await upload(owner, 'mine.txt', 'mine');
  const tries = [
    `insert into files.attachment (table_name, row_id, position, name, content_type, size, hash, attached_by)
     values ('master.party', '${party}', 99, 'x', 'text/plain', 1, '${body.hash}', '${mia.id}')`,
    `update files.attachment set name = 'x'`,
    'delete from files.attachment',
    'select hash from files.content',
    `select files_logic.received('${mia.id}', '${body.hash}', 1, 'x', 'y')`,
  ];
  for (const text of tries) await world.refusedBySql(mia, /permission denied/, text);
  const [held] = await world.behind(
    'select files_logic.received($1, $2, 4, $3, $4) as id',
    owner.id,
    body.hash,
    'mine.txt',
    'text/plain',
  );
  const said = { upload_id: held?.id, table_name: 'master.party', row_id: party };
  await world.refused('not_found', () => mia.call('files.attachment.attach', said));
  await owner.call('files.attachment.attach', said);
  await world.refused('not_found', () => owner.call('files.attachment.attach', said));
  await world.refusedBySql(mia, 'not_permitted', 'select files_logic.orphans(1)');
  await world.refusedBySql(mia, 'not_permitted', `select files_logic.drop_content(array['x'])`);
  await assert.rejects(() => world.behind(`update files.attachment set name = 'a/b'`), /check/);
});

story('a removed file comes back by undo; a month later its bytes go', async (world) => {
  const { behind, db } = world;
  const { body } = await upload(owner, 'old.txt', 'only here');
  const path = () =>
    join(
      home,
      'files',
      String(body.hash).slice(0, 2),
      String(body.hash).slice(2, 4),
      String(body.hash),
    );
  const { id } = body;
  await owner.call('files.attachment.detach', { id });
  await owner.call('files.attachment.restore', { id });
  assert.equal((await ask(owner, 'GET', `file/${id}`)).raw.toString(), 'only here');
  await owner.call('files.attachment.detach', { id });
  await behind(`update files.content set stored_at = now() - interval '40 days'`);
  const draft = join(home, 'files', 'drafts', 'left');
  writeFileSync(draft, 'x');
  utimesSync(draft, 1, 1);
  const collect = async () => {
    const worker = storyWorker({ ...db }, new Map([[collectFiles.name, collectFiles]]), home);
    const run = await owner.call<{ id: string }>('jobs.run.start', { job: collectFiles.name });
    await until(
      async () =>
        (await behind(`select from jobs.run where id = $1 and state = 'done'`, run.id)).length,
    );
    await worker.close();
  };
  const before = stored().length;
  await collect();
  assert.ok(existsSync(path()));
  assert.ok(!existsSync(draft));
  assert.equal(stored().length, before);
  await behind(
    `update files.attachment set detached_at = now() - interval '31 days' where id = $1`,
    id,
  );
  await collect();
  assert.ok(!existsSync(path()));
  assert.equal(stored().length, before - 1);
  assert.equal((await upload(owner, 'old.txt', 'only here')).status, 200);
  assert.ok(existsSync(path()));
});

story('who may use no files sees none and puts none, by SQL either', async (world) => {
  await world.behind(`insert into identity.role values ('poster', 'Poster')`);
  await world.behind(`insert into identity.role_permission
    values ('poster', 'master.see_party'), ('poster', 'master.manage_party')`);
  const poster = await world.as('poster');
  const { id } = (await upload(owner, 'deed.pdf', '%PDF-1.7 deed')).body;
  const seen = (who: Person) => who.sql('select id from files.attachment where id = $1', id);
  assert.equal((await seen(owner)).length, 1);
  assert.deepEqual(await seen(poster), []);
  assert.equal((await poster.sql('select id from master.party where id = $1', party)).length, 1);
  assert.equal((await ask(poster, 'GET', `file/${id}`)).status, 404);
  assert.equal((await upload(poster, 'deed.pdf', '%PDF-1.7 deed')).body.code, 'not_permitted');
  const which = JSON.stringify({ id });
  await world.refusedBySql(poster, 'not_permitted', 'select files_logic.detach($1)', which);
  await world.refusedBySql(poster, 'not_permitted', 'select files_logic.attach($1)', which);
});
