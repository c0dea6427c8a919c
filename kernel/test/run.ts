import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from '../../apps/web/build.ts';
import { root } from '../modules.ts';

// npm test [-- folder …] [--install]: types, style, stories. Ends with the tests' own exit code.
const args = process.argv.slice(2);
const folders = args.filter((a) => !a.startsWith('--'));
const usage = `npm test                       types, style and every story
npm test -- modules/pos tidy   the stories of these folders
npm test -- --install          installs by apt what is missing for some of them`;
if (args.some((a) => a.startsWith('--') && a !== '--install')) {
  console.error(usage);
  process.exit(2);
}

toolsAreThere();
const checks: [string, string[]][] = folders.length
  ? []
  : [
      ['types of the catalogue', [process.execPath, 'kernel/database/types.ts']],
      ['tsc', [process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.']],
      [
        'biome',
        [
          process.execPath,
          'node_modules/@biomejs/biome/bin/biome',
          'ci',
          '--error-on-warnings',
          '.',
        ],
      ],
    ];
for (const [name, [command = '', ...rest]] of checks) {
  console.log(`# ${name}`);
  const { status } = spawnSync(command, rest, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// Built once, before stories start servers that would each build it.
if (folders.length === 0 || folders.some((f) => f.startsWith('apps'))) {
  await buildWeb(console.log);
}
const wanted = folders.length
  ? folders.map((f) => `${f.replace(/\/$/, '')}/**/*.test.ts`)
  : ['{kernel,modules,apps,tidy,bench,test}/**/*.test.ts'];
const files = wanted.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
if (files.length === 0) {
  console.error(`No folder ${folders.join(', ')} holds a story.\n${usage}`);
  process.exit(2);
}
// More files at a time than cores make each other late.
const atOnce = Math.max(2, Math.min(4, availableParallelism()));
const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${atOnce}`,
    '--test-timeout=300000',
    '--test-reporter=spec',
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, KONTOR_ENV: 'test' } },
);
process.exit(status ?? 1);

/** Some stories need what Debian has: installed where that is wanted, else a sentence says how. */
function toolsAreThere(): void {
  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].map((n) => `/usr/bin/${n}`);
  const missing = [
    ...(chromium.some(existsSync) ? [] : ['chromium']),
    ...(existsSync('/usr/bin/firefox-esr') ? [] : ['firefox-esr']),
    ...(existsSync('/usr/sbin/pgbouncer') ? [] : ['pgbouncer']),
  ];
  if (missing.length === 0) return;
  if (process.env.CI || args.includes('--install')) install(missing);
  else if (missing.includes('chromium')) {
    console.error(
      'The browser stories need chromium: run “npm test -- --install”, or “apt-get install chromium”.',
    );
    process.exit(2);
  }
}

function install(packages: string[]): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  for (const step of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', ...packages],
  ]) {
    const [command = '', ...rest] = [...sudo, ...step];
    if (spawnSync(command, rest, { stdio: 'inherit', cwd: join(root) }).status !== 0)
      process.exit(1);
  }
}
