import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { list } from '../database/reading/list.ts';
import { asProblem } from '../database/refusal.ts';
import { call, checkedInput } from '../database/writing/call.ts';
import { operation } from '../operation.ts';
import { Problem, problem } from '../problem.ts';
import { cancellable } from './cancellable.ts';
import type { AnyJob, Run } from './job.ts';
import type { WorkerOptions } from './worker.ts';

/** A run as a worker took it up, with the token by which it acts. */
export interface Taken {
  id: string;
  job: string;
  input: unknown;
  session: string;
  token: string;
  attempt: number;
  attempts: number;
}

export interface Attempt {
  /** Asks it to stop: job_cancelled, job_actor_off, job_too_long, job_lost or stopping. */
  stop(why: string): void;
  ended: Promise<void>;
}

interface End {
  state: 'waiting' | 'done' | 'failed' | 'cancelled';
  code?: string;
  said?: string;
  result?: unknown;
  waitSeconds?: number;
}

/** Work that does not heed its signal is given up after so long. */
const GRACE_MS = 5000;
const TELL_MS = 1000;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 6 * 3600;

/** Does one run once, and tells how it ended. */
export function attempt(taken: Taken, job: AnyJob, options: WorkerOptions): Attempt {
  const abort = new AbortController();
  return {
    stop: (why) => abort.abort(new Error(why)),
    ended: work(taken, job, options, abort.signal).catch((error) =>
      // The database is away: the run is taken back once this worker is silent for long enough.
      options.log.warn({ err: error, run: taken.id }, 'the end of a job could not be told'),
    ),
  };
}

async function work(
  taken: Taken,
  job: AnyJob,
  options: WorkerOptions,
  signal: AbortSignal,
): Promise<void> {
  const telling = new Telling(options.db, taken.session);
  let end: End;
  try {
    const input = checkedInput(job, taken.input);
    const run = runOf(taken, job, options, signal, telling);
    const result = await Promise.race([job.run(run, input), givenUp(signal)]);
    end = { state: 'done', result };
  } catch (error) {
    end = signal.aborted ? stopped(signal.reason.message) : failed(error, taken, options);
  }
  await telling.over();
  if (signal.reason?.message === 'job_lost') return;
  const { state, code = null, said = null, result = null, waitSeconds = 0 } = end;
  const answer = result === undefined ? null : JSON.stringify(result);
  await options.db.door.query('select jobs_logic.finish($1, $2, $3, $4, $5, $6)', [
    ...[taken.session, state, code, said, answer, waitSeconds],
  ]);
}

async function givenUp(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await wait(GRACE_MS, undefined, { ref: false });
  throw signal.reason;
}

function runOf(
  { id, token, attempt }: Taken,
  job: AnyJob,
  { db: given, home }: WorkerOptions,
  signal: AbortSignal,
  telling: Telling,
): Run {
  const db = cancellable(given, signal);
  const caller = { token, request_id: id, address: 'job' };
  const { name, label, permission } = job;
  return {
    id,
    attempt,
    signal,
    home,
    progress: (fraction, step) => telling.tell(fraction, step),
    write: (body) => {
      const said = { name, label, permission, input: z.unknown(), example: '', keyed: false };
      return call(db, operation({ ...said, run: body }), caller, {});
    },
    call: (operation, input, key = randomUUID()) => call(db, operation, { ...caller, key }, input),
    list: (table, spec) => list(db, token, table, spec),
    async print(which, wish) {
      const { printDocument } = await import('../print/document.ts');
      return await printDocument(db, token, which, wish);
    },
    async secret(name) {
      const { rows } = await given.door.query('select kernel_logic.secret_of($1) as said', [name]);
      return rows[0].said;
    },
  };
}

function stopped(why: string): End {
  if (why === 'job_cancelled') return { state: 'cancelled' };
  if (why === 'stopping') return { state: 'waiting' };
  const known = why === 'job_too_long' ? problem('job_too_long') : problem('job_actor_off');
  return { state: 'failed', code: known.code, said: known.message };
}

/** A refusal is final: it would be the same again. All else is tried again, later each time. */
function failed(error: unknown, { id, attempt, attempts }: Taken, { log }: WorkerOptions): End {
  const known = asProblem(error);
  if (known instanceof Problem && known.code === 'not_signed_in') return stopped('job_actor_off');
  const told = known instanceof Problem ? known : problem('job_failed', { run: id });
  if (!(known instanceof Problem)) log.warn({ err: error, run: id }, 'a job failed');
  const final = known instanceof Problem && told.status < 500 && told.status !== 429;
  const end = { code: told.code, said: told.message };
  if (final || attempt >= attempts) return { state: 'failed', ...end };
  return { state: 'waiting', waitSeconds: waitSeconds(attempt), ...end };
}

/** 5 s, 10 s, 20 s … at most six hours, each a quarter more or less, so that not all come at once. */
function waitSeconds(attempt: number): number {
  const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS);
  return Math.round(wait * (0.75 + Math.random() / 2));
}

/** Tells the progress of a run, the first at once, then the latest once a second. */
class Telling {
  readonly #db: Database;
  readonly #session: string;
  #last: [number, string | null] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #told = 0;

  constructor(db: Database, session: string) {
    this.#db = db;
    this.#session = session;
  }

  tell(fraction: number, step?: string): void {
    const share = Math.min(Math.max(fraction, 0), 1) || 0;
    this.#last = [Math.round(share * 1e5) / 1e5, step?.slice(0, 200) ?? null];
    const due = this.#told + TELL_MS - Date.now();
    this.#timer ??= setTimeout(() => this.#send(), Math.max(due, 0)).unref();
  }

  async over(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sent;
  }

  #send(): void {
    this.#timer = undefined;
    this.#told = Date.now();
    const values = [this.#session, ...(this.#last ?? [])];
    this.#sent = this.#db.door
      .query('select jobs_logic.tell_progress($1, $2, $3)', values)
      .catch(() => {});
  }
}
