import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../kernel/database/connect.ts';
import { CURRENCIES } from '../../kernel/database/currencies.ts';
import { checked } from '../../kernel/http/input.ts';
import { setUp } from '../../kernel/identity/door.ts';
import { root } from '../../kernel/modules.ts';
import { Problem, problem } from '../../kernel/problem.ts';
import { PROFILES } from './profiles.ts';

export const COUNTRIES = [
  { code: 'ZZ', name: 'Anywhere (generic)', currency: 'EUR' },
  { code: 'US', name: 'United States', currency: 'USD' },
];

export const SetUp = z.strictObject({
  profile: z.enum(['retail']),
  company: z.string().trim().min(1, 'How is the business called?').max(100),
  country: z.string().regex(/^[A-Z]{2}$/, 'Choose a country pack.'),
  currency: z.enum(CURRENCIES.map((c) => c.code) as [string, ...string[]], 'Choose a currency.'),
  store: z.string().trim().max(100).optional(),
  time_zone: z.string().max(60).optional(),
  username: z.string().regex(/^\S{1,60}$/, 'A username has no spaces and at most 60 characters.'),
  password: z.string().max(200),
  demo: z.boolean().optional(),
});
export type SetUpInput = z.infer<typeof SetUp>;

export interface Progress {
  state: 'running' | 'done' | 'failed';
  step: string;
  done: number;
  total: number;
  problem?: { code: string; detail: string };
}

/** Makes the business and, where asked for, fills it with a year of a made-up shop. */
export async function setUpBusiness(
  on: { db: Database; home: string },
  input: SetUpInput,
  onProgress: (step: string, done: number, total: number) => void,
): Promise<void> {
  const made = await setUp(
    on.db,
    input.demo ? { ...input, store: 'Hill', store_code: 'HILL' } : input,
  );
  if (!input.demo) return;
  const { makeDemo } = await import('./demo.ts');
  await makeDemo(on, { user_id: made.user_id, onProgress });
}

/** First run in the browser: open to anyone who reaches it until it is done, then shut for good. */
export function setUpRoutes(app: FastifyInstance, on: { db: Database; home: string }): void {
  const { db } = on;
  let progress: Progress | undefined;

  app.get('/api/v1/setup', async () => ({
    ...(await state(db)),
    profiles: PROFILES.filter((p) =>
      p.modules.every((m) => existsSync(join(root, 'modules', m))),
    ).map(({ name, title }) => ({ name, title })),
    countries: COUNTRIES,
    currencies: CURRENCIES,
  }));

  app.post('/api/v1/setup', async (request, reply) => {
    const input = checked(SetUp, request.body);
    const { done, company } = await state(db);
    if (done) throw problem('already_set_up', { company: company ?? '' });
    if (progress?.state === 'running') return reply.status(202).send(progress);
    const now: Progress = { state: 'running', step: 'Making the business', done: 0, total: 0 };
    progress = now;
    // The business itself is made before the answer, so that what is wrong is told beside its field.
    const ready = Promise.withResolvers<void>();
    setUpBusiness(on, input, (step, doneSoFar, total) => {
      Object.assign(now, { step, done: doneSoFar, total });
      ready.resolve();
    }).then(
      () => {
        now.state = 'done';
        ready.resolve();
      },
      (error) => {
        request.log.error({ err: error }, 'set-up failed');
        const known =
          error instanceof Problem ? error : problem('internal', { request_id: request.id });
        Object.assign(now, {
          state: 'failed',
          problem: { code: known.code, detail: known.message },
        });
        ready.reject(error);
      },
    );
    await ready.promise;
    return reply.status(202).send(now);
  });

  app.get(
    '/api/v1/setup/progress',
    async () => progress ?? { state: 'done', step: '', done: 0, total: 0 },
  );
}

async function state(
  db: Database,
): Promise<{ done: boolean; company: string | null; is_demo: boolean }> {
  const { rows } = await db.app.query('select master_logic.is_set_up() as state');
  return JSON.parse(rows[0].state);
}
