import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { makePlace, PASSWORD } from './fixture.ts';

const place = makePlace('cli');
const { folder, kontor } = place;
const INIT = [
  'init',
  '--company',
  'Hill Bikes',
  '--admin',
  'owner',
  '--password-file',
  'password.txt',
];

const good = async (...words: string[]): Promise<string> => {
  const said = await kontor(words);
  assert.equal(said.code, 0, `kontor ${words.join(' ')}: ${said.err}`);
  return said.out;
};
const rowsOf = async (...words: string[]) => JSON.parse(await good(...words, '--json')).rows;

before(async () => {
  const early = await kontor(['list', 'master.store']);
  assert.equal(early.code, 1);
  assert.match(early.err, /There is no Kontor in .*kontor init/);
  await good(...INIT, '--time-zone', 'America/New_York');
  await place.hold();
});
after(() => place.close());

test('a second init says so and changes nothing', async () => {
  const again = await kontor([...INIT, '--company', 'Another']);
  assert.equal(again.code, 1);
  assert.match(again.err, /set up already, for Hill Bikes\. Nothing was changed/);
  assert.deepEqual(
    (await rowsOf('list', 'master.store')).map((s: { name: string }) => s.name),
    ['Hill Bikes'],
  );
});

test('a wrong call ends with 2, a problem with 1, and neither shows a stack', async () => {
  const cases: [number, string[]][] = [
    [2, ['nope']],
    [2, ['list']],
    [2, ['list', 'master.store', '--nope']],
    [2, ['list', 'master.store', '--filter', 'code']],
    [2, ['list', 'master.store', '--limit', 'many']],
    [2, ['export', 'master.store']],
    [2, ['export', 'master.store', '--to', 'stores.pdf']],
    [2, ['user']],
    [2, ['pos', 'till', 'nope']],
    [2, ['report', 'trial_balance', '--nope', 'x']],
    [2, ['init']],
    [2, ['init', '--profile', 'circus']],
    [2, ['start', '--port', '99999']],
    [1, ['report', 'nope']],
    [1, ['report', 'trial_balance', '--to', 'yesterday']],
    [1, ['list', 'master.store', '--filter', 'nope = 1']],
    [1, ['pos', 'till', 'claim', '--till-id', 'x']],
    [1, ['user', 'switch', '--username', 'nobody', '--off']],
    [
      1,
      [
        'login',
        '--url',
        'http://shop.example',
        '--username',
        'x',
        '--password-file',
        'password.txt',
      ],
    ],
  ];
  for (const [code, words] of cases) {
    const said = await kontor(words);
    assert.equal(said.code, code, `kontor ${words.join(' ')}: ${said.err}`);
    assert.ok(said.err.trim(), words.join(' '));
    assert.doesNotMatch(said.err, /^\s+at /m);
    assert.equal(said.out, '');
  }
});

test('an operation takes options, a file or standard input, and answers JSON', async () => {
  const make = ['master', 'party', 'create'];
  const mia = JSON.parse(await good(...make, '--first-name', 'Mia', '--last-name', 'Hill'));
  writeFileSync(join(folder, 'new.json'), '{"first_name": "Ben", "last_name": "Dale"}');
  await good(...make, '--file', 'new.json', '--note', 'came by');
  const piped = await kontor([...make, '-'], { input: '{"last_name": "Vale"}' });
  assert.equal(piped.code, 0, piped.err);
  const wrong = await kontor([...make, '--nope', 'x']);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /nope: There is no field nope/);

  const change = ['master', 'party', 'change', '--id', mia.id];
  await good(...change, '--version', '1', '--is-customer', 'false');
  await good(...change, '--version', '1', '--note', 'another field');
  const stale = await kontor([...change, '--version', '2', '--note', 'late']);
  assert.equal(stale.code, 1);
  assert.match(stale.err, /Somebody else changed this/);
  const found = await rowsOf('list', 'master.party', '--search', 'hill');
  assert.deepEqual(
    found.map((p: { is_customer: boolean }) => p.is_customer),
    [false],
  );
});

