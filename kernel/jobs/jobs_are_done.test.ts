import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { story, theWorld, type World } from '#kernel/test';
import { tidyRecords } from '../database/tidy.job.ts';
import { call } from '../database/writing/call.ts';
import { operation, z } from '../operation.ts';
import {
  closeWorkers,
  knowStoryJobs,
  quick,
  shaky,
  slow,
  storyWorker,
  until,
} from './fixture/jobs.ts';
import type { Job } from './job.ts';

const tell = { name: 'kernel.story.tell', label: 'Tell', permission: 'jobs.use' as const };
before(async () => {
  const world = await theWorld();
  await knowStoryJobs(world);
  await world.behind(
    `insert into kernel.operation values ('kernel.story.tell', 'jobs.use', null, false)`,
  );
});

const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await closeWorkers();
});

/** Queues as an operation does, in its transaction. */
function enqueue<I>({ db }: World, token: string, job: Job<I>, input: I, then = () => {}) {
  const said = operation({
    ...{ ...tell, input: z.object({}), example: '', keyed: false },
    async run({ enqueue }) {
      const id = await enqueue(job, input);
      then();
      return { id };
    },
  });
  return call(db, said, { token }, {});
}

const runOf = async ({ behind }: World, id: string) =>
  (await behind('select * from jobs.run where id = $1', id))[0]!;
const ended = (world: World, id: string, state: string) =>
  until(async () => {
    const run = await runOf(world, id);
    if (run.ended_at && run.state !== state) throw new Error(JSON.stringify(run));
    return run.state === state && run;
  });
const sleeping = ({ behind }: World) =>
  behind(`select pid from pg_stat_activity where query ~ '^select pg_sleep' and state = 'active'
           and datname = current_database()`);

story('a job of a transaction that rolls back is none; it acts as who queued it', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const failing = () => {
    throw new Error('rolled back');
  };
  await assert.rejects(enqueue(world, mia.token, quick, {}, failing), /rolled back/);
  assert.deepEqual(await mia.list('jobs.run'), []);
  const { id } = await enqueue(world, mia.token, quick, {});
  const worker = storyWorker(world.db);
  const run = await ended(world, id, 'done');
  await worker.close();
  assert.deepEqual(run.result, { actor: mia.id });
  const trail = await world.behind(
    `select actor_id, request_id from audit.request where operation = 'kernel.story.quick'`,
  );
  assert.deepEqual(trail, [{ actor_id: mia.id, request_id: id }]);
  const open = await world.behind(`select from identity.session where kind = 'job'`);
  assert.equal(open.length, 0);
});

story('two workers do each job once; of one key only one waits', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const ids = await Promise.all(
    Array.from({ length: 40 }, () => enqueue(world, mia.token, quick, {})),
  );
  const keyed = () =>
    mia.sql(`select jobs_logic.enqueue('kernel.story.quick', '{}', null, 'one') as id`);
  assert.deepEqual(await keyed(), await keyed());
  const workers = [storyWorker(world.db), storyWorker(world.db)];
  for (const { id } of ids) assert.equal((await ended(world, id, 'done')).attempt, 1);
  await Promise.all(workers.map((w) => w.close()));
  const written = await world.behind(
    `select from audit.request where operation = 'kernel.story.quick' and actor_id = $1
        and request_id = any($2)`,
    ...[mia.id, ids.map(({ id }) => id)],
  );
  assert.equal(written.length, 40);
});

story('what fails is tried again, later each time; a refusal is final', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const { id } = await enqueue(world, mia.token, shaky, {});
  const { id: refused } = await enqueue(world, mia.token, shaky, { refused: true });
  const worker = storyWorker(world.db);
  const waits: number[] = [];
  for (const attempt of [1, 2]) {
    const run = await until(async () => {
      const now = await runOf(world, id);
      return now.state === 'waiting' && now.attempt === attempt && now;
    });
    waits.push((run.run_at as Date).getTime() - (run.started_at as Date).getTime());
    assert.equal(run.problem_code, 'job_failed');
    assert.doesNotMatch(String(run.problem_text), /secret/);
    await world.behind('update jobs.run set run_at = now() where id = $1', id);
  }
  assert.equal((await ended(world, id, 'done')).attempt, 3);
  assert.ok(waits[0]! > 3000 && waits[1]! > 7000, `waits of ${waits} ms`);
  const over = await ended(world, refused, 'failed');
  assert.deepEqual([over.attempt, over.problem_code], [1, 'not_found']);
  await world.refused('run_not_ended', () => mia.call('jobs.run.retry', { id }));
  await mia.call('jobs.run.retry', { id: refused });
  await until(async () => (await runOf(world, refused)).attempt === 1);
  await ended(world, refused, 'failed');
  await worker.close();
});

