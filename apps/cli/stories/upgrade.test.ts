import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Contents, openOwner, takeContents } from '../../../kernel/database/backup/walk.ts';
import { embeddedStatus, openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { finished, makePlace } from './fixture.ts';

const KILLS = 6;
const place = makePlace('upgrade');
const database = join(place.home, 'database');
let source: Contents;

before(async () => {
  await place.setUp();
  source = await contents();
});
after(() => place.close());

test('a new cluster takes the old one’s place with every row; one command goes back', async () => {
  const plain = await place.kontor(['upgrade']);
  assert.match(plain.err, /is of PostgreSQL 18 already/);
  const before = await identity();
  const upgraded = await place.kontor(['upgrade', '--again']);
  assert.equal(upgraded.code, 0, upgraded.err);
  assert.match(upgraded.out, /kept in .*data-before-18-/);
  assert.notEqual(await identity(), before);
  assert.deepEqual(await contents(), source);
  const doctor = await place.kontor(['doctor']);
  assert.equal(doctor.code, 0, doctor.out);
  assert.deepEqual(left('data-before-').length, 1);
  assert.ok(!existsSync(join(place.home, '.upgrading')));

  const back = await place.kontor(['upgrade', '--back']);
  assert.equal(back.code, 0, back.err);
  assert.match(back.out, /is back\. What was written since is in .*data-after-18-/);
  assert.equal(await identity(), before);
  assert.deepEqual(await contents(), source);
  assert.match((await place.kontor(['upgrade', '--back'])).err, /No earlier database/);
});

test('it is refused while somebody works, and where the disk is too small', async () => {
  const user = await openEmbedded(place.home);
  const busy = await place.kontor(['upgrade', '--again']);
  assert.match(busy.err, /works with the database in/);
  await user.close();
  const env = { KONTOR_ENV: 'test', KONTOR_TEST_FREE_BYTES: '510000000' };
  const small = await place.kontor(['upgrade', '--again'], { env });
  assert.match(small.err, /needs \d+ MB beside the old one, and 510 MB are free/);
});

test('killed at any moment, the home works with one of the two, whole', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const child = place.spawn(['upgrade', '--again']);
    const ended = finished(child);
    await wait(400 + kill * 900);
    child.kill('SIGKILL');
    await ended;
    assert.deepEqual(await contents(), source, `after kill ${kill}`);
    assert.ok(!existsSync(join(place.home, '.upgrading')));
  }
});

test('cancelled, it leaves the database that was', async () => {
  const before = await identity();
  const child = place.spawn(['upgrade', '--again']);
  const ended = finished(child);
  child.stderr?.on('data', (said) => {
    if (String(said).includes('copying')) child.kill('SIGINT');
  });
  const { code, err } = await ended;
  assert.equal(code, 1);
  assert.match(err, /Cancelled/);
  assert.equal(await identity(), before);
});

test('a switch that a crash cut in two is ended by whoever comes next', async () => {
  assert.equal((await place.kontor(['upgrade', '--again'])).code, 0);
  const [kept = ''] = left('data-before-');
  const data = join(database, 'data');
  const meant = { incoming: `database/${kept}`, kept: 'database/data-after-18-crash' };
  const write = () => writeFileSync(join(database, 'switching.json'), JSON.stringify(meant));
  const now = await identity();
  // Written down, nothing renamed yet.
  write();
  assert.notEqual(await identity(), now);
  assert.ok(!existsSync(join(database, 'switching.json')));
  // The first rename is done, the second isn't.
  renameSync(data, join(database, kept));
  write();
  assert.ok(embeddedStatus(place.home).initialised);
  assert.notEqual(await identity(), now);
  assert.deepEqual(await contents(), source);
});

const left = (prefix: string) => readdirSync(database).filter((name) => name.startsWith(prefix));

/** What tells one cluster from another. */
async function identity(): Promise<string> {
  const embedded = await openEmbedded(place.home);
  const client = await openOwner(embedded.admin('kontor'));
  const { rows } = await client.query(
    'select system_identifier::text as id from pg_control_system()',
  );
  await client.end();
  await embedded.close();
  return rows[0].id;
}

async function contents(): Promise<Contents> {
  const embedded = await openEmbedded(place.home);
  const client = await openOwner(embedded.admin('kontor'));
  try {
    return await takeContents(client);
  } finally {
    await client.end();
    await embedded.close();
  }
}
