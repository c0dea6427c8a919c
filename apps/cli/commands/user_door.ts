import { hash } from '@node-rs/argon2';
import { passwordProblem } from '../../../kernel/identity/password.ts';
import { weakPassword } from '../../../kernel/identity/user.ts';
import { problem } from '../../../kernel/problem.ts';
import type { LocalDesk } from '../desk/local.ts';

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