story('cancel stops the work and its statement within a second', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const worker = storyWorker(world.db);
  const { id } = await enqueue(world, mia.token, slow, {});
  await until(async () => (await sleeping(world)).length === 1);
  await until(async () => (await runOf(world, id)).progress_text === 'Sleeping');
  const other = await world.as('cashier', { store: 'HILL' });
  await world.refused('not_found', () => other.call('jobs.run.cancel', { id }));
  const asked = Date.now();
  await mia.call('jobs.run.cancel', { id });
  const run = await ended(world, id, 'cancelled');
  assert.ok(Date.now() - asked < 1000, `it took ${Date.now() - asked} ms`);
  assert.deepEqual(await sleeping(world), []);
  assert.equal(run.problem_code, null);
  await world.refused('run_is_over', () => mia.call('jobs.run.cancel', { id }));
  await worker.close();
  const waiting = await enqueue(world, mia.token, slow, {});
  await mia.call('jobs.run.cancel', waiting);
  assert.equal((await runOf(world, waiting.id)).state, 'cancelled');
});

story('what a killed server was doing, another takes up', async (world) => {
  const { db, behind } = world;
  const mia = await world.as('cashier', { store: 'HILL' });
  const { id } = await enqueue(world, mia.token, slow, {});
  const child = fork(join(import.meta.dirname, 'fixture', 'process.ts'));
  children.push(child);
  child.send({ where: db.where, logins: db.logins });
  await until(async () => (await sleeping(world)).length === 1);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  // Its statement sleeps on, as one does whose client is gone.
  await behind('select pg_terminate_backend($1)', (await sleeping(world))[0]?.pid);
  const worker = storyWorker(db);
  assert.equal((await runOf(world, id)).state, 'running');
  await behind(
    `update jobs.worker set last_seen_at = now() - interval '16 seconds'
                 where id = (select worker_id from jobs.run where id = $1)`,
    id,
  );
  const run = await ended(world, id, 'done');
  assert.deepEqual(run.result, { attempt: 2 });
  await worker.close();
});

story('a server that stops in good order gives its work back, with the attempt', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const { id } = await enqueue(world, mia.token, slow, {});
  const worker = storyWorker(world.db);
  await until(async () => (await runOf(world, id)).state === 'running');
  await worker.close();
  const run = await runOf(world, id);
  assert.deepEqual([run.state, run.attempt, run.problem_code], ['waiting', 0, null]);
  await mia.call('jobs.run.cancel', { id });
});

story('the job of a user who is switched off is refused, also in the middle', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const worker = storyWorker(world.db);
  const { id: first } = await enqueue(world, mia.token, slow, {});
  await until(async () => (await sleeping(world)).length === 1);
  await mia.sql(`select jobs_logic.enqueue('kernel.story.quick', '{}', now() + interval '1 day')`);
  await owner.call('identity.user.switch', { id: mia.id, is_active: false });
  assert.equal((await ended(world, first, 'failed')).problem_code, 'job_actor_off');
  await world.behind(
    'update jobs.run set run_at = now() where actor_id = $1 and ended_at is null',
    mia.id,
  );
  const [later] = await until(async () => {
    const rows = await world.behind(
      `select * from jobs.run where actor_id = $1 and job = 'kernel.story.quick' and state = 'failed'`,
      mia.id,
    );
    return rows.length > 0 && rows;
  });
  assert.equal(later?.attempt, 0);
  assert.match(String(later?.problem_text), /switched off/);
  await worker.close();
});