test('lists take paths, groups and saved views; many rows change by one command', async () => {
  const make = ['catalog', 'product', 'create', '--unit-price'];
  for (const n of [1, 2, 3])
    await good(...make, `${n}0`, '--name', `Chain ${n}`, '--kind', 'service');
  const chains = ['list', 'catalog.product', '--filter', 'name starts chain'];
  const dear = await rowsOf(...chains, '--filter', 'unit_price between 15, 30', '--sort', '-name');
  assert.deepEqual(
    dear.map((r: { name: string }) => r.name),
    ['Chain 3', 'Chain 2'],
  );
  const [group] = await rowsOf(...chains, '--group', 'kind', '--total', 'sum:unit_price');
  assert.deepEqual([group.count, group['sum:unit_price']], [3, '60.00']);
  assert.match(await good(...chains, '--columns', 'name,tax_id.name'), /tax_id\.name/);

  const spec = JSON.stringify({ filter: [['name', 'starts', 'chain']] });
  const view = ['kernel', 'saved-view', 'save', '--table-name', 'catalog.product'];
  await good(...view, '--name', 'Chains', '--spec', spec);
  assert.equal((await rowsOf('list', 'catalog.product', '--view', 'Chains')).length, 3);

  const filter = JSON.stringify([['name', 'starts', 'chain']]);
  const many = ['catalog', 'product', 'change-many', '--filter', filter];
  const set = ['--set', '{"model_year": 2026}'];
  const looked = JSON.parse(await good(...many, ...set, '--preview'));
  assert.deepEqual([looked.count, looked.refused], [3, []]);
  const done = JSON.parse(await good(...many, ...set));
  const year = ['--filter', 'model_year = 2026'];
  assert.equal((await rowsOf(...chains, ...year)).length, 3);
  await good('catalog', 'product', 'undo-many', '--request', done.request);
  assert.equal((await rowsOf(...chains, ...year)).length, 0);
});

test('the same idempotency key makes one thing', async () => {
  const words = ['master', 'party', 'create', '--last-name', 'Once', '--idempotency-key', 'once-1'];
  assert.equal(await good(...words), await good(...words));
  const found = await rowsOf('list', 'master.party', '--filter', 'last_name = Once');
  assert.equal(found.length, 1);
});

test('what the shell does stands in the trail under its own user', async () => {
  await good('master', 'party', 'create', '--last-name', 'Trail');
  const [made] = await rowsOf('list', 'audit.request', '--sort', '-made_at', '--limit', '1');
  assert.equal(made.operation, 'master.party.create');
  assert.equal(made.address, 'shell');
  const [user] = await rowsOf('list', 'identity.user', '--filter', `id = ${made.actor_id}`);
  assert.match(user.username, /^shell:\S+$/);
  const sessions = await rowsOf('list', 'identity.session', '--all', '--filter', 'kind = shell');
  const open = sessions.filter((s: { ended_at: string | null }) => s.ended_at === null);
  assert.equal(open.length, 1, 'only the one that asks is open');
});

test('an administrator makes people, and takes rights from them again', async () => {
  const mia = ['--username', 'mia'];
  const add = ['user', 'add', ...mia, '--role', 'cashier', '--password-file'];
  await good(...add, 'password.txt', '--store', 'MAIN');
  assert.match((await kontor([...add, 'password.txt'])).err, /mia is there already/);
  assert.match(
    (await kontor([...add, 'nope.txt'])).err,
    /nope\.txt can’t be read \(it isn’t there\)/,
  );
  writeFileSync(join(folder, 'weak.txt'), 'secret');
  const weak = await kontor(['user', 'password', ...mia, '--password-file', 'weak.txt']);
  assert.equal(weak.code, 1);
  assert.match(weak.err, /at least 8 characters/);
  await good('user', 'password', ...mia, '--password-file', 'password.txt');
  const role = ['user', 'role', ...mia, '--role', 'manager', '--store', 'MAIN'];
  await good(...role);
  await good(...role, '--remove');
  await good('user', 'switch', ...mia, '--off');
  const users = await rowsOf('list', 'identity.user', '--filter', 'username = mia');
  assert.deepEqual([users[0].is_active, users[0].must_change_password], [false, true]);
  const last = await kontor([
    'user',
    'role',
    '--username',
    'owner',
    '--role',
    'administrator',
    '--remove',
  ]);
  assert.equal(last.code, 1);
  assert.match(last.err, /Somebody must stay administrator/);
});

