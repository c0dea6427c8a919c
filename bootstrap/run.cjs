'use strict';
// Runs one of Kontor's .ts files on the Node.js that Kontor brings along, after making sure that
// this Node.js and the packages named by package-lock.json are there. The machine's own Node.js
// (20 or later) runs this file, so it is plain old JavaScript and needs no package.
//
//   node bootstrap/run.cjs apps/cli/kontor.ts status --json

const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const bootstrapFolder = __dirname;
const root = path.dirname(bootstrapFolder);
const lockFolder = path.join(bootstrapFolder, '.setting-up');
const holderFile = path.join(lockFolder, 'holder.json');
const HEARTBEAT_MS = 2000;
const STALE_MS = 60000;

main().catch((error) => {
  const message = error.isSentence ? error.message : error.stack || String(error);
  process.stderr.write(`kontor: ${message}\n`);
  process.exitCode = error.exitCode || 1;
});

async function main() {
  const script = process.argv[2];
  if (!script) {
    throw sentence('name the file to run, for instance: node bootstrap/run.cjs apps/cli/kontor.ts', 2);
  }
  if (!isSetUp()) await setUp();
  run(path.resolve(root, script), process.argv.slice(3));
}

// What must be there. A stamp holds the hash of the lock file that was installed; it lies inside
// node_modules, so that whoever removes the folder removes the stamp too.

function isSetUp() {
  return isInstalled(bootstrapFolder) && isInstalled(root);
}

function isInstalled(folder) {
  try {
    return fs.readFileSync(stampOf(folder), 'utf8') === fingerprint(folder);
  } catch {
    return false;
  }
}

function stampOf(folder) {
  return path.join(folder, 'node_modules', '.kontor-stamp');
}

function fingerprint(folder) {
  let lock;
  try {
    lock = fs.readFileSync(path.join(folder, 'package-lock.json'));
  } catch {
    throw sentence(`package-lock.json is missing in ${folder}. Get a whole copy of Kontor again.`);
  }
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

function nodeBinary() {
  const modules = path.join(bootstrapFolder, 'node_modules');
  const names = [`node-${process.platform}-${process.arch}`];
  names.push(`node-bin-${process.platform}-${process.arch}`, `node-win-${process.arch}`);
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of names) {
    const binary = path.join(modules, name, 'bin', file);
    if (fs.existsSync(binary)) return binary;
  }
  const wanted = wantedNode();
  if (Number(process.versions.node.split('.')[0]) >= Number(wanted.split('.')[0])) {
    return process.execPath;
  }
  throw sentence(
    `no ready-made Node.js ${wanted} exists for ${process.platform} on ${process.arch}. ` +
      `Install Node.js ${wanted} or later yourself, then try again.`,
  );
}

function wantedNode() {
  const text = fs.readFileSync(path.join(bootstrapFolder, 'package.json'), 'utf8');
  return Object.values(JSON.parse(text).optionalDependencies)[0];
}

// Setting up

async function setUp() {
  const release = await holdLock();
  try {
    // Another process may have done it all while this one waited.
    if (isSetUp()) return;
    say('Kontor is setting itself up; the first time this takes a minute or so …');
    if (!isInstalled(bootstrapFolder)) await install(bootstrapFolder, process.execPath);
    const node = nodeBinary();
    await checkRuns(node);
    if (!isInstalled(root)) await install(root, node);
  } finally {
    release();
  }
}

async function install(folder, node) {
  const stamp = stampOf(folder);
  try {
    fs.rmSync(stamp, { force: true });
    fs.mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    fs.accessSync(path.join(folder, 'node_modules'), fs.constants.W_OK);
  } catch (error) {
    throw readOnly(folder, error);
  }
  const npm = findNpm();
  // npm chooses packages by the Node.js that it runs on, so it runs on the given one.
  const args = ['ci', '--include=dev', '--include=optional', '--prefer-offline'];
  args.push('--no-audit', '--no-fund', '--no-progress', '--loglevel=error');
  const command = npm.script ? [node, npm.script] : [npm.command];
  const shell = !npm.script && process.platform === 'win32';
  const done = await capture(command[0], [...command.slice(1), ...args], {
    cwd: folder,
    env: npmEnvironment(node),
    shell,
  });
  if (done.code !== 0) throw npmFailed(folder, done);
  fs.writeFileSync(stamp, fingerprint(folder));
}

function findNpm() {
  const given = process.env.npm_execpath;
  if (given && path.basename(given) === 'npm-cli.js' && fs.existsSync(given)) {
    return { script: given };
  }
  const windows = process.platform === 'win32';
  const folders = [...(process.env.PATH || '').split(path.delimiter), path.dirname(process.execPath)];
  for (const folder of folders) {
    const command = path.join(folder, windows ? 'npm.cmd' : 'npm');
    if (!folder || !fs.existsSync(command)) continue;
    const beside = path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const script = windows ? beside : fs.realpathSync(command);
    // A shim of a version manager isn't npm itself; it is called as it stands.
    if (path.basename(script) === 'npm-cli.js' && fs.existsSync(script)) return { script };
    return { command };
  }
  throw sentence('npm was not found. Install Node.js with npm (20 or later), then try again.');
}

// Under `npm start` the outer npm hands down where it stands; the inner one must not follow it.
function npmEnvironment(node) {
  const env = withNodeOnPath(node);
  for (const name of Object.keys(env)) {
    if (/^npm_(lifecycle|package)_/i.test(name)) delete env[name];
    if (/^npm_config_(local_prefix|global_prefix|prefix|workspace|dry_run)$/i.test(name)) {
      delete env[name];
    }
  }
  delete env.NODE_ENV;
  delete env.NODE_OPTIONS;
  return env;
}

