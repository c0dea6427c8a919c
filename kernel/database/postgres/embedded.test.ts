import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Embedded, embeddedStatus, openEmbedded } from './embedded.ts';
import { query, temporaryFolder, until } from './fixture.ts';

const folder = temporaryFolder('embedded');
const home = join(folder, 'home');

after(() => rmSync(folder, { recursive: true, force: true }));

// A process of its own that opens the server, says so, and closes it when told to.
const APP = `
  import { openEmbedded } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
  try {
    const server = await openEmbedded(process.argv[1]);
    console.log('open');
    process.stdin.on('data', async () => { await server.close(); process.exit(0); });
  } catch (error) {
    console.log(error.code, error.message);
    process.exit(1);
  }
`;

type App = { child: ChildProcess; said(): string; opened(): Promise<void>; close(): Promise<void> };

function app(at: string, env: Record<string, string> = {}, uid?: number): App {
  const args = ['--input-type=module-typescript', '-e', APP, at];
  const who = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...who,
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return {
    child,
    said: () => text,
    opened: () => until(() => text.includes('open')),
    async close() {
      child.stdin.write('close\n');
      await once(child, 'exit');
    },
  };
}

async function ended(one: App): Promise<string> {
  if (one.child.exitCode === null) await once(one.child, 'close');
  return one.said();
}

