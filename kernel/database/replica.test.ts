import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { checkReplica } from '../../apps/cli/commands/doctor_replica.ts';
import { setUp, startSession } from '../identity/door.ts';
import { settings } from '../settings.ts';
import { makeReplica } from '../test/replica.ts';
import { eventually } from '../test/servers.ts';
import { type Database, openDatabase } from './connect.ts';
import { openEmbedded } from './postgres/embedded.ts';
import { temporaryFolder } from './postgres/fixture.ts';
import { runReport } from './reading/reports.ts';
import { readReplica } from './replica.ts';

const folder = temporaryFolder('replica');
const closers: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

test('reports run on the replica, on the primary while it is away, and on it again', async () => {
  const home = join(folder, 'primary');
  const embedded = await openEmbedded(home, { port: 0 });
  closers.push(() => embedded.close());
  const admin = embedded.admin('kontor');
  const maker = new pg.Client(embedded.admin());
  await maker.connect();
  await maker.query('create database kontor');
  await maker.end();
  const databaseUrl = urlOf(admin);
  const plain = await openDatabase(settings({ home, databaseUrl }, {}));
  const made = await setUp(plain, {
    company: 'Hill Bikes',
    country: 'US',
    currency: 'USD',
    profile: 'retail',
    store: 'Hill',
    time_zone: 'America/New_York',
    username: 'owner',
    password: `B3nch!${randomBytes(9).toString('base64url')}`,
  });
  await plain.close();

  const replica = await makeReplica(home, admin, folder);
  closers.push(() => replica.kill());
  const databaseReadUrl = urlOf({ ...admin, port: replica.port });
  const db = await openDatabase(settings({ home, databaseUrl, databaseReadUrl }, {}));
  closers.push(() => db.close());
  const person = { kind: 'shell' as const };
  const token = await startSession(db, made.user_id, person);

  // It isn't started yet: the primary answers.
  assert.equal((await trialBalance(db, token)).length, 0);
  assert.equal(await inRecovery(db), false);

  await replica.start();
  await eventually('reports run on the replica', () => inRecovery(db));
  assert.deepEqual(await trialBalance(db, token), []);
  // The signature of an actor holds there: it is bound to the backend and to now().
  const seen = await db.read.run(async (client) => {
    await client.query('begin read only');
    await client.query('select kernel_logic.set_actor($1)', [token]);
    const { rows } = await client.query(
      'select pg_is_in_recovery() as copy, kernel_logic.actor() as actor',
    );
    await client.query('commit');
    return rows[0];
  });
  assert.deepEqual(seen, { copy: true, actor: made.user_id });
  const forged = await db.read.run(async (client) => {
    await client.query('begin read only');
    await client.query(`select set_config('kontor.actor', $1, true)`, [`${made.user_id}|||00`]);
    const { rows } = await client.query('select kernel_logic.actor() as actor');
    await client.query('commit');
    return rows[0];
  });
  assert.deepEqual(forged, { actor: null });
  // A session of this moment may not be there yet: the primary knows it.
  for (let n = 0; n < 10; n++) {
    await trialBalance(db, await startSession(db, made.user_id, person));
  }

  assert.match(await checkReplica(admin, databaseReadUrl), /copies this database/);
  const other = urlOf(admin).replace(/kontor$/, 'postgres');
  assert.match(await checkReplica(admin, other), /is the primary itself/);

  // Killed while reports run: none of them fails.
  let failed: unknown;
  let reported = 0;
  let going = true;
  const reporting = (async () => {
    while (going) {
      await trialBalance(db, token).then(
        () => {
          reported += 1;
        },
        (error) => {
          failed ??= error;
        },
      );
    }
  })();
  await eventually('reports run', () => reported > 20);
  await replica.kill();
  await assert.rejects(checkReplica(admin, databaseReadUrl), /ECONNREFUSED/);
  const before = reported;
  await eventually('reports go on', () => reported > before + 20);
  going = false;
  await reporting;
  assert.equal(failed, undefined);
  assert.equal(await inRecovery(db), false);

  await replica.start();
  await eventually('the replica is used again', () => inRecovery(db));

  // One that is late is left alone until it has caught up.
  const copy = pool(closers, { ...admin, host: '127.0.0.1', port: replica.port });
  const late = readReplica(pool(closers, admin), copy, 1500);
  closers.push(() => late.end());
  await eventually('it is in time', () => late.onReplica());
  await copy.query('select pg_wal_replay_pause()');
  await startSession(db, made.user_id, person);
  await eventually('it is late', () => !late.onReplica());
  await copy.query('select pg_wal_replay_resume()');
  await eventually('it has caught up', () => late.onReplica());
});

function pool(of: (() => Promise<unknown>)[], where: pg.ClientConfig): pg.Pool {
  const made = new pg.Pool({ ...where, max: 2 });
  made.on('error', () => {});
  made.on('connect', (client) => client.on('error', () => {}));
  of.push(async () => made.ended || made.end());
  return made;
}

async function trialBalance(db: Database, token: string) {
  return (await runReport(db, token, 'trial_balance', {})).rows;
}

function inRecovery(db: Database): Promise<boolean> {
  return db.read.run(async (client) => {
    const { rows } = await client.query('select pg_is_in_recovery() as copy');
    return rows[0].copy as boolean;
  });
}

function urlOf({ host, port, user, password, database }: pg.ClientConfig): string {
  return `postgres://${user}:${encodeURIComponent(String(password))}@${host}:${port}/${database}`;
}
