import { hash } from '@node-rs/argon2';
import { passwordProblem } from '../../kernel/identity/password.ts';
import { weakPassword } from '../../kernel/identity/user.ts';
import { problem } from '../../kernel/problem.ts';
import type { LocalDesk } from './local.ts';

// No operation does these yet: the door writes them, and names the person in the trail.
const TOLD = `told as (
  insert into audit.request (actor_id, operation, address) values ($1, $2, 'shell'))`;

/** Gives a user a new password and ends the user's sessions. Errors: password_weak, user_unknown. */
export async function setPassword(
  { db, session }: LocalDesk,
  username: string,
  password: string,
  must_change: boolean,
): Promise<void> {
  const why = passwordProblem(password, username);
  if (why) throw weakPassword(why);
  const { rowCount } = await db.door.query(
    `with ${TOLD}, changed as (
       update identity.user set password_hash = $4, must_change_password = $5,
              password_changed_at = now(), failed_sign_ins = 0, locked_until = null
        where username = $3 and username not like 'shell:%' returning id),
     ended as (
       update identity.session set ended_at = now()
        where user_id in (select id from changed) and ended_at is null)
     select from changed`,
    [session.user_id, 'identity.user.set_password', username, await hash(password), must_change],
  );
  if (!rowCount) throw problem('user_unknown', { username });
}

/** Makes a user something, in one store or (null) in all. */
export async function giveRole(
  { db, session }: LocalDesk,
  user: string,
  role: string,
  store: string | null,
): Promise<void> {
  await db.door.query(
    `with ${TOLD}
     insert into identity.user_role (user_id, role, store_id) values ($3, $4, $5)
     on conflict (user_id, role, store_id) do nothing`,
    [session.user_id, 'identity.user.give_role', user, role, store],
  );
}

/** Takes a role away. Error: last_administrator. */
export async function takeRole(
  { db, session }: LocalDesk,
  user: string,
  role: string,
  store: string | null,
): Promise<void> {
  const { rowCount } = await db.door.query(
    `with ${TOLD}
     delete from identity.user_role r
      where r.user_id = $3 and r.role = $4 and r.store_id is not distinct from $5::uuid
        and (r.role <> 'administrator' or r.store_id is not null or exists (
              select from identity.user_role o join identity.user u on u.id = o.user_id
               where o.role = 'administrator' and o.store_id is null and o.user_id <> $3
                 and u.is_active and u.password_hash <> '!'))`,
    [session.user_id, 'identity.user.take_role', user, role, store],
  );
  if (rowCount) return;
  const { rowCount: there } = await db.door.query(
    'select from identity.user_role where user_id = $1 and role = $2 and store_id is not distinct from $3::uuid',
    [user, role, store],
  );
  throw problem(there ? 'last_administrator' : 'not_found');
}
