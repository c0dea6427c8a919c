import { hash } from '@node-rs/argon2';
import { Id, operation, Text, z } from '../operation.ts';
import { problem } from '../problem.ts';
import { passwordProblem } from './password.ts';

/** The problem of a password that is not taken. */
export function weakPassword(why: string) {
  return problem('password_weak', { why }, undefined, [
    { field: 'password', code: 'password_weak', message: why },
  ]);
}

const Make = z.strictObject({
  username: z.string().regex(/^\S{1,60}$/, 'A username has no spaces and at most 60 characters.'),
  name: Text(100).min(1),
  email: z.email().optional(),
  password: z.string().max(200),
  role: z.string(),
  store_id: Id('master.store').optional(),
  /** whether the user chooses another password at the first sign-in */
  must_change_password: z.boolean().optional(),
});

/** Makes a user with a role, in one store or in all. Errors: `password_weak`, `already_exists`. */
export const makeUser = operation({
  name: 'identity.user.make',
  label: 'Make user',
  permission: 'identity.manage_users',
  input: Make,
  example: 'kontor user add --username mia --name "Mia Hill" --role cashier --store HILL',
  async run({ sql }, input) {
    const weak = passwordProblem(input.password, input.username);
    if (weak) throw weakPassword(weak);
    const password_hash = await hash(input.password);
    const made = await sql.one<{ id: string }>`select id from kernel_logic.make_user(
      ${input.username}, ${input.name}, ${input.email?.toLowerCase() ?? null}, ${password_hash},
      ${input.role}, ${input.store_id ?? null}) as id`;
    if (input.must_change_password) {
      await sql.one`select kernel_logic.give_password(${made.id}, ${password_hash})`;
    }
    return made;
  },
});

/** Gives a user who forgot theirs a password for one sign-in. Errors: `password_weak`, `not_found`. */
export const givePassword = operation({
  name: 'identity.user.give_password',
  label: 'Give a new password',
  permission: 'identity.manage_users',
  input: z.strictObject({ id: Id('identity.user'), password: z.string().max(200) }),
  example: 'kontor identity user give_password --file password.json',
  async run({ sql }, { id, password }) {
    const user = await sql.maybe<{ username: string }>`
      select username from identity.user where id = ${id}`;
    const weak = passwordProblem(password, user?.username ?? '');
    if (weak) throw weakPassword(weak);
    await sql.one`select kernel_logic.give_password(${id}, ${await hash(password)})`;
    return { id };
  },
});

/** Switches a user on or off; off ends the user's sessions at once. Error: `not_found`. */
export const setUserActive = operation({
  name: 'identity.user.switch',
  label: 'Switch on or off',
  permission: 'identity.manage_users',
  input: z.strictObject({ id: Id('identity.user'), is_active: z.boolean() }),
  actions: [
    {
      label: 'Switch off',
      when: { is_active: true },
      input: { is_active: false },
      question: 'The user is signed out everywhere and can’t sign in any more.',
    },
    {
      label: 'Switch on',
      when: { is_active: false },
      input: { is_active: true },
      question: 'The user can sign in again.',
    },
  ],
  example:
    'kontor identity user switch --id 0197a0de-0000-7000-8000-000000000000 --is-active false',
  sql: 'kernel_logic.switch_user',
});

const Given = z.strictObject({
  id: Id('identity.user'),
  role: z.string().max(100),
  store_id: Id('master.store').nullish(),
});

/** Gives a user a role, in one store or in all. Errors: `role_not_there`, `not_permitted`, `not_found`. */
export const giveRole = operation({
  name: 'identity.user.give_role',
  label: 'Give a role',
  permission: 'identity.manage_users',
  input: Given,
  example: 'kontor user role --username mia --role manager --store HILL',
  sql: 'kernel_logic.give_role',
});

/** Takes a role away, at once. Errors: as `give_role`, and `last_administrator`. */
export const takeRole = operation({
  name: 'identity.user.take_role',
  label: 'Take a role away',
  permission: 'identity.manage_users',
  input: Given,
  example: 'kontor user role --username mia --role manager --store HILL --remove',
  sql: 'kernel_logic.take_role',
});
