import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { hook } from '../modules.ts';
import { problem } from '../problem.ts';
import { passwordProblem } from './password.ts';
import { weakPassword } from './user.ts';

export interface SignIn {
  login: string;
  password: string;
  kind: 'browser' | 'bearer' | 'shell';
  address?: string | undefined;
  agent?: string | undefined;
}

interface Known {
  id: string;
  name: string;
  username: string;
  password_hash: string;
  failed_sign_ins: number;
  minutes: number | null;
}

// Checked where the login is nobody's, so that both answers take as long.
const nobodysHash = hash(randomBytes(16).toString('hex'));

/**
 * Checks a password and starts a session; answers its token, which is kept nowhere else.
 * Errors: sign_in_refused (unknown and wrong alike), locked_out.
 */
export async function signIn(
  db: Database,
  given: SignIn,
): Promise<{ token: string; user_id: string }> {
  const user = await checkPassword(db, given.login, given.password, given.address, 'signed_in');
  return { token: await startSession(db, user.id, given), user_id: user.id };
}

/** Starts a session for a user who proved themselves; absolute end after seven days. */
export async function startSession(
  db: Database,
  user: string,
  { kind, address, agent }: Pick<SignIn, 'kind' | 'address' | 'agent'>,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.door.query(
    `insert into identity.session (token_hash, user_id, kind, address, agent, expires_at)
     values ($1, $2, $3, $4, $5, now() + interval '7 days')`,
    [sha256(token), user, kind, address ?? null, agent?.slice(0, 200) ?? null],
  );
  return token;
}

export async function endSession(db: Database, token: string): Promise<void> {
  await db.door.query(
    'update identity.session set ended_at = now() where token_hash = $1 and ended_at is null',
    [sha256(token)],
  );
}

/** Says that a session is used: at most once a minute, outside of any business transaction. */
export async function touchSession(db: Database, token: string): Promise<void> {
  await db.door.query(
    `update identity.session set last_seen_at = now()
      where token_hash = $1 and last_seen_at < now() - interval '1 minute'
        and last_seen_at > now() - interval '12 hours'`,
    [sha256(token)],
  );
}

/** A second person's consent to one call of the first; good for five minutes and one use. */
export async function approve(
  db: Database,
  given: {
    token: string;
    login: string;
    password: string;
    operation: string;
    input: unknown;
    address?: string | undefined;
  },
): Promise<string> {
  const { rowCount: signedIn } = await db.door.query(
    'select from identity.session where token_hash = $1 and ended_at is null and expires_at > now()',
    [sha256(given.token)],
  );
  if (!signedIn) throw problem('not_signed_in');
  const approver = await checkPassword(db, given.login, given.password, given.address, 'approved');
  const { rows: may } = await db.door.query(
    `select from kernel.operation o join identity.role_permission p on p.permission = o.permission
       join identity.user_role u on u.role = p.role
      where o.name = $1 and u.user_id = $2`,
    [given.operation, approver.id],
  );
  if (may.length === 0) throw problem('approver_not_permitted', { name: approver.name });
  const consent = randomBytes(32).toString('base64url');
  const { rowCount } = await db.door.query(
    `insert into identity.approval (token_hash, approver_id, actor_id, operation, body_hash, expires_at)
     select $1, $2, s.user_id, $3, sha256(convert_to($4::jsonb::text, 'UTF8')), now() + interval '5 minutes'
       from identity.session s where s.token_hash = $5 and s.ended_at is null`,
    [
      sha256(consent),
      approver.id,
      given.operation,
      JSON.stringify(given.input),
      sha256(given.token),
    ],
  );
  if (!rowCount) throw problem('not_signed_in');
  return consent;
}

/** Changes one's own password and ends one's other sessions. Errors: sign_in_refused, password_weak. */
export async function changePassword(
  db: Database,
  username: string,
  given: { old_password: string; new_password: string },
  token: string,
): Promise<void> {
  const user = await checkPassword(db, username, given.old_password, undefined, 'signed_in');
  const why =
    given.old_password === given.new_password
      ? 'It must differ from the old one.'
      : passwordProblem(given.new_password, user.username);
  if (why) throw weakPassword(why);
  await db.door.query(
    `update identity.user set password_hash = $1, must_change_password = false, password_changed_at = now()
      where id = $2`,
    [await hash(given.new_password), user.id],
  );
  await db.door.query(
    `update identity.session set ended_at = now()
      where user_id = $1 and ended_at is null and token_hash <> $2`,
    [user.id, sha256(token)],
  );
}

/** Makes the business from nothing. Errors: already_set_up, password_weak. */
export async function setUp(
  db: Database,
  { password, ...given }: { username: string; password: string } & Record<string, unknown>,
): Promise<{ user_id: string; company_id: string; store_id: string }> {
  const why = passwordProblem(password, given.username);
  if (why) throw weakPassword(why);
  try {
    const { rows } = await db.door.query(`select ${await hook('set_up')}($1) as made`, [
      JSON.stringify({ ...given, password_hash: await hash(password) }),
    ]);
    return JSON.parse(rows[0].made);
  } catch (error) {
    throw asProblem(error);
  }
}

async function checkPassword(
  db: Database,
  login: string,
  password: string,
  address: string | undefined,
  good: 'signed_in' | 'approved',
): Promise<Known> {
  const { rows } = await db.door.query<Known>(
    `select id, name, username, password_hash, failed_sign_ins,
            case when locked_until > now() then ceil(extract(epoch from locked_until - now()) / 60)::integer end as minutes
       from identity.user where (username = $1 or email = lower($1)) and is_active`,
    [login],
  );
  const user = rows[0];
  const right = await verify(user?.password_hash ?? (await nobodysHash), password).catch(
    () => false,
  );
  const outcome = !user || !right ? 'refused' : user.minutes ? 'locked' : good;
  await db.door.query(
    `insert into identity.sign_in_attempt (login, user_id, address, outcome) values ($1, $2, $3, $4)`,
    [login.slice(0, 60), user?.id ?? null, address ?? null, outcome],
  );
  if (user?.minutes) throw problem('locked_out', { minutes: user.minutes });
  if (!user || !right) {
    if (user) await countFailure(db, user.id);
    throw problem('sign_in_refused');
  }
  await db.door.query(
    `update identity.user set failed_sign_ins = 0, locked_until = null, last_sign_in_at = now() where id = $1`,
    [user.id],
  );
  return user;
}

/** After five failures a minute, then two, four … at most a day. */
async function countFailure(db: Database, user: string): Promise<void> {
  await db.door.query(
    `update identity.user set failed_sign_ins = failed_sign_ins + 1,
            locked_until = case when failed_sign_ins >= 4
              then now() + least(interval '1 minute' * power(2, failed_sign_ins - 4), interval '1 day') end
      where id = $1`,
    [user],
  );
}

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest();
