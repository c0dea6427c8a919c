import '../../kernel/sentences.ts';
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { existsSync, watch, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../kernel/database/postgres/embedded.ts';
import released from '../../kernel/database/released.json' with { type: 'json' };
import { sourceFolders } from '../../kernel/elsewhere.ts';
import { freePort } from '../../kernel/free_port.ts';
import { openHome } from '../../kernel/home.ts';
import { root } from '../../kernel/modules.ts';
import { settings } from '../../kernel/settings.ts';
import { serveSources } from '../web/build.ts';

// npm run dev: the demo shop on a scratch database, screens replaced in the page as they are edited,
// the server started anew when its sources change. A schema file may be edited while no release
// holds it: the scratch database is then made again. --empty leaves the demo's sales out.

const PASSWORD = 'Demo-Shop-1';
const say = (line: string) => process.stdout.write(`${line}\n`);

process.env.KONTOR_HOME ||=
  process.getuid?.() === 0 ? '/var/lib/kontor-dev' : join(homedir(), '.kontor-dev');
process.env.KONTOR_ENV = 'development';
const given = settings();
given.home = openHome(given.home);
const scratch = join(given.home, 'scratch');
const fresh = !existsSync(join(given.home, 'database'));
if (fresh) writeFileSync(scratch, 'npm run dev may make this database again at any time.\n');
else if (!existsSync(scratch)) {
  say(
    `${given.home} holds data of your own, and npm run dev writes into the home that it is given.`,
  );
  say('Name another one, such as KONTOR_HOME=~/.kontor-dev npm run dev.');
  process.exit(2);
}
const embedded = await openEmbedded(given.home);
const apiPort = await freePort();
let child: ChildProcess | undefined;

if (fresh) makeDemo();
const begun = await restart();
const pages = await serveSources(given.port, `http://127.0.0.1:${apiPort}`);
say(
  `Kontor is at http://localhost:${given.port} (owner, ${PASSWORD})${begun ? '' : ', but not well'}`,
);
watchSources();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave());

async function leave(): Promise<void> {
  await Promise.all([stop(), pages.close()]);
  await embedded.close();
  process.exit(0);
}

/** Starts the server with the sources as they are; answers whether it came up. */
async function restart(): Promise<boolean> {
  await stop();
  child = fork(join(import.meta.dirname, 'dev_child.ts'), {
    env: { ...process.env, PORT: String(apiPort) },
  });
  const said = await new Promise<Said>((resolve) => {
    child?.once('message', (message) => resolve(message as object));
    child?.once('exit', (code) => resolve({ code: 'ended', message: `It ended with ${code}.` }));
  });
  if (said.url) return true;
  say(`${said.message}`);
  if (said.code !== 'schema_file_edited' || !existsSync(scratch)) return false;
  if (released.some(({ file }) => file === said.file)) return false;
  say('No release holds that file: the scratch database is made again …');
  await dropDatabase();
  makeDemo();
  return restart();
}

interface Said {
  url?: string;
  code?: string;
  message?: string;
  /** The schema file that was edited, as module/schema/file. */
  file?: string;
}

async function stop(): Promise<void> {
  const old = child;
  child = undefined;
  if (!old || old.exitCode !== null || old.signalCode !== null) return;
  const gone = new Promise((resolve) => old.once('exit', resolve));
  // Nothing is lost: what was acknowledged is committed.
  old.kill('SIGKILL');
  await gone;
}

function watchSources(): void {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (running) return changed();
      running = true;
      const before = performance.now();
      if (await restart()) {
        pages.reload();
        say(`Reloaded in ${Math.round(performance.now() - before)} ms`);
      }
      running = false;
    }, 30);
  };
  for (const folder of [...sourceFolders(), join(root, 'apps', 'server')]) {
    watch(folder, { recursive: true }, (_event, file) => {
      const name = String(file).replaceAll('\\', '/');
      if (/\.(ts|sql)$/.test(name) && !/\.test\.ts$|^ui\//.test(name)) changed();
    });
  }
}

function makeDemo(): void {
  const words = ['init', '--profile', 'retail', '--company', 'Hill Bikes', '--admin', 'owner'];
  const cli = join(root, 'apps', 'cli', 'kontor.ts');
  const demo = process.argv.includes('--empty') ? [] : ['--demo'];
  const { status } = spawnSync(process.execPath, [cli, ...words, '--password-file', '-', ...demo], {
    input: `${PASSWORD}\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  if (status !== 0) say('The demo shop could not be made; mend what it says and save again.');
}

async function dropDatabase(): Promise<void> {
  const admin = new pg.Client(embedded.admin());
  await admin.connect();
  await admin.query('drop database if exists kontor with (force)');
  await admin.end();
}
