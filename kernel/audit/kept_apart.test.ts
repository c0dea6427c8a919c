import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Person, story, theWorld, type World } from '#kernel/test';
import { product } from '../test/shop.ts';

// A cost alone: seconds of a time may hold the same digits.
const COST = /(?<!\d)(?:7\.7|8\.8|9\.9)0*(?!\d)/;

/** Who reads the trail and nothing of what things cost. */
async function auditor(world: World): Promise<Person> {
  await world.behind(
    `insert into identity.role values ('auditor', 'Auditor') on conflict do nothing`,
  );
  await world.behind(`insert into identity.role_permission
    values ('auditor', 'audit.see'), ('auditor', 'catalog.see') on conflict do nothing`);
  return world.as('auditor' as 'cashier');
}
const trailOf = (who: Person, id: unknown) =>
  who.sql(
    `select id, before, after from audit.change where row_id = $1 and verb = 'update' order by id`,
    id,
  );

story('the trail keeps what needs a permission from who lacks it', async (world) => {
  const [owner, reader] = [await world.as('administrator'), await auditor(world)];
  const cup = await product(world, { name: 'Dear cup' });
  const { version } = (
    await world.behind('select version from catalog.product where id = $1', cup.id)
  )[0]!;
  await owner.call('catalog.product.change', {
    id: cup.id,
    version,
    unit_cost: '7.7',
    name: 'Cup',
  });
  await owner.sql(`update catalog.product set unit_cost = 8.8 where id = $1`, cup.id);
  const seen = await trailOf(reader, cup.id);
  assert.deepEqual(
    seen.map((s) => s.after),
    [{ name: 'Cup', unit_cost: '…' }, { unit_cost: '…' }],
  );
  const listed = await reader.listAny('audit.change', {
    filter: [['row_id', '=', String(cup.id)]],
  });
  assert.ok(listed.length >= 2);
  assert.doesNotMatch(JSON.stringify([seen, listed]), COST);
  for (const who of [reader, owner]) {
    await world.refusedBySql(who, 'permission denied', 'select guarded from audit.change');
    await world.refusedBySql(who, 'permission denied', 'select * from audit.change');
    const past = `select kernel_logic.keep_past_apart('catalog.product', '{name}')`;
    await world.refusedBySql(who, 'permission denied', past);
  }
  const opened = async (who: Person, at: number) =>
    (await who.sql('select kernel_logic.unsealed($1) as u', seen[at]?.id))[0]?.u;
  assert.equal(await opened(reader, 1), null);
  assert.deepEqual(await opened(owner, 1), { unit_cost: [7.7, 8.8] });
  const history = (who: Person) =>
    who.listAny('audit.history', {
      filter: [['row_id', '=', String(cup.id)]],
      sort: [['id', 'desc']],
    });
  const [told] = await history(owner);
  assert.match(String(told?.actor), /^administrator/);
  assert.deepEqual(told?.opened, { unit_cost: [7.7, 8.8] });
  assert.doesNotMatch(JSON.stringify(await history(reader)), COST);
});

story('a conflict over it is told to who may see it', async (world) => {
  const owner = await world.as('administrator');
  const cup = await product(world, { name: 'Fought over' });
  await owner.call('catalog.product.change', { id: cup.id, version: 1, unit_cost: '7.7' });
  await assert.rejects(
    () => owner.call('catalog.product.change', { id: cup.id, version: 1, unit_cost: '9.9' }),
    (e: { errors?: { field: string; conflict?: { theirs: unknown } }[] }) => {
      assert.deepEqual(
        e.errors?.map((x) => [x.field, Number(x.conflict?.theirs)]),
        [['unit_cost', 7.7]],
      );
      return true;
    },
  );
});

story('what was in the trail before it was guarded goes out of sight', async (world) => {
  const [owner, reader] = [await world.as('administrator'), await auditor(world)];
  const cup = await product(world, { name: 'Old cup' });
  await owner.call('catalog.product.change', { id: cup.id, version: 1, unit_cost: '7.7' });
  // As it was written by the version before, and as a deploy finds it.
  await world.behind(
    `update audit.change set before = '{"unit_cost": 1}', after = '{"unit_cost": 7.7}', guarded = null
      where row_id = $1 and verb = 'update'`,
    cup.id,
  );
  assert.match(JSON.stringify(await trailOf(reader, cup.id)), COST);
  await world.behind(`delete from kernel.setting where name = 'guarded:catalog.product'`);
  await world.behind(
    `select kernel_logic.readable('catalog.product', array['unit_cost'], 'catalog.see_cost')`,
  );
  const [told] = await trailOf(reader, cup.id);
  assert.deepEqual(told?.after, { unit_cost: '…' });
  const [kept] = await world.behind('select guarded from audit.change where id = $1', told?.id);
  assert.deepEqual(kept?.guarded, { unit_cost: [1, 7.7] });

  const field = await owner.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name: 'pact', label: 'Pact', type: 'text' },
  });
  await owner.call('catalog.product.change', { id: cup.id, version: 2, 'custom.pact': 'forty' });
  assert.match(JSON.stringify(await trailOf(reader, cup.id)), /forty/);
  await owner.call('kernel.custom_field.change', {
    ...{ id: field.id, version: field.version, permission: 'catalog.see_cost' },
  });
  assert.doesNotMatch(JSON.stringify(await trailOf(reader, cup.id)), /forty/);
});

const begin = async (token: string, operation: string, said: object) => {
  const client = new pg.Client((await theWorld()).db.config);
  await client.connect();
  try {
    await client.query('select kernel_logic.begin_call($1, $2, $3, $4, $5)', [
      ...[token, operation, randomBytes(8).toString('hex'), randomBytes(8), JSON.stringify(said)],
    ]);
  } finally {
    await client.end();
  }
};

story('raw SQL writes no job’s name and no job’s id into the trail', async (world) => {
  const owner = await world.as('administrator');
  const [run] = await owner.sql(`select jobs_logic.enqueue('kernel.record.tidy') as id`);
  const refused = (operation: string, said: object, code: string) =>
    assert.rejects(() => begin(owner.token, operation, said), new RegExp(code));
  await refused('kernel.record.tidy', {}, 'operation_unknown');
  const change = 'catalog.brand.create';
  await refused(change, { request_id: run?.id }, 'request_id_wrong');
  await refused(change, { request_id: String(run?.id).toUpperCase() }, 'request_id_wrong');
  await refused(change, { request_id: 'a forged line\n' }, 'request_id_wrong');
  await refused(change, { request_id: 'ring-up-1', address: 'job' }, 'request_id_wrong');
  await begin(owner.token, change, { request_id: 'ring-up-1', address: '10.0.0.7' });
});
