import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import { wording } from '../../i18n/language.ts';
import type { AnyOperation, Operation } from '../../operation.ts';
import { type FieldError, problem } from '../../problem.ts';
import type { Database } from '../connect.ts';
import { retrying } from '../refusal.ts';
import { sqlOn } from '../sql.ts';
import { timed } from '../timed.ts';

/** Who calls, under what key, and what the trail should know of the request. */
export interface Caller {
  token: string;
  key?: string;
  request_id?: string | undefined;
  address?: string | undefined;
  approval?: string | undefined;
}

/**
 * The writing door: checks the input, then runs the operation in one transaction with its actor,
 * key and trail. Answers what the operation answers, exact numbers as text.
 */
export async function call<I, O>(
  db: Database,
  op: Operation<I, O>,
  caller: Caller,
  input: unknown,
): Promise<O> {
  const body = checkedInput(op, input);
  return await timed('operation', op.name, () =>
    retrying(() =>
      op.sql ? inOneStatement(db, op, caller, body) : inTypeScript(db, op, caller, body),
    ),
  );
}

/** The input as the operation takes it. Error: input_wrong, naming each field. */
export function checkedInput<I>(op: { input: z.ZodType<I> }, input: unknown): I {
  const parsed = op.input.safeParse(input ?? {}, wording());
  if (parsed.success) return parsed.data;
  const errors: FieldError[] = parsed.error.issues.slice(0, 50).map((issue) => ({
    field:
      issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : ''),
    code: issue.code,
    message: issue.message,
  }));
  throw problem('input_wrong', {}, undefined, errors);
}

/** An answer's JSON with exact numbers kept as the text that PostgreSQL wrote. */
export function parseAnswer<T>(text: string, exact: Set<string>): T {
  return JSON.parse(text, function reviver(
    this: unknown,
    key: string,
    value: unknown,
    context?: { source?: string },
  ) {
    return typeof value === 'number' && exact.has(key) ? context?.source : value;
  } as (this: unknown, key: string, value: unknown) => unknown);
}

function contextOf({ request_id, address, approval }: Caller): string {
  return JSON.stringify({ request_id, address, ...(approval ? { approval } : {}) });
}

async function inOneStatement<I, O>(
  db: Database,
  op: Operation<I, O>,
  caller: Caller,
  body: I,
): Promise<O> {
  const { rows } = await db.app.query({
    name: 'call',
    text: 'select kernel_logic.call($1, $2, $3, $4, $5) as answer',
    values: [caller.token, op.name, caller.key ?? null, JSON.stringify(body), contextOf(caller)],
  });
  return parseAnswer(rows[0].answer ?? 'null', db.exact);
}

/** begin, actor and key, … remember, commit: sent without waiting wherever nothing is read. */
async function inTypeScript<I, O>(
  db: Database,
  op: Operation<I, O>,
  caller: Caller,
  body: I,
): Promise<O> {
  const client = await db.app.connect();
  const hash = createHash('sha256').update(JSON.stringify(body)).digest();
  let failed: Error | undefined;
  try {
    const [, begun] = await Promise.all([
      client.query('begin'),
      client.query({
        name: 'begin_call',
        text: `select b, kernel_logic.actor() as actor
                 from kernel_logic.begin_call($1, $2, $3, $4, $5) b`,
        values: [caller.token, op.name, caller.key ?? null, hash, contextOf(caller)],
      }),
    ]);
    const state = JSON.parse(begun.rows[0].b) as { answered?: boolean; result?: O };
    if (state.answered) {
      await client.query('commit');
      return state.result as O;
    }
    const result = await runBody(db, client, op, begun.rows[0].actor, body);
    const remember =
      op.keyed === false
        ? undefined
        : client.query({
            name: 'remember',
            text: 'select kernel_logic.remember($1, $2, $3, $4)',
            values: [op.name, caller.key ?? null, hash, JSON.stringify(result ?? null)],
          });
    await Promise.all([remember, client.query('commit')]);
    return result;
  } catch (error) {
    failed = error as Error;
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release(
      failed && 'code' in failed && String(failed.code).startsWith('08') ? failed : undefined,
    );
  }
}

function runBody<I, O>(
  db: Database,
  client: PoolClient,
  op: Operation<I, O>,
  actor: string,
  body: I,
): Promise<O> {
  const sql = sqlOn(client);
  return op.run!(
    {
      sql,
      actor,
      async call<I2, O2>(other: AnyOperation, input: I2) {
        if (!other.sql) throw new Error(`${other.name} has no SQL body to call.`);
        const { rows } = await client.query(
          `select to_jsonb(r) as answer from ${other.sql}($1) r`,
          [JSON.stringify(checkedInput(other, input))],
        );
        return parseAnswer<O2>(rows[0].answer, db.exact);
      },
      async enqueue(job, input, { runAt = null, key = null } = {}) {
        const body = JSON.stringify(checkedInput(job, input));
        const { id } = await sql.one<{ id: string }>`
          select jobs_logic.enqueue(${job.name}, ${body}, ${runAt}, ${key}) as id`;
        return id;
      },
    },
    body,
  );
}
