import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { uuidv7, type World } from '#kernel/test';
import type { RecordedCall } from '../../kernel/http/openapi_examples.ts';
import { makeServer } from '../../kernel/http/server.ts';

/** One step of a recording: `{{name}}` stands for what an earlier answer held, or is made new. */
export interface Step extends RecordedCall {
  as: 'cashier' | 'manager' | 'administrator';
  headers?: Record<string, string>;
  /** What later steps need of the answer: name → where it stands, such as `id` or `rows.0.id`. */
  keep?: Record<string, string>;
}

export type Asked = Omit<Step, 'status' | 'answer'>;

/** Plays steps against a server of their own; `told` gets each with what was answered. */
export async function play(
  world: World,
  steps: Asked[],
  told: (step: Asked, status: number, answer: unknown) => void,
): Promise<void> {
  const log = pino({ level: 'silent' });
  const app = await makeServer(
    { db: world.db, home: tmpdir(), log, version: 'recorded' },
    async () => {},
  );
  const base = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const known = new Map([['hill', String(hill?.id)]]);
  const tokens = new Map<string, string>();
  try {
    for (const step of steps) {
      if (!tokens.has(step.as)) tokens.set(step.as, (await world.as(step.as)).token);
      const response = await fetch(base + filled(step.path, known), {
        method: step.method,
        headers: {
          authorization: `Bearer ${tokens.get(step.as)}`,
          ...(step.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(step.method === 'POST' ? { 'idempotency-key': uuidv7() } : {}),
          ...step.headers,
        },
        ...(step.body === undefined ? {} : { body: filled(JSON.stringify(step.body), known) }),
      });
      const text = await response.text();
      const answer = text ? JSON.parse(text) : null;
      for (const [name, place] of Object.entries(step.keep ?? {})) {
        const found = place.split('.').reduce((at, key) => at?.[key], answer);
        assert.ok(found, `${step.path} answered no ${place}: ${text.slice(0, 300)}`);
        known.set(name, String(found));
      }
      told(step, response.status, answer);
    }
  } finally {
    await app.close();
  }
}

/** `{{new name}}` is made here and known from then on; `{{now}}` and `{{today}}` are the clock's. */
function filled(text: string, known: Map<string, string>): string {
  return text.replaceAll(/\{\{(new )?([a-z_]+)\}\}/g, (whole, fresh, name) => {
    if (name === 'now') return new Date().toISOString();
    if (name === 'today') return new Date().toISOString().slice(0, 10);
    if (fresh) known.set(name, uuidv7());
    return known.get(name) ?? assert.fail(`${whole} stands in a recording before it is known`);
  });
}