story(
  'a schedule fires once with two workers, also what was missed; off, it does not',
  async (world) => {
    const { behind, db } = world;
    const owner = await world.as('administrator');
    const jobs = new Map([[tidyRecords.name, tidyRecords]]);
    const schedule = async () =>
      (await owner.list('jobs.schedule', { filter: [['job', '=', tidyRecords.name]] }))[0]!;
    const missed = `update jobs.schedule set next_run_at = now() - interval '40 days'`;
    const workers = [storyWorker(db, jobs), storyWorker(db, jobs)];
    await until(async () => (await schedule()).next_run_at);
    await owner.call('jobs.schedule.switch', { id: (await schedule()).id, is_active: false });
    await behind(missed);
    const { id } = await owner.call<{ id: string }>('jobs.run.start', { job: tidyRecords.name });
    await ended(world, id, 'done');
    const scheduled = () => behind('select * from jobs.run where scheduled_for is not null');
    assert.deepEqual(await scheduled(), []);
    await owner.call('jobs.schedule.switch', { id: (await schedule()).id, is_active: true });
    await behind(missed);
    const [run] = await until(async () => {
      const runs = await scheduled();
      return runs.length > 0 && runs;
    });
    await ended(world, String(run?.id), 'done');
    const { next_run_at } = await schedule();
    assert.ok(new Date(String(next_run_at)) > new Date());
    assert.equal((await scheduled()).length, 1);
    await Promise.all(workers.map((w) => w.close()));
  },
);

story('the nightly job removes what is kept no longer, and nothing else', async (world) => {
  const { behind, db } = world;
  const owner = await world.as('administrator');
  await behind(`insert into kernel.request_key select uuidv7(), 'k' || n, 'x', 'h', '1',
    now() - make_interval(days => n) from generate_series(1, 60) n`);
  await behind(`insert into kernel.change (table_name, verb, changed_at)
    select 'a.b', 'insert', now() - make_interval(days => 12 - n) from generate_series(0, 11) n`);
  await behind(`update kernel.change set changed_at = now() where table_name <> 'a.b'`);
  await behind(`insert into identity.session (token_hash, user_id, kind, expires_at, started_at, last_seen_at)
    select 'old', id, 'bearer', now(), now() - interval '2 years', now() - interval '2 years'
      from identity.user where username = 'system'`);
  const worker = storyWorker(db, new Map([[tidyRecords.name, tidyRecords]]));
  const { id } = await owner.call<{ id: string }>('jobs.run.start', { job: tidyRecords.name });
  const run = await ended(world, id, 'done');
  await worker.close();
  const left =
    await behind(`select (select count(*)::int from kernel.request_key where operation = 'x') as keys,
    (select count(*)::int from kernel.change where table_name = 'a.b') as changes,
    (select count(*)::int from identity.session where token_hash = 'old') as sessions`);
  assert.deepEqual(left, [{ keys: 29, changes: 6, sessions: 0 }]);
  assert.deepEqual(run.result, { request_key: 31, change: 6, session: 1, run: 0, delivery: 0 });
});

story('raw SQL can’t queue for another, change a run, or do a worker’s part', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const owner = await world.as('administrator');
  const { id } = await enqueue(world, owner.token, quick, {});
  assert.deepEqual(await mia.list('jobs.run'), []);
  assert.equal((await owner.list('jobs.run', { filter: [['id', '=', id]] })).length, 1);
  const denied = /permission denied/;
  const tries = [
    `insert into jobs.run (job, label, actor_id, attempts) values ('kernel.story.quick', 'x', '${owner.id}', 1)`,
    `update jobs.run set actor_id = '${mia.id}'`,
    `delete from jobs.run`,
    `update jobs.schedule set cron = '* * * * *'`,
    `select session_id from jobs.run`,
    `select jobs_logic.queue(j, '${owner.id}', '{}', null, null) from jobs.job j limit 1`,
    `select jobs_logic.beat(uuidv7(), 'x', 1, array['kernel.story.quick'], '{}', 9)`,
    `select jobs_logic.finish('${id}', 'done', null, null, null, 0)`,
    `select jobs_logic.fire('${id}', null, now())`,
    `select jobs_logic.tell_progress('${id}', 1, '')`,
  ];
  for (const text of tries) await world.refusedBySql(mia, denied, text);
  await world.refusedBySql(mia, 'not_found', `select jobs_logic.cancel_run('{"id": "${id}"}')`);
  await world.refusedBySql(mia, 'not_permitted', `select jobs_logic.enqueue('kernel.record.tidy')`);
  await world.refusedBySql(
    mia,
    'not_permitted',
    `select jobs_logic.start_run('{"job": "kernel.record.tidy"}')`,
  );
  await world.refusedBySql(mia, 'not_permitted', `select jobs_logic.switch_schedule('{}')`);
  await world.refusedBySql(mia, 'not_permitted', `select kernel_logic.forget('change', 1)`);
  await world.refusedBySql(mia, 'job_unknown', `select jobs_logic.enqueue('kernel.no.job')`);
  await owner.call('jobs.run.cancel', { id });
});
