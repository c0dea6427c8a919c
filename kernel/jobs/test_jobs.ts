import type { World } from '#kernel/test';
import type { Database } from '../database/connect.ts';
import { z } from '../operation.ts';
import { type AnyJob, job } from './job.ts';
import { startWorker, type Worker } from './worker.ts';

const told = { permission: 'jobs.use' as const, input: z.object({}) };

/** Writes once, as its actor. */
export const quick = job({
  ...told,
  name: 'kernel.story.quick',
  label: 'Quick',
  attempts: 3,
  run: (run) => run.write(({ sql }) => sql.one`select kernel_logic.actor() as actor`),
});

/** Sleeps in the database the first time, and is quick after that. */
export const slow = job({
  ...told,
  name: 'kernel.story.slow',
  label: 'Slow',
  attempts: 3,
  run: (run) =>
    run.write(async ({ sql }) => {
      run.progress(0.25, 'Sleeping');
      if (run.attempt === 1) await sql.many`select pg_sleep(20)`;
      return { attempt: run.attempt };
    }),
});

/** Fails on our side until its third attempt; a refusal where it is asked for one. */
export const shaky = job({
  ...told,
  name: 'kernel.story.shaky',
  label: 'Shaky',
  attempts: 4,
  input: z.object({ refused: z.boolean().optional() }),
  async run(run, { refused }) {
    if (refused) await run.write(({ sql }) => sql.many`select kernel_logic.refuse('not_found')`);
    if (run.attempt < 3) throw new Error('a secret path /x/y.ts:3');
  },
});

const storyJobs = new Map([quick, slow, shaky].map((j) => [j.name, j as AnyJob]));

/** Makes the stories' jobs known, as deploy does with those of modules. */
export async function knowStoryJobs({ behind }: World): Promise<void> {
  for (const { name, label, permission, attempts } of storyJobs.values()) {
    await behind('insert into jobs.job values ($1, $2, $3, $4)', name, label, permission, attempts);
    await behind('insert into kernel.operation values ($1, $2, null, false)', name, permission);
  }
}

const workers: Worker[] = [];

export function storyWorker(
  db: Database,
  jobs: Map<string, AnyJob> = storyJobs,
  home = '',
): Worker {
  const worker = startWorker({
    db,
    home,
    jobs,
    log: { warn: (what, message) => console.error(message, what) },
  });
  workers.push(worker);
  return worker;
}

/** Those that a failing story left behind. */
export async function closeWorkers(): Promise<void> {
  await Promise.all(workers.map((w) => w.close()));
}

/** Waits for what must come, looking again and again; fails after ten seconds. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + 10_000; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It never came: ${look}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}