function withNodeOnPath(node) {
  const env = { ...process.env };
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') || 'PATH';
  env[name] = [path.dirname(node), env[name]].filter(Boolean).join(path.delimiter);
  return env;
}

async function checkRuns(node) {
  const done = await capture(node, ['--version'], {});
  if (done.code === 0) return;
  throw sentence(
    `the Node.js that Kontor brings doesn't run on this machine (${lastLines(done.text, 2)}). ` +
      `Install Node.js ${wantedNode()} or later for this system, then try again.`,
  );
}

function capture(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const add = (chunk) => {
      text = (text + chunk).slice(-20000);
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', (error) => resolve({ code: 1, text: String(error.message) }));
    child.on('close', (code) => resolve({ code: code === null ? 1 : code, text }));
    stopWith(child);
  });
}

// Ctrl-C reaches npm by the terminal, but a signal sent to this process alone does not.
function stopWith(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const stop = () => {
      child.kill(signal);
      process.exit(128 + os.constants.signals[signal]);
    };
    process.once(signal, stop);
    child.once('close', () => process.removeListener(signal, stop));
  }
}

// Errors in sentences

function npmFailed(folder, done) {
  const text = done.text;
  if (/EROFS|EACCES|EPERM|permission denied/i.test(text)) return readOnly(folder, lastLines(text, 3));
  if (/ENOSPC|no space left/i.test(text)) {
    return sentence('the disk is full. Kontor needs about 1 GB to set itself up; free some, then try again.');
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/i.test(text)) {
    return sentence(
      'npm could not reach its registry. Check the network (and, behind a proxy, ' +
        '`npm config get proxy`), then try again; what is already there is kept.\n' +
        lastLines(text, 3),
    );
  }
  if (/EUSAGE/.test(text) && /in sync/.test(text)) {
    return sentence(
      `package.json and package-lock.json in ${folder} don't belong together. Get a whole copy of ` +
        'Kontor again; whoever changed package.json runs `npm install`, then ' +
        '`node bootstrap/complete_lock.cjs`.',
    );
  }
  return sentence(`npm could not install the packages of ${folder}:\n${lastLines(text, 15)}`);
}

function readOnly(folder, error) {
  const why = error && error.code ? error.code : error;
  return sentence(
    `Kontor can't write to ${folder} (${why}). Make the folder writable or set Kontor up once ` +
      'as the user who owns it; after that it runs from a read-only folder too.',
  );
}

function lastLines(text, count) {
  return text.trim().split('\n').slice(-count).join('\n');
}

function sentence(message, exitCode) {
  return Object.assign(new Error(message), { isSentence: true, exitCode });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

// One process at a time sets up. The lock is a folder, since making one is atomic everywhere. It
// is stale when its holder is gone, or hasn't touched it for a minute (another machine's holder).

async function holdLock() {
  let told = false;
  for (;;) {
    try {
      fs.mkdirSync(lockFolder);
      return keepLock();
    } catch (error) {
      if (error.code !== 'EEXIST') throw readOnly(bootstrapFolder, error);
    }
    if (isStale()) {
      removeStale();
      continue;
    }
    if (!told) say('Another process is setting Kontor up; waiting for it …');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function keepLock() {
  fs.writeFileSync(holderFile, JSON.stringify({ pid: process.pid, host: os.hostname() }));
  const beat = setInterval(() => {
    try {
      fs.utimesSync(lockFolder, new Date(), new Date());
    } catch {
      // Whoever took the lock away has seen no beat for a minute; the next start sets it right.
    }
  }, HEARTBEAT_MS);
  const release = () => {
    clearInterval(beat);
    process.removeListener('exit', release);
    fs.rmSync(lockFolder, { recursive: true, force: true });
  };
  process.on('exit', release);
  return release;
}

function isStale() {
  let age;
  try {
    age = Date.now() - fs.statSync(lockFolder).mtimeMs;
  } catch {
    return false;
  }
  if (age > STALE_MS) return true;
  let holder;
  try {
    holder = JSON.parse(fs.readFileSync(holderFile, 'utf8'));
  } catch {
    // The holder writes its name right after making the folder.
    return age > 5000;
  }
  return holder.host === os.hostname() && !isAlive(holder.pid);
}

// Of several waiting processes only one may remove a stale lock, or the slower one would remove
// the lock that the faster one has just taken.
function removeStale() {
  const broom = `${lockFolder}.broom`;
  try {
    fs.mkdirSync(broom);
  } catch {
    try {
      if (Date.now() - fs.statSync(broom).mtimeMs > 5000) fs.rmdirSync(broom);
    } catch {
      // The other one is done.
    }
    return;
  }
  try {
    if (isStale()) fs.rmSync(lockFolder, { recursive: true, force: true });
  } finally {
    fs.rmdirSync(broom);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Running

function run(script, args) {
  const node = nodeBinary();
  const env = withNodeOnPath(node);
  if (!env.NODE_COMPILE_CACHE) {
    env.NODE_COMPILE_CACHE = path.join(root, 'node_modules', '.cache', 'node');
  }
  // Types of a module that npm brought are stripped by what Node still calls experimental.
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = spawn(node, [quiet, script, ...args], { stdio: 'inherit', env });
  // At a terminal Ctrl-C reaches the child by itself; passing it on would make it two.
  const atTerminal = Boolean(process.stdin.isTTY);
  process.on('SIGINT', () => {
    if (!atTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`kontor: ${node} could not be started (${error.message}). Remove bootstrap/node_modules, then try again.`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (!signal) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Where the signal doesn't end this process, the usual exit code tells of it.
    process.exitCode = 128 + (os.constants.signals[signal] || 0);
  });
}