async function untilQuery(server: Embedded, sql: string) {
  for (const start = Date.now(); ; ) {
    try {
      return await query(server, sql);
    } catch (error) {
      if (Date.now() - start > 30_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test('the first start makes a database that is safe and private', async () => {
  const server = await openEmbedded(home);
  const [row] = await query(
    server,
    `select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
            current_setting('listen_addresses') as addresses, current_setting('jit') as jit,
            current_setting('log_parameter_max_length') as parameters,
            current_setting('server_version') as version, datlocale as locale
       from pg_database where datname = 'postgres'`,
  );
  const { version } = server;
  assert.deepEqual(row, {
    fsync: 'on',
    checksums: 'on',
    addresses: '',
    jit: 'off',
    parameters: '0',
    version,
    locale: 'C.UTF-8',
  });
  const { password: _password, ...without } = server.admin();
  await assert.rejects(query({ admin: () => ({ ...without, password: 'wrong' }) }, 'select 1'));
  const socket = String(server.admin().host);
  if (process.platform !== 'win32') {
    assert.equal(statSync(socket).mode & 0o777, 0o700);
    assert.equal(statSync(join(home, 'secrets', 'database_admin')).mode & 0o777, 0o600);
  }
  await server.close();
  await server.close();
  const { running, users, majorVersion } = embeddedStatus(home);
  assert.deepEqual(
    { running, users, majorVersion },
    { running: false, users: [], majorVersion: '18' },
  );
});

test('several share it, and the last one out stops it', async () => {
  const mine = await openEmbedded(home);
  const again = await openEmbedded(home);
  const other = app(home);
  await other.opened();
  assert.equal(embeddedStatus(home).users.length, 3);
  const { pid } = embeddedStatus(home);
  await mine.close();
  await again.close();
  assert.equal(embeddedStatus(home).pid, pid);
  await other.close();
  assert.equal(embeddedStatus(home).running, false);
});

test('one left behind by kill -9 is adopted, and stopped by who adopted it', async () => {
  const first = app(home);
  await first.opened();
  const { pid } = embeddedStatus(home);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  assert.deepEqual(embeddedStatus(home).users, []);
  assert.equal(embeddedStatus(home).pid, pid);
  const second = await openEmbedded(home);
  assert.equal(embeddedStatus(home).pid, pid);
  await second.close();
  assert.equal(embeddedStatus(home).running, false);
});

test('a server killed while in use is started again with all that was committed', async () => {
  const server = await openEmbedded(home);
  const other = app(home);
  await other.opened();
  await query(server, 'create table if not exists kept as select generate_series(1, 1000) as n');
  for (let round = 1; round <= 3; round++) {
    const { pid } = embeddedStatus(home);
    process.kill(pid!, 'SIGKILL');
    await until(() => embeddedStatus(home).pid !== pid && embeddedStatus(home).running);
    const [row] = await untilQuery(server, 'select count(*)::int as n from kept');
    assert.equal(row.n, 1000);
  }
  await other.close();
  await server.close();
});

test('a server killed while nobody uses it is started again, whatever its number now is', async () => {
  const first = app(home);
  await first.opened();
  const pid = embeddedStatus(home).pid!;
  process.kill(first.child.pid!, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  await until(() => !embeddedStatus(home).pid);
  const file = join(home, 'database', 'data', 'postmaster.pid');
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [process.pid, ...rest].join('\n'));
  const server = await openEmbedded(home);
  assert.equal((await query(server, 'select 1 as one'))[0].one, 1);
  await server.close();
});

test('two first starts at once make one database', async () => {
  const fresh = join(folder, 'fresh');
  const both = [app(fresh), app(fresh)];
  await Promise.all(both.map((one) => one.opened()));
  assert.equal(embeddedStatus(fresh).users.length, 2);
  await Promise.all(both.map((one) => one.close()));
  assert.equal(embeddedStatus(fresh).running, false);
});

test('Ctrl-C at any moment of the first start leaves nothing half made', async () => {
  for (const [round, delay] of [200, 350, 500, 700, 1000].entries()) {
    const at = join(folder, `stopped-${round}`);
    const one = app(at);
    await new Promise((resolve) => setTimeout(resolve, delay));
    one.child.kill('SIGINT');
    await ended(one);
    const database = join(at, 'database');
    await until(() => embeddedStatus(at).pid === undefined);
    const left = existsSync(database) ? readdirSync(database) : [];
    assert.deepEqual(
      left.filter((name) => name.startsWith('making-')),
      [],
    );
    const server = await openEmbedded(at);
    assert.equal((await query(server, 'select 1 as one'))[0].one, 1);
    await server.close();
    rmSync(at, { recursive: true });
  }
});

test('kill -9 in the first start leaves nothing half made either', async () => {
  for (const [round, delay] of [350, 700].entries()) {
    const at = join(folder, `killed-${round}`);
    const one = app(at);
    await new Promise((resolve) => setTimeout(resolve, delay));
    one.child.kill('SIGKILL');
    await ended(one);
    const server = await openEmbedded(at);
    assert.equal((await query(server, 'select 1 as one'))[0].one, 1);
    await server.close();
  }
});

test('a process that just ends leaves as if it had closed', async () => {
  const one = app(home);
  await one.opened();
  one.child.kill('SIGTERM');
  await ended(one);
  await until(() => !embeddedStatus(home).pid);
});

test('a second cluster on a port serves as the foreign database', async () => {
  const mine = await openEmbedded(home);
  const foreign = await openEmbedded(join(folder, 'foreign'), { port: 0 });
  const { host, port } = foreign.admin();
  assert.equal(host, '127.0.0.1');
  assert.ok(port && port > 1023);
  const [row] = await query(foreign, 'select inet_server_port() as port');
  assert.equal(row.port, port);
  const { pid } = embeddedStatus(join(folder, 'foreign'));
  process.kill(pid!, 'SIGKILL');
  await untilQuery(foreign, 'select 1');
  assert.equal(foreign.admin().port, port);
  await foreign.close();
  await mine.close();
});

test('a home with a long path works', async () => {
  const long = join(folder, 'a'.repeat(60), 'b'.repeat(60));
  const server = await openEmbedded(long);
  assert.equal((await query(server, 'select 1 as one'))[0].one, 1);
  await server.close();
  rmSync(String(server.admin().host), { recursive: true, force: true });
});

test('little disk left is said, and nothing is made', async () => {
  const at = join(folder, 'full');
  const env = { KONTOR_ENV: 'test', KONTOR_TEST_FREE_BYTES: '400000000' };
  const said = await ended(app(at, env));
  assert.match(said, /^little_disk_left Only 400 MB of disk are free at .*500 MB/);
  assert.ok(!existsSync(join(at, 'database', 'data')));
});

test('a home that can not be written to is said', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to become another user');
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o755 });
  const said = await ended(app(closed, { HOME: '/nonexistent' }, 65534));
  assert.match(said, /^home_not_writable Kontor keeps its data in .*closed.*KONTOR_HOME/);
  writeFileSync(join(folder, 'file'), '');
  assert.match(await ended(app(join(folder, 'file'))), /^home_not_a_folder/);
});

test('a password that is lost is asked for, not made anew', async () => {
  const secrets = join(home, 'secrets');
  const kept = join(secrets, 'kept_aside');
  renameSync(join(secrets, 'database_admin'), kept);
  await assert.rejects(openEmbedded(home), { code: 'database_password_lost' });
  assert.equal(embeddedStatus(home).running, false);
  assert.ok(!existsSync(join(secrets, 'database_admin')));
  renameSync(kept, join(secrets, 'database_admin'));
  await (await openEmbedded(home)).close();
});

test('a data folder of another major version is refused', async () => {
  const at = join(folder, 'older');
  mkdirSync(join(at, 'database', 'data'), { recursive: true });
  writeFileSync(join(at, 'database', 'data', 'PG_VERSION'), '15\n');
  await assert.rejects(openEmbedded(at), { code: 'database_of_other_version' });
});
