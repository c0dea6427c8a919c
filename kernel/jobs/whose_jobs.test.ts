import assert from 'node:assert/strict';
import { before } from 'node:test';
import { type Person, story, theWorld } from '#kernel/test';
import { knowStoryJobs } from './fixture/jobs.ts';

before(async () => knowStoryJobs(await theWorld()));

const queue = async (who: Person): Promise<string> =>
  String((await who.sql(`select jobs_logic.enqueue('kernel.story.quick') as id`))[0]?.id);
const sees = async (who: Person, id: string) =>
  (await who.list('jobs.run', { filter: [['id', '=', id]] })).length === 1;

story('who looks after one store’s jobs neither sees nor stops the company’s', async (world) => {
  const [owner, other] = [await world.as('administrator'), await world.as('administrator')];
  const local = await world.as('administrator', { store: 'HILL' });
  const [theirs, own] = [await queue(owner), await queue(local)];
  assert.deepEqual([await sees(local, theirs), await sees(local, own)], [false, true]);
  assert.deepEqual([await sees(other, theirs), await sees(other, own)], [true, true]);
  await world.refused('not_found', () => local.call('jobs.run.cancel', { id: theirs }));
  assert.deepEqual(await local.sql('select id from jobs.run where id = $1', theirs), []);
  for (const sql of ['cancel_run', 'retry_run'])
    await world.refusedBySql(local, 'not_found', `select jobs_logic.${sql}('{"id": "${theirs}"}')`);
  for (const sql of [
    `select jobs_logic.start_run('{"job": "kernel.record.tidy"}')`,
    `select jobs_logic.switch_schedule('{"is_active": false}')`,
  ])
    await world.refusedBySql(local, 'not_permitted', sql);
  assert.deepEqual(await local.list('jobs.schedule'), []);
  assert.ok((await owner.list('jobs.schedule')).length > 0);
  await local.call('jobs.run.cancel', { id: own });
  await other.call('jobs.run.cancel', { id: theirs });
});

story('a person has at most a hundred jobs waiting, whichever way they come', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const first = await queue(mia);
  await mia.sql(`select jobs_logic.enqueue('kernel.story.quick', '{}', null, 'k' || n)
                   from generate_series(1, 99) n`);
  const full = `select jobs_logic.enqueue('kernel.story.quick')`;
  await world.refusedBySql(mia, 'jobs_too_many', full);
  // What waits already under its key takes no further place.
  await mia.sql(`select jobs_logic.enqueue('kernel.story.quick', '{}', null, 'k1')`);
  await mia.call('jobs.run.cancel', { id: first });
  await mia.sql(full);
  await world.refused('jobs_too_many', () => mia.call('jobs.run.retry', { id: first }));
  await world.refusedBySql(mia, 'jobs_too_many', full);
  await queue(await world.as('cashier', { store: 'HILL' }));
  const owner = await world.as('administrator');
  await owner.call('jobs.run.start', { job: 'kernel.record.tidy' });
});
