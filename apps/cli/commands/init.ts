import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENCIES } from '../../../kernel/database/currencies.ts';
import { open } from '../../../kernel/database/open.ts';
import { checked } from '../../../kernel/http/input.ts';
import { root } from '../../../kernel/modules.ts';
import { problem } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { PROFILES } from '../../server/profiles.ts';
import { COUNTRIES, SetUp, type SetUpInput, setUpBusiness } from '../../server/setup.ts';
import { runningServer } from '../desk/running.ts';
import { WrongCall } from '../output/fail.ts';
import { readPassword } from '../output/input.ts';
import { progressOn } from '../output/progress.ts';

export interface InitOptions {
  profile?: string;
  company?: string;
  admin?: string;
  passwordFile?: string;
  country?: string;
  currency?: string;
  store?: string;
  timeZone?: string;
  demo?: boolean;
}

export const DEMO_COMPANY = 'Hill Bikes';

/** Makes the business from nothing, by flags or by questions. Errors: already_set_up, input_wrong. */
export async function initCommand(options: InitOptions): Promise<void> {
  checkCall(options);
  const progress = progressOn(process.stderr);
  const db = await open(settings(), (line) => process.stderr.write(`${line}\n`));
  try {
    const { rows } = await db.app.query('select master_logic.is_set_up() as state');
    const { done, company } = JSON.parse(rows[0].state);
    if (done) throw problem('already_set_up', { company });
    const answers = isComplete(options)
      ? fromFlags(options)
      : await (await import('./init_questions.ts')).ask(options);
    if (!answers) return;
    const on = { db, home: settings().home };
    await setUpBusiness(on, checked(SetUp, answers), (step, at, total) =>
      progress.tell({ step, done: at, total }),
    );
    progress.end();
    const running = runningServer(settings().home);
    process.stdout.write(
      `${answers.company} is set up, and ${answers.username} is its administrator.\n` +
        `${running ? `It is at ${running.url}` : 'Start it with: kontor start'}\n`,
    );
  } finally {
    await db.close();
  }
}

/** The profiles whose modules stand. */
export const offered = () =>
  PROFILES.filter((p) => p.modules.every((m) => existsSync(join(root, 'modules', m))));
export const currencyOf = (country: string) =>
  COUNTRIES.find((c) => c.code === country)?.currency ?? 'USD';
export const localTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

type Complete = InitOptions & { admin: string; passwordFile: string };

function isComplete(options: InitOptions): options is Complete {
  return Boolean((options.company || options.demo) && options.admin && options.passwordFile);
}

// What is asked for must be on offer, before a database is made for it.
function checkCall(options: InitOptions): void {
  const { profile, country, currency, timeZone } = options;
  const profiles = offered().map((p) => p.name);
  if (profile !== undefined && !profiles.includes(profile)) {
    throw new WrongCall(`There is no profile “${profile}”. Choose: ${profiles.join(', ')}.`);
  }
  if (country !== undefined && !COUNTRIES.some((c) => c.code === country.toUpperCase())) {
    const codes = COUNTRIES.map((c) => `${c.code} (${c.name})`).join(', ');
    throw new WrongCall(`There is no country pack “${country}”. Choose: ${codes}.`);
  }
  if (currency !== undefined && !CURRENCIES.some((c) => c.code === currency)) {
    const codes = CURRENCIES.map((c) => c.code).join(', ');
    throw new WrongCall(`There is no currency “${currency}”. Choose: ${codes}.`);
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new WrongCall(`There is no time zone “${timeZone}”. One looks like America/New_York.`);
  }
  if (isComplete(options) || (process.stdin.isTTY && process.stdout.isTTY)) return;
  throw new WrongCall('Name --company, --admin and --password-file, or call it at a terminal.');
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function fromFlags(options: Complete): SetUpInput {
  const country = (options.country ?? 'US').toUpperCase();
  return {
    profile: (options.profile ?? 'retail') as SetUpInput['profile'],
    company: options.company ?? DEMO_COMPANY,
    country,
    currency: options.currency ?? currencyOf(country),
    ...(options.store ? { store: options.store } : {}),
    time_zone: options.timeZone ?? localTimeZone(),
    username: options.admin,
    password: readPassword(options.passwordFile),
    demo: options.demo ?? false,
  };
}
