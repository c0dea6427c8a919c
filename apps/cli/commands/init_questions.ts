import * as p from '@clack/prompts';
import { CURRENCIES } from '../../../kernel/database/currencies.ts';
import { passwordProblem } from '../../../kernel/identity/password.ts';
import { COUNTRIES, type SetUpInput } from '../../server/setup.ts';
import { readPassword } from '../output/input.ts';
import { currencyOf, DEMO_COMPANY, type InitOptions, localTimeZone, offered } from './init.ts';

/** Asks for what no flag says; undefined where the person stops. */
export async function ask(options: InitOptions): Promise<SetUpInput | undefined> {
  p.intro('Kontor is set up on this machine.');
  try {
    return await askAll(options);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    p.cancel('Nothing was set up.');
    process.exitCode = 1;
    return undefined;
  }
}

class Stopped extends Error {}

async function askAll(options: InitOptions): Promise<SetUpInput> {
  const demo = options.demo ?? (options.company ? false : await askDemo());
  const profile = options.profile ?? (await askProfile());
  const company =
    options.company ?? (await text('What is the company called?', demo ? DEMO_COMPANY : undefined));
  const country = options.country?.toUpperCase() ?? (await askCountry());
  const currency = options.currency ?? (await askCurrency(currencyOf(country)));
  const username = options.admin ?? (await text('Username of the first administrator?', 'owner'));
  const password = options.passwordFile
    ? readPassword(options.passwordFile)
    : await askPassword(username);
  return {
    profile: profile as SetUpInput['profile'],
    company,
    country,
    currency,
    ...(options.store ? { store: options.store } : {}),
    time_zone: options.timeZone ?? localTimeZone(),
    username,
    password,
    demo,
  };
}

const askDemo = () =>
  answered(
    p.select({
      message: 'How do you want to begin?',
      options: [
        { value: false, label: 'With my own business' },
        { value: true, label: 'Look around in a demo shop' },
      ],
    }),
  );

async function askProfile(): Promise<string> {
  const profiles = offered();
  const only = profiles.length === 1 ? profiles[0]?.name : undefined;
  if (only) return only;
  return await answered(
    p.select({
      message: 'What kind of business is it?',
      options: profiles.map(({ name, title }) => ({ value: name, label: title })),
    }),
  );
}

const askCountry = () =>
  answered(
    p.select({
      message: 'Where is it?',
      options: COUNTRIES.map(({ code, name }) => ({ value: code, label: name })),
    }),
  );

const askCurrency = (usual: string) =>
  answered(
    p.autocomplete({
      message: 'In which currency are the books?',
      initialValue: usual,
      options: CURRENCIES.map(({ code, name }) => ({ value: code, label: `${code} – ${name}` })),
    }),
  );

async function askPassword(username: string): Promise<string> {
  const validate = (said: string | undefined) => passwordProblem(said ?? '', username);
  for (;;) {
    const first = await answered(p.password({ message: 'A password for them?', validate }));
    const again = await answered(p.password({ message: 'The same again?' }));
    if (first === again) return first;
    p.log.warn('The two differ.');
  }
}

const text = (message: string, initialValue?: string) =>
  answered(
    p.text({
      message,
      ...(initialValue ? { initialValue } : {}),
      validate: (said) => (said?.trim() ? undefined : 'This is needed.'),
    }),
  );

async function answered<T>(asked: Promise<T>): Promise<Exclude<T, symbol>> {
  const said = await asked;
  if (p.isCancel(said)) throw new Stopped();
  return said as Exclude<T, symbol>;
}
