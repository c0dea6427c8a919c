import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { buildWeb } from '../../apps/web/build.ts';
import { openTestCluster } from '../database/template.ts';
import { root } from '../modules.ts';
import { longestFirst, overBudget, printTimes, type Times, writeTimes } from './budget.ts';
import { measureSlowness } from './patience.ts';
import { addTools, filesWithoutTools } from './tools.ts';

// npm test [-- folder …] [--install] [--long]: types, style, stories, side by side.
const args = process.argv.slice(2);
const folders = args.filter((a) => !a.startsWith('--')).map((a) => a.replace(/\/$/, ''));
const usage = `npm test                       types, style and every story
npm test -- modules/pos tidy   the stories of these folders
npm test -- --install          installs by apt what is missing for some of them
npm test -- --long             tells long stories at their full length`;
if (args.some((a) => a.startsWith('--') && !['--install', '--long'].includes(a))) stop(usage);

const isWhole = folders.length === 0;
const patterns = isWhole
  ? ['{kernel,modules,apps,tidy,bench,test}/**/*.test.ts']
  : folders.map((f) => (f.endsWith('.test.ts') ? f : `${f}/**/*.test.ts`));
const found = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
if (found.length === 0) stop(`No folder ${folders.join(', ')} holds a story.\n${usage}`);

addTools(Boolean(process.env.CI) || args.includes('--install'));
const left = filesWithoutTools(found);
const begun = performance.now();
const times: Times = {};
let failed = false;
const slowness = measureSlowness();
process.env.KONTOR_ENV = 'test';
process.env.KONTOR_TEST_SLOWNESS = String(slowness);
if (args.includes('--long')) process.env.KONTOR_TEST_LONG = '1';
if (slowness > 1.1)
  console.log(`# This machine is ${slowness.toFixed(1)} times slower: so are limits.`);

// Everything else needs the types that are made from the catalogue.
if (isWhole || !existsSync(`${root}/generated/catalogue.ts`))
  await timed('types of the catalogue', () => node('kernel/database/types.ts').ended);
if (failed) process.exit(1);
if (isWhole || folders.some((f) => f.startsWith('apps')))
  await timed('web app', () => buildWeb(console.log));
const checks = isWhole
  ? [
      timed('tsc', () => node('node_modules/typescript/bin/tsc', '-p', '.').ended),
      timed('biome', () => {
        const style = ['ci', '--error-on-warnings', '.'];
        return node('node_modules/@biomejs/biome/bin/biome', ...style).ended;
      }),
    ]
  : [];
// Held for all files: the last one out would stop it, and the next one start it again.
const cluster = await openTestCluster();
const stories = run({
  files: longestFirst(found.filter((file) => !left.includes(file))).map((f) => `${root}/${f}`),
  // More files at a time than cores make each other late.
  concurrency: Math.max(2, Math.min(4, availableParallelism())),
  timeout: 300_000 * slowness,
});
stories.on('test:fail', () => {
  failed = true;
});
stories.on('test:summary', ({ file, duration_ms }) => {
  if (file) times[relative(root, file)] = duration_ms;
});
const written = Promise.withResolvers<void>();
stories.on('close', () => written.resolve());
stories.on('end', () => written.resolve());
stories.compose(spec).pipe(process.stdout);
await written.promise;
await cluster.close();
await Promise.all(checks);
writeTimes(times);
printTimes(times, performance.now() - begun);
if (isWhole && overBudget(times, performance.now() - begun, slowness)) failed = true;
process.exitCode = failed ? 1 : 0;

function node(...words: string[]): { child: ChildProcess; ended: Promise<void> } {
  const child = spawn(process.execPath, words, { cwd: root, stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      if (code !== 0) {
        failed = true;
        console.error(`# ${words[0]} ended with ${code}`);
      }
      resolve();
    });
  });
  return { child, ended };
}

async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const since = performance.now();
  await work();
  times[name] = performance.now() - since;
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
