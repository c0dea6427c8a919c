import { setUp } from '../../kernel/identity/door.ts';
import { problem } from '../../kernel/problem.ts';
import { settings } from '../../kernel/settings.ts';
import { WrongCall } from './fail.ts';
import { readPassword } from './input.ts';
import { open } from './open.ts';

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

export interface Answers {
  profile: string;
  company: string;
  country: string;
  currency: string;
  store?: string;
  time_zone: string;
  username: string;
  password: string;
  demo: boolean;
}

/** Country packs that stand, with the currency of the country. */
export const COUNTRIES = [
  { code: 'US', name: 'United States', currency: 'USD' },
  { code: 'ZZ', name: 'Elsewhere (generic)', currency: 'EUR' },
];
export const PROFILES = [{ name: 'retail', title: 'Shop' }];

/** Makes the business from nothing, by flags or by questions. Error: already_set_up. */
export async function initCommand(options: InitOptions): Promise<void> {
  const given = settings();
  check(options);
  const db = await open(given, (line) => process.stderr.write(`${line}\n`));
  try {
    const { rows } = await db.app.query('select master_logic.is_set_up() as state');
    const { done, company } = JSON.parse(rows[0].state);
    if (done) throw problem('already_set_up', { company });
    const answers = isComplete(options)
      ? fromFlags(options)
      : await (await import('./init_questions.ts')).ask(options);
    if (!answers) return;
    const made = await setUp(db, { ...answers });
    if (answers.demo) await (await import('./demo.ts')).furnish(db, made.user_id);
    process.stdout.write(
      `${answers.company} is set up, and ${answers.username} is its administrator.\n` +
        'Start it with: kontor start\n',
    );
  } finally {
    await db.close();
  }
}

type Complete = InitOptions & { company: string; admin: string; passwordFile: string };

function isComplete(options: InitOptions): options is Complete {
  return Boolean((options.company || options.demo) && options.admin && options.passwordFile);
}

function check({ profile, country, currency, timeZone, ...options }: InitOptions): void {
  if (profile && !PROFILES.some((p) => p.name === profile)) {
    throw new WrongCall(
      `There is no profile “${profile}”. Choose: ${PROFILES.map((p) => p.name)}.`,
    );
  }
  if (country && !COUNTRIES.some((c) => c.code === country.toUpperCase())) {
    const codes = COUNTRIES.map((c) => `${c.code} (${c.name})`).join(', ');
    throw new WrongCall(`There is no country pack “${country}”. Choose: ${codes}.`);
  }
  if (currency && !/^[A-Z]{3}$/.test(currency)) {
    throw new WrongCall(`“${currency}” is no currency. Write its three letters, such as USD.`);
  }
  if (timeZone && !isTimeZone(timeZone)) {
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

function fromFlags(options: Complete): Answers {
  const country = (options.country ?? 'US').toUpperCase();
  return {
    profile: options.profile ?? 'retail',
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

export const DEMO_COMPANY = 'Hill Bikes';
export const currencyOf = (country: string) =>
  COUNTRIES.find((c) => c.code === country)?.currency ?? 'USD';
export const localTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
