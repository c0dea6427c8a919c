import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { runReport } from '../../kernel/database/reading/reports.ts';

story('a goal is one a store and month, more than nothing, set by who may', async (world) => {
  const { behind, refused, refusedBySql } = world;
  const [hill] = await behind(`select id from master.store where code = 'HILL'`);
  const [valley] = await behind(`select id from master.store where code = 'VALLEY'`);
  const manager = await world.as('manager', { store: 'HILL' });
  const cashier = await world.as('cashier', { store: 'HILL' });
  const owner = await world.as('administrator');
  const goal = { month_on: '2031-03-01', store_id: hill?.id, net_amount: '31000' };

  const made = await manager.call('sales.sales_goal.create', goal);
  await refused('already_exists', () => manager.call('sales.sales_goal.create', goal));
  await refused('rule_broken', () =>
    manager.call('sales.sales_goal.create', { ...goal, month_on: '2031-04-02' }),
  );
  await refused('rule_broken', () =>
    manager.call('sales.sales_goal.create', { ...goal, month_on: '2031-04-01', net_amount: '0' }),
  );
  await refused('not_permitted', () => cashier.call('sales.sales_goal.create', goal));

  const insert = `insert into sales.sales_goal (month_on, store_id, net_amount) values ($1, $2, $3)`;
  await refusedBySql(manager, 'one_goal', insert, '2031-03-01', hill?.id, '5');
  await refusedBySql(manager, 'month_on_check', insert, '2031-04-02', hill?.id, '5');
  await refusedBySql(manager, 'net_amount_check', insert, '2031-04-01', hill?.id, '-5');
  await refusedBySql(manager, 'row-level security', insert, '2031-04-01', valley?.id, '5');
  await refusedBySql(manager, 'row-level security', insert, '2031-04-01', null, '5');
  await refusedBySql(cashier, 'row-level security', insert, '2031-04-01', hill?.id, '5');
  await refusedBySql(
    manager,
    'permission denied',
    `update sales.sales_goal set month_on = '2031-05-01' where id = $1`,
    made.id,
  );
  await refusedBySql(manager, 'permission denied', 'delete from sales.sales_goal');
  assert.deepEqual(await cashier.list('sales.sales_goal'), []);

  // The company's own is for who may set goals everywhere; managers see it.
  await owner.call('sales.sales_goal.create', { month_on: '2031-03-01', net_amount: '99000' });
  assert.equal((await manager.list('sales.sales_goal')).length, 2);

  // Taken back, another may stand in its place.
  await manager.call('sales.sales_goal.archive', { id: made.id, version: 1 });
  await manager.call('sales.sales_goal.create', { ...goal, net_amount: '62000' });
});

story('a goal is due by the day; without one for every store there is none', async (world) => {
  const owner = await world.as('administrator');
  const stores = await owner.list('master.store', { sort: [['code', 'asc']] });
  const due = async (from: string, to: string, by: string, store: unknown = null) => {
    const [row] = await owner.sql(
      'select to_json(g) as g from sales_logic.goal($1, $2, $3, $4) g',
      from,
      to,
      by,
      store,
    );
    const { goal_amount, due_amount, missing } = (row?.g ?? {}) as Record<string, number | null>;
    return [goal_amount, due_amount, missing];
  };
  const june = ['2032-06-01', '2032-06-30', '2032-06-10'] as const;
  assert.deepEqual(await due(...june), [null, null, 2]);
  const set = (month_on: string, net_amount: string, store_id?: string) =>
    owner.call('sales.sales_goal.create', {
      month_on,
      net_amount,
      ...(store_id ? { store_id } : {}),
    });
  await set('2032-06-01', '3000', stores[0]?.id);
  assert.deepEqual(await due(...june), [null, null, 1]);
  assert.deepEqual(await due(...june, stores[0]?.id), [3000, 1000, 0]);
  await set('2032-06-01', '6000', stores[1]?.id);
  assert.deepEqual(await due(...june), [9000, 3000, 0]);
  await set('2032-06-01', '12000');
  assert.deepEqual(await due(...june), [12000, 4000, 0], 'the company’s own stands for all');
  // Who sees one store only is not measured by the company's.
  const manager = await world.as('manager', { store: String(stores[0]?.code) });
  const [own] = await manager.sql(
    `select goal_amount::text as goal from sales_logic.goal('2032-06-01', '2032-06-30', '2032-06-30', null)`,
  );
  assert.equal(Number(own?.goal), 3000);
  // A week over the end of a month takes from each its days.
  await set('2032-07-01', '3100', stores[0]?.id);
  const week = await due('2032-06-28', '2032-07-04', '2032-07-04', stores[0]?.id);
  assert.deepEqual(week, [3 * 100 + 4 * 100, 700, 0]);

  const month = await owner.sql(`select to_char(now(), 'YYYY-MM-01') as month`);
  await set(String(month[0]?.month), '500000');
  const { rows, chart } = await runReport(world.db, owner.token, 'goal_reached', {
    period: String(month[0]?.month).slice(0, 7),
  });
  assert.equal(chart, 'gauge item net_amount');
  assert.deepEqual(
    rows.map((row) => row.item),
    ['Reached', 'By today', 'Goal'],
  );
  assert.equal(Number(rows[2]?.net_amount), 500000);
});
