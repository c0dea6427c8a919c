import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { readArchive, writeArchive } from '../../../kernel/database/backup/archive.ts';
import { type Contents, openOwner, takeContents } from '../../../kernel/database/backup/walk.ts';
import { openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { copyProgram } from '../../../kernel/test/program_copy.ts';
import {
  clientOf,
  type Goods,
  openTill,
  ringUp,
  startServerProcess,
} from '../../../kernel/test/servers.ts';
import { finished, makePlace, PASSWORD } from './fixture.ts';

const place = makePlace('dump');
const file = join(place.folder, 'dump.tar.gz');
const into = (name: string) => join(place.folder, name);
let source: Contents;
let books: unknown;

before(async () => {
  await place.setUp('--demo');
  await place.hold();
  await writeFilesOf(place.home);
  const dumped = await place.kontor(['dump', '--to', file]);
  assert.equal(dumped.code, 0, dumped.err);
  assert.match(dumped.out, /^Wrote \d{4,} rows to .*dump\.tar\.gz/);
  source = await contentsOf(place.home);
  books = await trialBalance(place.home);
});
after(() => place.close());

test('a dump of the demo shop loads into an empty home: every row is there, and it sells', async () => {
  const home = into('loaded');
  const loaded = await place.kontor(['load', '--from', file, '--home', home]);
  assert.equal(loaded.code, 0, loaded.err);
  assert.match(loaded.out, /every rule holds/);
  assert.deepEqual(await contentsOf(home), source);
  assert.deepEqual(await trialBalance(home), books);
  assert.equal(readFileSync(join(home, 'files', 'a', 'receipt.txt'), 'utf8'), 'a file');
  assert.equal(readFileSync(join(home, 'secrets', 'kept'), 'utf8'), 'a secret');

  await staysPosted(home);

  const server = await startServerProcess({ KONTOR_HOME: home });
  const said = { login: 'owner', password: PASSWORD, bearer: true };
  const nobody = clientOf(() => server.url, 'x'.repeat(20));
  const { token } = await nobody.post<{ token: string }>('session', said);
  const owner = clientOf(() => server.url, token);
  const { rows } = await owner.get<{ rows: Goods[] }>('catalog/product?limit=20');
  const goods = rows.filter((p) => Number(p.unit_price) > 0);
  // The demo's shops charge tax: a product without one makes the sum simple.
  const bells = await Promise.all(
    goods.slice(0, 3).map(async (_, n) => {
      const given = { name: `Bell ${n}`, unit_price: `${5 + n}.00`, unit_cost: '2.00' };
      const { id } = await owner.post<{ id: string }>('catalog/product/create', given);
      return { id, unit_price: given.unit_price };
    }),
  );
  const at = await openTill(owner);
  assert.ok((await ringUp(owner, at, bells)).id);
  await server.stop();
});

test('a later version loads it, runs its own schema files after the rows, and a database elsewhere takes it', async () => {
  const program = copyProgram(place.folder, '0.99.0');
  const foreign = await openEmbedded(into('elsewhere'), { port: 0 });
  const admin = new pg.Client(foreign.admin());
  await admin.connect();
  await admin.query('create database shop');
  await admin.end();
  const { user, password, port } = foreign.admin();
  const url = `postgres://${user}:${encodeURIComponent(String(password))}@127.0.0.1:${port}/shop`;
  const later = (words: string[]) =>
    finished(
      spawn(process.execPath, [join(program, 'apps', 'cli', 'kontor.ts'), ...words], {
        env: { ...process.env, DATABASE_URL: url, KONTOR_HOME: into('later') },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
  const loaded = await later(['load', '--from', file, '--home', into('later')]);
  assert.equal(loaded.code, 0, loaded.err);
  const client = await openOwner(foreign.admin('shop'));
  const found = await takeContents(client);
  const columns = found.tables.find((t) => t.name === 'catalog.product')?.columns;
  assert.ok(columns?.includes('next_version'));
  const rows = (of: Contents) => of.tables.map(({ name, rows: n }) => [name, n]);
  assert.deepEqual(rows(found), rows(source));
  await client.end();

  // What it writes is too new for this version; and what is not empty takes nothing.
  const newer = into('newer.tar.gz');
  assert.equal((await later(['dump', '--to', newer])).code, 0);
  const again = await later(['load', '--from', newer, '--home', into('again')]);
  assert.match(again.err, /stands in this database already/);
  assert.ok(isEmpty(into('again')));
  const refused = await place.kontor(['load', '--from', newer, '--home', into('older')]);
  assert.match(refused.err, /was made by Kontor 0\.99\.0, and this is/);
  assert.ok(isEmpty(into('older')));
  await foreign.close();
});

test('a file that is damaged, cut off, changed or none of ours is refused, and nothing is left', async () => {
  const bytes = readFileSync(file);
  const flipped = Buffer.from(bytes);
  const middle = Math.floor(flipped.length / 2);
  flipped[middle] = (flipped[middle] ?? 0) ^ 0xff;
  const wrong: [string, Buffer | undefined, RegExp][] = [
    ['flipped', flipped, /is damaged/],
    ['cut', bytes.subarray(0, middle), /is damaged/],
    ['text', Buffer.from('no dump'), /is not a dump that Kontor made/],
    ['changed', await withOtherRow(), /is damaged|not the same on the other side/],
    ['absent', undefined, /is not there/],
  ];
  for (const [name, content, said] of wrong) {
    const path = into(`${name}.tar.gz`);
    if (content) writeFileSync(path, content);
    const { code, err } = await place.kontor(['load', '--from', path, '--home', into(name)]);
    assert.equal(code, 1, name);
    assert.match(err, said, name);
    assert.ok(isEmpty(into(name)), name);
  }
  const full = await place.kontor(['load', '--from', file, '--home', place.home]);
  assert.match(full.err, /There is something in/);
});

/** The dump with one letter of one row changed, as someone would who makes the archive anew. */
async function withOtherRow(): Promise<Buffer> {
  const path = into('other.tar.gz');
  const archive = writeArchive(path);
  await readArchive(file, async (entry, content) => {
    const parts: Buffer[] = [];
    for await (const part of content) parts.push(part);
    let whole = Buffer.concat(parts);
    if (entry.path === 'tables/master.company/000000') {
      whole = Buffer.from(whole.toString('utf8').replace('Hill', 'Mill'));
    }
    async function* once() {
      yield whole;
    }
    if (entry.kind === 'folder') await archive.folder(entry.path);
    else await archive.file(entry.path, whole.length, once());
  });
  await archive.end();
  return readFileSync(path);
}

async function writeFilesOf(home: string): Promise<void> {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(home, 'files', 'a'), { recursive: true });
  writeFileSync(join(home, 'files', 'a', 'receipt.txt'), 'a file');
  writeFileSync(join(home, 'secrets', 'kept'), 'a secret', { mode: 0o600 });
}

async function contentsOf(home: string): Promise<Contents> {
  const embedded = await openEmbedded(home);
  const client = await openOwner(embedded.admin('kontor'));
  try {
    return await takeContents(client);
  } finally {
    await client.end();
    await embedded.close();
  }
}

/** What was posted elsewhere takes no line here either. */
async function staysPosted(home: string): Promise<void> {
  const embedded = await openEmbedded(home);
  const client = await openOwner(embedded.admin('kontor'));
  try {
    const open = await client.query(`select from pos.receipt where made_in <> '0'`);
    assert.equal(open.rowCount, 0);
    const columns = source.tables.find((t) => t.name === 'pos.receipt_line')?.columns ?? [];
    const values = columns.map((c) => ({ id: 'uuidv7()', position: '400' })[c] ?? c);
    await assert.rejects(
      client.query(
        `insert into pos.receipt_line (${columns.join()})
         select ${values.join()} from pos.receipt_line limit 1`,
      ),
      (error: pg.DatabaseError) => error.code === 'KO001' || assert.fail(String(error)),
    );
  } finally {
    await client.end();
    await embedded.close();
  }
}

async function trialBalance(home: string): Promise<unknown> {
  const env = { KONTOR_HOME: home };
  const { out } = await place.kontor(['report', 'trial_balance', '--json'], { env });
  const { rows } = JSON.parse(out) as { rows: unknown[] };
  assert.ok(rows.length > 3);
  return rows;
}

const isEmpty = (folder: string): boolean =>
  !existsSync(folder) ||
  readdirSync(folder).every((name) => readdirSync(join(folder, name)).length === 0);
