import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../modules.ts';

/** Programs of the system that some stories need: where each lies, and what uses it. */
const TOOLS = [
  {
    name: 'chromium',
    places: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    used: /\/browser\.ts'|openBrowser/,
  },
  { name: 'firefox-esr', places: ['/usr/bin/firefox-esr'], used: /firefox-esr|puppeteer-core/ },
  { name: 'pgbouncer', places: ['/usr/sbin/pgbouncer'], used: /test\/pooler\.ts'/ },
];

const isThere = ({ name, places }: (typeof TOOLS)[number]) =>
  places.some((place) => existsSync(place)) || (name === 'chromium' && process.env.CHROMIUM);

/** Installs what is missing, where that is wanted. */
export function addTools(wanted: boolean): void {
  const missing = TOOLS.filter((tool) => !isThere(tool)).map(({ name }) => name);
  if (!wanted || missing.length === 0) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  for (const step of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', ...missing],
  ]) {
    const [command = '', ...rest] = [...sudo, ...step];
    const { status } = spawnSync(command, rest, { stdio: 'inherit', cwd: root });
    if (status !== 0) process.exit(1);
  }
}

/** The files of stories that can't be told here; says which program each lot lacks. */
export function filesWithoutTools(files: string[]): string[] {
  return TOOLS.filter((tool) => !isThere(tool)).flatMap(({ name, used }) => {
    const lacking = files.filter((file) => used.test(readFileSync(join(root, file), 'utf8')));
    if (lacking.length > 0) {
      const count = lacking.length === 1 ? '1 file' : `${lacking.length} files`;
      console.log(`# ${count} of stories left out: no ${name}. To run them: npm test -- --install`);
    }
    return lacking;
  });
}