test('export writes heads of column names, or JSON, whole or not at all', async () => {
  await good('export', 'master.store', '--to', 'stores.csv');
  const [head, first] = readFileSync(join(folder, 'stores.csv'), 'utf8')
    .replace('\uFEFF', '')
    .split(/\r?\n/);
  assert.match(head ?? '', /^id,company_id,registration_id,code,name,/);
  assert.match(first ?? '', /,MAIN,Hill Bikes,/);
  await good('export', 'master.store', '--to', 'stores.json', '--filter', 'code = MAIN');
  const { rows } = JSON.parse(readFileSync(join(folder, 'stores.json'), 'utf8'));
  assert.equal(rows[0].time_zone, 'America/New_York');
  const text = async (...words: string[]) =>
    (await good('export', 'master.store', '--to', '-', ...words)).trim().split(/\r?\n/);
  const own = ['code', 'company_id.name'];
  assert.deepEqual(await text('--columns', own.join()), [own.join(), 'MAIN,Hill Bikes']);
  const [heads, group] = await text('--group', 'company_id', '--total', 'sum:version');
  assert.equal(heads, 'company_id,company_id_label,count,sum:version');
  assert.match(group ?? '', /,Hill Bikes,1,\d+$/);
  const spec = JSON.stringify({ columns: own, filter: [['code', '=', 'NONE']] });
  const view = ['--table-name', 'master.store', '--name', 'None', '--spec', spec];
  await good('kernel', 'saved-view', 'save', ...view);
  assert.equal((await text('--view', 'None')).length, 1);
  await good('export', 'master.store', '--to', 'stores.xlsx', '--columns', 'code,company_id');
  const book = await readXlsx(readFileSync(join(folder, 'stores.xlsx')));
  assert.deepEqual(book.sheets[0]?.rows, [
    ['Code', 'Company'],
    ['MAIN', 'Hill Bikes'],
  ]);
  await good('export', 'trial_balance', '--to', 'balance.xlsx', '--parameter', 'to=2026-12-31');
  const balance = await readXlsx(readFileSync(join(folder, 'balance.xlsx')));
  assert.equal(balance.sheets[0]?.name, 'Trial balance');
  assert.ok(balance.sheets[0]?.rows[0]?.includes('Debit'));
  const wrong = await kontor(['export', 'trial_balance', '--to', 'b.csv', '--parameter', 'to']);
  assert.equal(wrong.code, 2);
  const nowhere = await kontor(['export', 'master.store', '--to', 'nope/stores.csv']);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /nope\/stores\.csv can’t be written/);
});

test('an import is taken back by its id, and says what stands in the way', async () => {
  writeFileSync(join(folder, 'makers.csv'), 'brand_id,brand_name\nm1,Aster\nm2,Birch\n');
  const { id } = JSON.parse(await good('import', 'makers.csv', '--json'));
  assert.match(await good('import', '--undo', id, '--dry-run'), /It can be undone: 2 rows removed/);
  writeFileSync(join(folder, 'makers.csv'), 'brand_id,brand_name\nm1,Aster\nm2,Beech\n');
  const later = /--undo ([0-9a-f-]{36})/.exec(await good('import', 'makers.csv'))?.[1] ?? '';
  const refused = await kontor(['import', '--undo', id]);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /catalog\.brand +Beech +changed/);
  assert.match(refused.err, /Nothing was changed/);
  assert.match(await good('import', '--undo', later), /Undone: .*1 put back/);
  const states = await rowsOf('list', 'kernel.import_batch', '--sort', 'imported_at');
  assert.deepEqual(
    states.map(({ name, state }: Record<string, string>) => [name, state]),
    [
      ['makers.csv', 'done'],
      ['makers.csv', 'undone'],
    ],
  );
  assert.equal((await kontor(['import', 'makers.csv', '--undo', id])).code, 2);
  assert.equal((await kontor(['import'])).code, 2);
});

