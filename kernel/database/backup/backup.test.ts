import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { secret } from '../../home.ts';
import { type Embedded, openEmbedded } from '../postgres/embedded.ts';
import { query, temporaryFolder, until } from '../postgres/fixture.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

const folder = temporaryFolder('backup');
const home = join(folder, 'home');
const file = join(folder, 'copy.tar.gz');
let server: Embedded;

before(async () => {
  server = await openEmbedded(home);
  secret(home, 'kept', () => 'a secret');
  mkdirSync(join(home, 'files', 'é'.repeat(40)), { recursive: true });
  writeFileSync(join(home, 'files', 'é'.repeat(40), 'a: b.txt'), 'attached');
  await query(server, 'create database shop', 'postgres');
  await query(
    server,
    `create table sale (id int primary key, note text);
     create table filler as select n as id, repeat(md5(n::text), 20) as text
       from generate_series(1, 20000) n;
     create index on filler (text);`,
    'shop',
  );
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('all that was acknowledged before the backup ended is in it', async () => {
  const writers = [write(0), write(1)];
  const churn = disturb();
  await until(() => writers.every((writer) => writer.acknowledged > 20));
  let acknowledged: number[] = [];
  const { bytes } = await backup(home, file, {
    progress: ({ done, total }) => {
      if (done === total) acknowledged = writers.map((writer) => writer.acknowledged);
    },
  });
  await Promise.all([...writers, churn].map((one) => one.stop()));
  assert.equal(statSync(file).size, bytes);
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder).sort(), ['copy.tar.gz', 'home']);

  const other = join(folder, 'other');
  const head = await restore(file, other);
  assert.equal(head.postgresql, server.version);
  assert.equal(readFileSync(join(other, 'secrets', 'kept'), 'utf8'), 'a secret');
  const attached = join(other, 'files', 'é'.repeat(40), 'a: b.txt');
  assert.equal(readFileSync(attached, 'utf8'), 'attached');
  const restored = await openEmbedded(other);
  try {
    for (const [writer, count] of acknowledged.entries()) {
      assert.ok(count > 20);
      const [row] = await query(
        restored,
        `select count(*)::int as count from sale
          where id % 2 = ${writer} and id / 2 < ${count}`,
        'shop',
      );
      assert.equal(row.count, count);
    }
    const [filler] = await query(restored, 'select count(*)::int as n from filler', 'shop');
    assert.equal(filler.n, 20000);
    const [left] = await query(
      restored,
      "select count(*)::int as n from pg_extension where extname = 'amcheck'",
      'shop',
    );
    assert.equal(left.n, 0);
    await query(restored, "insert into sale values (-1, 'goes on')", 'shop');
  } finally {
    await restored.close();
  }
});

test('the file is a plain archive that other tools open', () => {
  const names = execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).split('\n');
  assert.ok(names.includes('database/data/backup_label'));
  assert.ok(names.includes('database/data/PG_VERSION'));
  assert.ok(!names.some((name) => name.endsWith('postmaster.pid')));
});

test('a home that holds something is left alone', async () => {
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  writeFileSync(join(taken, 'note'), 'mine');
  await assert.rejects(restore(file, taken), { code: 'restore_home_not_empty' });
  await assert.rejects(restore(file, home), { code: 'restore_home_not_empty' });
  assert.deepEqual(readdirSync(taken), ['note']);
});

test('what is damaged, cut off, or no backup at all is refused, and nothing is left', async () => {
  const cases: [string, Buffer, string][] = [
    ['cut', readFileSync(file).subarray(0, 100_000), 'restore_damaged'],
    ['text', Buffer.from('not a backup'), 'restore_not_a_backup'],
    ['empty', Buffer.alloc(0), 'restore_not_a_backup'],
    ['other', gzipSync(Buffer.alloc(2048, 'x')), 'restore_not_a_backup'],
    ['flipped', flipped(), 'restore_damaged'],
  ];
  for (const [name, content, code] of cases) {
    const bad = join(folder, `${name}.tar.gz`);
    const target = join(folder, `from-${name}`);
    writeFileSync(bad, content);
    await assert.rejects(restore(bad, target), { code }, name);
    assert.ok(!existsSync(join(target, 'database')), name);
    assert.ok(!existsSync(join(target, '.restoring')), name);
  }
  await assert.rejects(restore(join(folder, 'nowhere'), join(folder, 'x')), {
    code: 'restore_no_file',
  });
});

test('a place that a backup can not be written to is named', async () => {
  const wrong = [join(folder, 'missing', 'b'), folder, join(home, 'database', 'b')];
  for (const target of wrong) {
    await assert.rejects(backup(home, target), { code: 'backup_bad_target' });
  }
  await assert.rejects(backup(join(folder, 'none'), file), { code: 'backup_nothing_there' });
});

// A byte of a table changed, in an archive that is otherwise whole.
function flipped(): Buffer {
  const plain = gunzipSync(readFileSync(file));
  const at = plain.indexOf('database/data/base/');
  const byte = at + 512 + 100;
  plain[byte] = (plain[byte] ?? 0) ^ 1;
  return gzipSync(plain, { level: 1 });
}

function write(odd: number) {
  const writer = { acknowledged: 0, stop };
  let going = true;
  const done = (async () => {
    const client = new pg.Client(server.admin('shop'));
    await client.connect();
    while (going) {
      const id = writer.acknowledged * 2 + odd;
      await client.query('insert into sale values ($1, $2)', [id, 'x'.repeat(200)]);
      writer.acknowledged += 1;
    }
    await client.end();
  })();
  async function stop() {
    going = false;
    await done;
  }
  return writer;
}

// Tables that come and go, and checkpoints that would recycle the write-ahead log.
function disturb() {
  let going = true;
  const done = (async () => {
    while (going) {
      await query(server, 'create table passing as select generate_series(1, 5000) as n', 'shop');
      await query(server, 'drop table passing', 'shop');
      await query(server, 'select pg_switch_wal()', 'shop');
      await query(server, 'checkpoint', 'shop');
    }
  })();
  return {
    async stop() {
      going = false;
      await done;
    },
  };
}
