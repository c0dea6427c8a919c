import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { atDesk, type Desk, rowsOf } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { readPassword } from '../output/input.ts';
import { printJson, printTable } from '../output/print.ts';

registerSentences({
  user_unknown: { status: 404, sentence: 'There is no user {username}.' },
  store_code_unknown: { status: 422, sentence: 'There is no store with the code {code}.' },
  role_unknown: { status: 422, sentence: 'There is no role {role}. Choose: {choices}.' },
});

interface Where {
  url?: string;
  json?: boolean;
}

interface UserRole {
  user_id: string;
  role: string;
  store_id: string | null;
}

/** Who may sign in, and what each is where. */
export async function userList({ json, ...where }: Where): Promise<void> {
  await atDesk(where, async (desk) => {
    const [users, given, stores] = await Promise.all([
      all<Record<string, string>>(desk, 'identity.user', 'username'),
      all<UserRole>(desk, 'identity.user_role'),
      all<{ id: string; code: string }>(desk, 'master.store'),
    ]);
    const code = new Map(stores.map((s) => [s.id, s.code]));
    const rows = users.map(({ id, username, name, email, is_active, last_sign_in_at }) => {
      const roles = given
        .filter((g) => g.user_id === id)
        .map((g) => ({ role: g.role, store: g.store_id && (code.get(g.store_id) ?? g.store_id) }));
      return { id, username, name, email, roles, is_active, last_sign_in_at };
    });
    if (json) return printJson({ rows });
    const plain = rows.map((r) => ({
      ...r,
      roles: r.roles.map((g) => (g.store ? `${g.role} at ${g.store}` : g.role)).join(', '),
    }));
    const columns = ['username', 'name', 'roles', 'is_active', 'email', 'last_sign_in_at'];
    printTable(
      columns.map((c) => ({ name: c, title: c })),
      plain,
    );
  });
}

export interface AddOptions extends Where {
  username: string;
  name?: string;
  email?: string;
  role: string;
  store?: string;
  passwordFile: string;
}

/** Makes a user with a role, in one store or in all. */
export async function userAdd(options: AddOptions): Promise<void> {
  const password = readPassword(options.passwordFile);
  await atDesk(options, async (desk) => {
    await checkRole(desk, options.role);
    const store_id = options.store === undefined ? undefined : await storeOf(desk, options.store);
    const made = await desk.call('identity.user.make', {
      username: options.username,
      name: options.name ?? options.username,
      ...(options.email ? { email: options.email } : {}),
      password,
      role: options.role,
      ...(store_id ? { store_id } : {}),
    });
    if (options.json) return printJson(made);
    const where = options.store ? ` at ${options.store}` : ' in every store';
    process.stdout.write(`${options.username} is made: ${options.role}${where}.\n`);
  });
}

/** Switches a user on or off; off ends the user's sessions. */
export async function userSwitch(
  options: Where & { username: string; on?: boolean; off?: boolean },
): Promise<void> {
  if (Boolean(options.on) === Boolean(options.off)) throw new WrongCall('Say --on or --off.');
  await atDesk(options, async (desk) => {
    const id = await userOf(desk, options.username);
    await desk.call('identity.user.switch', { id, is_active: Boolean(options.on) });
    process.stdout.write(`${options.username} is switched ${options.on ? 'on' : 'off'}.\n`);
  });
}

/** Gives a user a new password, to be changed at the next sign-in. Only at the machine itself. */
export async function userPassword(options: {
  username: string;
  passwordFile: string;
  keep?: boolean;
}): Promise<void> {
  const password = readPassword(options.passwordFile);
  await atMachine(async (desk) => {
    const { setPassword } = await import('./user_door.ts');
    await setPassword(desk, options.username, password, !options.keep);
    process.stdout.write(`${options.username} has a new password, and is signed out everywhere.\n`);
  });
}

/** Gives a user a role or takes it away. Only at the machine itself. */
export async function userRole(options: {
  username: string;
  role: string;
  store?: string;
  remove?: boolean;
}): Promise<void> {
  await atMachine(async (desk) => {
    await checkRole(desk, options.role);
    const id = await userOf(desk, options.username);
    const store = options.store === undefined ? null : await storeOf(desk, options.store);
    const input = { id, role: options.role, store_id: store };
    await desk.call(`identity.user.${options.remove ? 'take_role' : 'give_role'}`, input);
    const where = options.store ? ` at ${options.store}` : ' in every store';
    const verb = options.remove ? 'is no longer' : 'is';
    process.stdout.write(`${options.username} ${verb} ${options.role}${where}.\n`);
  });
}

async function atMachine(
  work: (desk: import('../desk/local.ts').LocalDesk) => Promise<void>,
): Promise<void> {
  const { openLocal } = await import('../desk/local.ts');
  const desk = await openLocal(settings());
  await work(desk).finally(() => desk.close());
}

async function userOf(desk: Desk, username: string): Promise<string> {
  const { rows } = await desk.list('identity.user', { filter: [['username', '=', username]] });
  if (!rows[0]) throw problem('user_unknown', { username });
  return String(rows[0].id);
}

async function storeOf(desk: Desk, code: string): Promise<string> {
  const { rows } = await desk.list('master.store', { filter: [['code', '=', code]] });
  if (!rows[0]) throw problem('store_code_unknown', { code });
  return String(rows[0].id);
}

async function checkRole(desk: Desk, role: string): Promise<void> {
  const found = await all<{ name: string }>(desk, 'identity.role', 'name');
  const known = found.map(({ name }) => name).filter((name) => name !== 'system');
  if (!known.includes(role)) throw problem('role_unknown', { role, choices: known.join(', ') });
}

async function all<T>(desk: Desk, table: string, sort?: string): Promise<T[]> {
  const spec = sort ? { sort: [[sort, 'asc']] as [string, 'asc'][] } : {};
  return (await Array.fromAsync(rowsOf(desk, table, spec))) as T[];
}
