import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { openEmbedded } from '../../kernel/database/postgres/embedded.ts';
import { temporaryFolder } from '../../kernel/database/postgres/fixture.ts';
import { DRAIN_SECONDS, rollOver } from '../../kernel/test/rolling.ts';
import { clientOf, ringUp, startServerProcess } from '../../kernel/test/servers.ts';
import { MADE_ROOM } from './make_room.ts';

const folder = temporaryFolder('rolling');
const closers: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

test('the next version is deployed while this one sells: no call fails, and it makes room', async (t) => {
  const embedded = await openEmbedded(join(folder, 'database'), { port: 0 });
  closers.push(() => embedded.close());
  const admin = new pg.Client(embedded.admin());
  await admin.connect();
  await admin.query('create database shop');
  await admin.end();
  const { user, password, port } = embedded.admin();
  const url = `postgres://${user}:${encodeURIComponent(String(password))}@127.0.0.1:${port}/shop`;

  const rolled = await rollOver(url, folder, '0.99.0');
  closers.push(() => rolled.next.stop());
  const ms = (value: number) => `${Math.round(value)} ms`;
  t.diagnostic(
    `${rolled.calls} calls, the longest pause ${ms(rolled.longest_ms)} (before the deploy ${ms(rolled.longest_before_ms)})`,
  );
  assert.deepEqual(rolled.failed, []);
  assert.deepEqual(
    rolled.left.map((l) => l.code),
    [MADE_ROOM, MADE_ROOM],
  );
  const [one = 0, other = 0] = rolled.left.map((l) => l.at);
  // The first gives its turn on a moment before its process has ended.
  assert.ok(Math.abs(one - other) >= DRAIN_SECONDS * 500, 'they take turns to leave');
  // How long it may be at most is the bench's to say; here others may want the processors.
  assert.ok(rolled.longest_ms < 60_000);

  // The older program starts again, on the newer logic: it sells, deploys nothing, and stays.
  const stood = await deployedIn(url);
  assert.equal(stood.version, '0.99.0');
  const older = await startServerProcess({
    DATABASE_URL: url,
    KONTOR_HOME: join(folder, 'first'),
    KONTOR_SUPERVISED: '1',
    DRAIN_SECONDS: '0',
  });
  closers.push(() => older.stop());
  const there = clientOf(() => older.url, rolled.client.token);
  await ringUp(there, rolled.at, rolled.goods);
  await ringUp(rolled.client, rolled.at, rolled.goods);
  await there.get('catalog/product');
  assert.deepEqual(await deployedIn(url), stood);
  assert.equal(older.child.exitCode, null);
});

async function deployedIn(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('select kernel_logic.deployed() as deployed');
  await client.end();
  return rows[0].deployed as { version: string };
}
