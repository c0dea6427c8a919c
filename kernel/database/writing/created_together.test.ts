import assert from 'node:assert/strict';
import { story, type World } from '#kernel/test';
import { Problem } from '../../problem.ts';

const refusedAt = async (work: () => Promise<unknown>) => {
  const error = await work().then(
    () => assert.fail('A refusal was expected.'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof Problem && error.code === 'input_wrong', String(error));
  return (error.errors ?? []).map(({ field }) => field);
};

const named = ({ behind }: World, like: string) =>
  behind('select name from catalog.brand where name like $1 order by name', like);

story('many rows are made at once, or none', async (world) => {
  const sam = await world.as('manager');
  const make = (rows: Record<string, unknown>[]) => sam.call('catalog.brand.create_many', { rows });
  const { ids } = (await make([{ name: 'Many 1' }, { name: 'Many 2' }])) as { ids: string[] };
  assert.equal(ids.length, 2);
  assert.deepEqual(
    (await named(world, 'Many %')).map(({ name }) => name),
    ['Many 1', 'Many 2'],
  );

  const wrong = [{ name: 'More 1' }, { name: '' }, { name: 'More 3', colour: 'red' }];
  assert.deepEqual(await refusedAt(() => make(wrong)), ['rows.1.name', 'rows.2.colour']);
  // What only the database knows is said of the first row that it refuses.
  const twice = [{ name: 'More 1' }, { name: 'More 2' }, { name: 'More 1' }];
  assert.match(String(await refusedAt(() => make(twice))), /^rows\.2/);
  await world.refused('input_wrong', () => make([]));
  assert.deepEqual(await named(world, 'More %'), []);

  const cashier = await world.as('cashier');
  await world.refused('not_permitted', () =>
    cashier.call('catalog.brand.create_many', { rows: [{ name: 'Mine' }] }),
  );
});
