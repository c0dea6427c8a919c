import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kontor-bootstrap-'));
chmodSync(folder, 0o755);
const run = (checkout: string) => join(checkout, 'bootstrap', 'run.cjs');
let checkouts = 0;

after(() => rmSync(folder, { recursive: true, force: true }));

// A checkout of its own with no packages but the Node.js, which is linked, for it is large.
function checkout(): string {
  const root = join(folder, `checkout-${++checkouts}`);
  mkdirSync(join(root, 'apps', 'cli'), { recursive: true });
  for (const name of ['run.cjs', 'package.json', 'package-lock.json']) {
    cpSync(join(here, 'bootstrap', name), join(root, 'bootstrap', name));
  }
  cpSync(join(here, 'kontor'), join(root, 'kontor'));
  symlinkSync(join(here, 'bootstrap', 'node_modules'), join(root, 'bootstrap', 'node_modules'));
  const about = { name: 'shop', version: '1.0.0' };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...about, type: 'module' }));
  const lock = { ...about, lockfileVersion: 3, requires: true, packages: { '': about } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(root, 'apps', 'cli', 'kontor.ts'), APP);
  return root;
}

// Names a package that is in no registry and in no store of npm's.
function lockAbsentPackage(root: string): void {
  const name = 'kontor-absent-package';
  const about = { name: 'shop', version: '1.0.0', dependencies: { [name]: '1.0.0' } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(about));
  const packages = { '': about, [`node_modules/${name}`]: { version: '1.0.0' } };
  const lock = { ...about, dependencies: undefined, lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
}

function nodeWithoutNpm(): string {
  const node = join(folder, 'bin', 'node');
  if (!existsSync(node)) cpSync(process.execPath, node);
  return node;
}

const APP = `
  const [what, ...rest]: string[] = process.argv.slice(2);
  if (what === 'wait') {
    process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(9); });
    setInterval(() => {}, 1000);
    console.log('waiting');
  } else if (what === 'die') {
    process.kill(process.pid, 'SIGKILL');
  } else {
    console.log(JSON.stringify({ what, rest, cwd: process.cwd(), node: process.version }));
    process.exitCode = Number(rest[0] ?? 0);
  }
`;

function call(root: string, args: string[], options: object = {}) {
  return spawnSync(process.execPath, [run(root), 'apps/cli/kontor.ts', ...args], {
    encoding: 'utf8',
    ...options,
  });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, said };
}

test('the lock file names the optional packages of every system', () => {
  const check = join(here, 'bootstrap', 'complete_lock.cjs');
  execFileSync(process.execPath, [check, '--check'], { stdio: 'pipe' });
});

test('it sets up once, then passes arguments, folder and exit code', () => {
  const root = checkout();
  const first = call(root, ['hello', '3', 'a b'], { cwd: folder });
  assert.match(first.stderr, /setting itself up/);
  const { what, rest, cwd, node } = JSON.parse(first.stdout);
  assert.deepEqual([what, rest, cwd], ['hello', ['3', 'a b'], folder]);
  assert.match(node, /^v26\./);
  assert.equal(first.status, 3);
  const second = call(root, ['hello', '0']);
  assert.equal(second.stderr, '');
  assert.equal(second.status, 0);
  assert.ok(!existsSync(join(root, 'bootstrap', '.setting-up')));
});

test('a lock file that changed is installed again', () => {
  const root = checkout();
  call(root, ['hello']);
  const lock = join(root, 'package-lock.json');
  writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`);
  assert.match(call(root, ['hello']).stderr, /setting itself up/);
  assert.equal(call(root, ['hello']).stderr, '');
});

test('two first starts at once set up one after the other', async () => {
  const root = checkout();
  const args = [run(root), 'apps/cli/kontor.ts', 'hello', '0'];
  const both = [1, 2, 3].map(() => finish(spawn(process.execPath, args)));
  const ends = await Promise.all(both);
  assert.deepEqual(
    ends.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.equal(ends.filter(({ said }) => /setting itself up/.test(said)).length, 1);
});

test('what a killed set-up left behind does not stand in the way', () => {
  const root = checkout();
  const lock = join(root, 'bootstrap', '.setting-up');
  const gone = spawnSync(process.execPath, ['-e', '0']).pid;
  mkdirSync(lock);
  writeFileSync(join(lock, 'holder.json'), JSON.stringify({ pid: gone, host: hostname() }));
  assert.equal(call(root, ['hello', '0'], { timeout: 20_000 }).status, 0);
  rmSync(join(root, 'node_modules'), { recursive: true });
  mkdirSync(lock);
  const long = new Date(Date.now() - 120_000);
  utimesSync(lock, long, long);
  assert.equal(call(root, ['hello', '0'], { timeout: 20_000 }).status, 0);
});

test('signals reach the app, and its end is told on', async () => {
  const root = checkout();
  call(root, ['hello']);
  const child = spawn(process.execPath, [run(root), 'apps/cli/kontor.ts', 'wait']);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const { code, said } = await finish(child);
  assert.equal(code, 9);
  assert.match(said, /asked to stop/);
  assert.equal(call(root, ['die']).signal, 'SIGKILL');
});

test('kontor runs from any folder and through links', (t) => {
  if (process.platform === 'win32') return t.skip('a shell script');
  const root = checkout();
  const link = join(folder, 'link');
  const again = join(folder, 'again');
  symlinkSync(join(root, 'kontor'), link);
  symlinkSync('link', again);
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  };
  const done = spawnSync(again, ['hello', '4'], { cwd: tmpdir(), encoding: 'utf8', env });
  assert.equal(done.status, 4, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout).rest, ['4']);
  const bare = { PATH: '/nowhere' };
  const none = spawnSync('/bin/sh', [join(root, 'kontor')], { encoding: 'utf8', env: bare });
  assert.notEqual(none.status, 0);
});

test('without npm it says so', () => {
  const root = checkout();
  const node = nodeWithoutNpm();
  const args = [run(root), 'apps/cli/kontor.ts', 'hello'];
  const env = { PATH: dirname(node) };
  const done = spawnSync(node, args, { encoding: 'utf8', env });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /npm was not found\. Install Node\.js with npm/);
});

test('without a network it says so, and the next call tries again', () => {
  const root = checkout();
  lockAbsentPackage(root);
  const env = {
    ...process.env,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: join(folder, 'cache'),
  };
  for (let attempt = 0; attempt < 2; attempt++) {
    const done = call(root, ['hello'], { env });
    assert.equal(done.status, 1);
    assert.match(done.stderr, /could not reach its registry\. Check the network/);
  }
});

test('a folder that is read-only is named, and once set up it is no hindrance', (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to become another user');
  const root = checkout();
  // The linked Node.js may lie where that user can't look, so it gets a copy.
  rmSync(join(root, 'bootstrap', 'node_modules'));
  cpSync(join(here, 'bootstrap', 'node_modules'), join(root, 'bootstrap', 'node_modules'), {
    recursive: true,
  });
  const node = nodeWithoutNpm();
  const args = [run(root), 'apps/cli/kontor.ts', 'hello', '0'];
  const other = { uid: 65534, gid: 65534, encoding: 'utf8', cwd: root } as const;
  const refused = spawnSync(node, args, other);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Kontor can't write to .*Make the folder writable/);
  assert.equal(call(root, ['hello', '0']).status, 0);
  const done = spawnSync(node, args, other);
  assert.equal(done.status, 0, done.stderr);
});