test('an import names the columns that nothing is made of', async () => {
  writeFileSync(join(folder, 'brands.csv'), 'brand_id,brand_name,colour\n1,Heron,red\n');
  const said = await kontor(['import', 'brands.csv', '--dry-run']);
  assert.equal(said.code, 0, said.err);
  assert.match(said.err, /brands\.csv: left out: colour\n/);
});

test('reports answer rows, with their parameters as options', async () => {
  assert.deepEqual(await rowsOf('report', 'trial_balance', '--to', '2026-12-31'), []);
  const names = (await rowsOf('report')).map((r: { name: string }) => r.name);
  assert.ok(names.includes('trial_balance'));
});

test('the doctor finds nothing, and says so', async () => {
  const rows = await rowsOf('doctor');
  assert.ok(rows.length >= 10);
  assert.deepEqual(
    rows.filter((r: { ok: boolean }) => !r.ok),
    [],
  );
  const little = await kontor(['doctor'], {
    env: { KONTOR_ENV: 'test', KONTOR_TEST_FREE_BYTES: '1000' },
  });
  assert.equal(little.code, 1);
  assert.match(little.out, /✗ Disk: Only 0 MB of disk are free/);
});

test('a backup becomes a home again, with everybody in it', async () => {
  await good('backup', '--to', 'copy.tar.gz');
  await good('restore', '--from', 'copy.tar.gz', '--home', 'copy');
  const said = await kontor(['list', 'master.party', '--json', '--search', 'hill'], {
    env: { KONTOR_HOME: join(folder, 'copy') },
  });
  assert.equal(JSON.parse(said.out).rows[0].name, 'Mia Hill');
  const again = await kontor(['restore', '--from', 'copy.tar.gz', '--home', 'copy']);
  assert.equal(again.code, 1);
  const foreign = await kontor(['backup', '--to', 'x'], {
    env: { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' },
  });
  assert.equal(foreign.code, 1);
  assert.match(foreign.err, /Use the backups of whoever runs that database/);
  assert.ok(!existsSync(join(folder, 'x')));
});

test('the server starts once, is found, served from elsewhere, and stops', async () => {
  const server = place.spawn(['start']);
  let err = '';
  server.stderr?.on('data', (part) => {
    err += part;
  });
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout?.on('data', (said) => resolve(/http:\S+/.exec(String(said))?.[0] ?? ''));
    server.once('exit', () => reject(new Error(err)));
  });
  assert.match(await good('start'), new RegExp(`runs already at ${url}`));
  assert.equal(JSON.parse(await good('status', '--json')).url, url);

  const away = { env: { KONTOR_HOME: join(folder, 'nothing') } };
  const login = ['login', '--url', url, '--username', 'owner', '--password-file', 'password.txt'];
  assert.equal((await kontor(login, away)).code, 0);
  const session = join(folder, 'config', 'kontor', 'session.json');
  assert.equal(statSync(session).mode & 0o777, 0o600);
  assert.ok(!readFileSync(session, 'utf8').includes(PASSWORD));
  const listed = await kontor(['list', 'master.store', '--json'], away);
  assert.equal(JSON.parse(listed.out).rows[0].code, 'MAIN');
  const made = await kontor(['master', 'party', 'create', '--last-name', 'Away'], away);
  assert.equal(made.code, 0, made.err);
  assert.equal((await kontor(['logout'], away)).code, 0);
  assert.equal((await kontor(['list', 'master.store'], away)).code, 1);

  const ended = new Promise((resolve) => server.once('exit', resolve));
  assert.match(await good('stop'), /has stopped/);
  assert.equal(await ended, 0);
  assert.match(await good('status'), /doesn’t run/);
});

test('a port that is taken is named with the process that has it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const said = await kontor(['start', '--port', String(port)]);
  taken.close();
  assert.equal(said.code, 1);
  assert.match(said.err, new RegExp(`Port ${port} is taken by process ${process.pid}`));
});
