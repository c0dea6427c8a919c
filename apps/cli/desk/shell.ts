import { userInfo } from 'node:os';
import type { Database } from '../../../kernel/database/connect.ts';
import { endSession, startSession } from '../../../kernel/identity/door.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';

registerSentences({
  shell_switched_off: {
    status: 403,
    sentence: '{username} is switched off here. An administrator can switch it on again.',
  },
});

/** A session for one command of the person at this machine's shell. */
export interface ShellSession {
  token: string;
  user_id: string;
  end(): Promise<void>;
}

/**
 * Lets the owner of the data home in, as the user `shell:<name in the system>`: whoever reads the
 * home's secrets could do anything to the database anyway, and so it stands in the trail.
 * Errors: not_set_up, shell_switched_off.
 */
export async function startShellSession(db: Database): Promise<ShellSession> {
  const username = shellName();
  const { rows } = await db.door.query(
    `select u.id, u.is_active, (master_logic.is_set_up()->>'done')::boolean as done
       from (select) one left join identity.user u on u.username = $1`,
    [username],
  );
  const { id, is_active, done } = rows[0];
  if (!done) throw problem('not_set_up');
  if (id && !is_active) throw problem('shell_switched_off', { username });
  const user_id = id ?? (await makeShellUser(db, username));
  const token = await startSession(db, user_id, { kind: 'shell', address: 'shell' });
  return { token, user_id, end: () => endSession(db, token) };
}

// '!' is the hash of no password: nobody signs in as this user.
async function makeShellUser(db: Database, username: string): Promise<string> {
  const { rows } = await db.door.query(
    `with made as (
       insert into identity.user (username, name, password_hash) values ($1, $2, '!')
       on conflict (username) do nothing returning id),
     told as (
       insert into audit.request (actor_id, operation, address)
       select id, 'identity.user.make', 'shell' from made),
     given as (
       insert into identity.user_role (user_id, role) select id, 'administrator' from made)
     select id from made`,
    [username, `${username.slice('shell:'.length)} at the shell`],
  );
  if (rows[0]) return rows[0].id;
  // Two first commands at once: the other one made it.
  const found = await db.door.query('select id from identity.user where username = $1', [username]);
  return found.rows[0].id;
}

function shellName(): string {
  return `shell:${systemUser().replaceAll(/\s+/g, '_').slice(0, 50)}`;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user of the system has.
    return String(process.getuid?.() ?? 'unknown');
  }
}
