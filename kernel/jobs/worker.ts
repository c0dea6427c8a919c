import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from '../database/connect.ts';
import { type Attempt, attempt, type Taken } from './attempt.ts';
import { nextTime } from './cron.ts';
import type { AnyJob } from './job.ts';

/** What a worker says of itself; a server's log will do. */
interface Log {
  warn(what: object, message: string): void;
}

export interface WorkerOptions {
  db: Database;
  home: string;
  jobs: Map<string, AnyJob>;
  log: Log;
  /** How many jobs run at once in this process. */
  places?: number;
}

export interface Worker {
  /** Looks for work at once. */
  wake(): void;
  /** Stops what runs (it waits for another worker, or for the next start) and leaves. */
  close(): Promise<void>;
}

const IDLE_MS = 500;
const BUSY_MS = 200;
const PLACES = 4;

interface Beat {
  taken: Taken[];
  stop: { session: string; why: string }[];
  due: { id: string; cron: string; next_run_at: string | null; time_zone: string }[];
}

/** Does jobs in this process: any number of processes may, on one database, also through a pooler. */
export function startWorker(options: WorkerOptions): Worker {
  const { db, jobs, log, places = PLACES } = options;
  const id = randomUUID();
  const running = new Map<string, Attempt>();
  const known = [...jobs.keys()];
  let closed = false;
  let woken = false;
  let rouse = (): void => {};

  const beat = async (): Promise<void> => {
    const { rows } = await db.door.query({
      name: 'beat',
      text: 'select jobs_logic.beat($1, $2, $3, $4, $5, $6) as said',
      values: [id, hostname(), process.pid, known, [...running.keys()], places - running.size],
    });
    const { taken, stop, due } = JSON.parse(rows[0].said) as Beat;
    for (const { session, why } of stop) running.get(session)?.stop(why);
    for (const one of taken) {
      const work = attempt(one, jobs.get(one.job)!, options);
      running.set(one.session, work);
      void work.ended.then(() => {
        running.delete(one.session);
        wake();
      });
    }
    for (const schedule of due) await fire(db, schedule);
    if (due.length > 0) wake();
  };
  const wake = (): void => {
    woken = true;
    rouse();
  };
  const loop = async (): Promise<void> => {
    while (!closed) {
      woken = false;
      await beat().catch((error) => log.warn({ err: error }, 'no jobs are taken up'));
      if (!woken) await rest(running.size > 0 ? BUSY_MS : IDLE_MS);
    }
  };
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const looping = loop();
  return {
    wake,
    async close() {
      closed = true;
      wake();
      await looping;
      for (const work of running.values()) work.stop('stopping');
      await Promise.all([...running.values()].map((work) => work.ended));
      await db.door.query('select jobs_logic.leave($1)', [id]).catch(() => {});
    },
  };
}

/** Moves a schedule to its next time; the first of several workers to do so queues the run. */
async function fire(db: Database, { id, cron, next_run_at, time_zone }: Beat['due'][number]) {
  const next = nextTime(cron, time_zone, new Date());
  await db.door.query('select jobs_logic.fire($1, $2, $3)', [id, next_run_at, next]);
}
