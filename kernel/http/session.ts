import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { approve, changePassword, endSession, signIn, touchSession } from '../identity/door.ts';
import { hook } from '../modules.ts';
import { problem } from '../problem.ts';
import { checked } from './input.ts';
import { menuFor } from './menu.ts';
import { COOKIE, csrfOf, tokenOf } from './who.ts';

const SignIn = z.strictObject({
  login: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
  bearer: z.boolean().optional(),
});
const Change = z.strictObject({
  old_password: z.string().max(200),
  new_password: z.string().max(200),
});
const Approve = z.strictObject({
  login: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
  operation: z.string().max(100),
  input: z.unknown(),
});

/** Sign in and out, who am I, one's own password, a second person's approval. */
export function sessionRoutes(app: FastifyInstance, db: Database, secure: boolean): void {
  // Answers with a secret are not compressed: their length would tell of it (BREACH).
  const plain = { compress: false } as const;
  const limited = { ...plain, config: { rateLimit: { max: 30, timeWindow: '1 minute' } } };

  app.post('/api/v1/session', limited, async (request, reply) => {
    const { login, password, bearer } = checked(SignIn, request.body);
    const agent = request.headers['user-agent'];
    const kind = bearer ? 'bearer' : 'browser';
    const { token } = await signIn(db, { login, password, kind, address: request.ip, agent });
    if (!bearer) setCookie(reply, token, secure);
    return { ...(await me(db, token)), ...(bearer ? { token } : {}) };
  });

  app.get('/api/v1/session', plain, async (request) => {
    await checkSetUp(db);
    const token = tokenOf(request);
    await touchSession(db, token);
    return me(db, token);
  });

  app.delete('/api/v1/session', async (request, reply) => {
    await endSession(db, tokenOf(request));
    reply.clearCookie(COOKIE, { path: '/' });
    return { ended: true };
  });

  app.post('/api/v1/session/password', limited, async (request) => {
    const token = tokenOf(request);
    const { user } = await me(db, token);
    await changePassword(db, user.username, checked(Change, request.body), token);
    return me(db, token);
  });

  app.post('/api/v1/approval', limited, async (request) => {
    const token = tokenOf(request);
    const given = checked(Approve, request.body);
    return {
      approval: await approve(db, { token, address: request.ip, ...given, input: given.input }),
    };
  });
}

function setCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: 7 * 86_400,
  });
}

interface Me {
  user: { id: string; username: string; name: string; must_change_password: boolean };
  permissions: Record<string, string[]>;
  roles: { role: string }[];
}

async function me(db: Database, token: string) {
  try {
    const [said, around] = await Promise.all([
      db.app.query('select kernel_logic.me($1) as me', [token]),
      db.app.query(`select ${await hook('around')}($1) as around`, [token]),
    ]);
    const person = JSON.parse(said.rows[0].me) as Me;
    return {
      csrf: csrfOf(token),
      ...person,
      ...JSON.parse(around.rows[0].around),
      ...(await menuFor(db, token, person)),
      now: new Date().toISOString(),
    };
  } catch (error) {
    throw asProblem(error);
  }
}

async function checkSetUp(db: Database): Promise<void> {
  try {
    const { rows } = await db.app.query(`select ${await hook('is_set_up')}() as state`);
    if (!JSON.parse(rows[0].state).done) throw problem('not_set_up');
  } catch (error) {
    throw asProblem(error);
  }
}
