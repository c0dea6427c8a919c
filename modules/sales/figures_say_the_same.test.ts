import assert from 'node:assert/strict';
import { type Person, story, type World } from '#kernel/test';
import { list, type Row } from '../../kernel/database/reading/list.ts';
import { reports, runReport } from '../../kernel/database/reading/reports.ts';
import { type Counter, counter, product, sale } from '../../kernel/test/shop.ts';

const figures = async (world: World, who: Person, period: string, store = '') =>
  (await runReport(world.db, who.token, 'dashboard_figures', { period, store })).rows;
const part = (rows: Row[], name: string, side?: string) =>
  rows.filter((row) => row.part === name && (side === undefined || row.side === side));
const figure = (rows: Row[], side: string) => {
  const [one] = part(rows, 'figure', side);
  assert.ok(one, `no figure ${side}`);
  return one;
};

/** A sale that happened then; its session opened before it. */
async function soldAt(
  { behind }: World,
  who: Person,
  at: Counter,
  bell: Row,
  quantity: number,
  happened_at: string,
): Promise<string> {
  await behind(
    `update pos.till_session set opened_at = least(opened_at, $2::timestamptz - interval '1 hour') where id = $1`,
    at.till_session_id,
    happened_at,
  );
  const sold = sale(at, [{ product: bell, quantity }]);
  await who.call('pos.receipt.ring_up', { ...sold, happened_at });
  return sold.id;
}

/** A moment so many days ago, at a time of the clock in a store's zone. */
async function moment({ behind }: World, days: number, clock: string, zone = 'America/New_York') {
  const [row] = await behind(
    `select ((((now() at time zone $3)::date - $1::integer) + $2::time) at time zone $3)::timestamptz::text as at`,
    days,
    clock,
    zone,
  );
  return new Date(String(row?.at)).toISOString();
}

story('today is compared with what yesterday had reached by now', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const at = await counter(world, manager);
  const bell = await product(world, { unit_price: '10.00', on_hand: '500' });
  // A second after midnight is before now on every day, one before it after now.
  await soldAt(world, manager, at, bell, 2, await moment(world, 1, '00:00:00'));
  await soldAt(world, manager, at, bell, 5, await moment(world, 1, '23:59:59.999'));
  await soldAt(world, manager, at, bell, 3, await moment(world, 0, '00:00:00'));
  const rows = await figures(world, manager, 'today');
  assert.equal(Number(figure(rows, 'today').net_amount), 30);
  assert.equal(Number(figure(rows, 'yesterday').net_amount), 20);
  assert.equal(Number(figure(rows, 'yesterday').receipts), 1);
  assert.equal(part(rows, 'time').length, 1);
  assert.equal(part(rows, 'time')[0]?.key, '00');
});

story('each store has its own today', async (world) => {
  const owner = await world.as('administrator');
  const rows = await figures(world, owner, 'today');
  assert.ok(figure(rows, 'today').from_on);
  // Twenty-five hours apart, so that their days differ at any moment.
  await world.behind(
    `update master.store set time_zone = 'Pacific/Kiritimati' where code = 'HILL'`,
  );
  await world.behind(`update master.store set time_zone = 'Pacific/Niue' where code = 'VALLEY'`);
  try {
    const apart = await figures(world, owner, 'today');
    assert.equal(figure(apart, 'today').from_on, null, 'no one day holds them');
    const days = part(apart, 'store', 'today').map((row) => String(row.from_on));
    assert.equal(new Set(days).size, 2);
  } finally {
    await world.behind(`update master.store set time_zone = 'America/New_York'`);
  }
});

story(
  'a running period is compared with as many days, one that is over with all',
  async (world) => {
    const owner = await world.as('administrator');
    const spans = async (said: string) => {
      const [row] = await owner.sql(
        `select to_json(s) as s from sales_logic.spans($1) s where store = 'Hill'`,
        said,
      );
      return row?.s as Record<string, string>;
    };
    const days = (from?: string, to?: string) =>
      (Date.parse(String(to)) - Date.parse(String(from))) / 86_400_000 + 1;
    const month = await spans('month');
    const sofar = days(month.now_from, month.now_to);
    const before = days(month.before_from, month.before_to);
    const length = days(
      month.before_from,
      new Date(Date.parse(month.now_from!) - 864e5).toISOString().slice(0, 10),
    );
    const whole = month.now_to === month.whole_to;
    assert.equal(before, whole ? length : Math.min(sofar, length));
    const over = await spans('2024-03');
    assert.deepEqual(
      [over.now_from, over.now_to, over.before_from, over.before_to, over.year_from, over.year_to],
      ['2024-03-01', '2024-03-31', '2024-02-01', '2024-02-29', '2023-03-01', '2023-03-31'],
    );
    const week = await spans('week');
    assert.equal(new Date(String(week.now_from)).getUTCDay(), 1);
    assert.equal(days(week.before_from, week.before_to), days(week.now_from, week.now_to));
    assert.equal(new Date(String(week.year_from)).getUTCDay(), 1);
    const year = await spans('year');
    assert.equal(year.year_from, null);
    assert.equal(year.before_to?.slice(5), year.now_to?.slice(5).replace('02-29', '02-28'));
    await world.refused('period_unknown', () => figures(world, owner, 'soon'));
  },
);

story('every figure is the sum of the list that it leads to', async (world) => {
  const owner = await world.as('administrator');
  const [hill] = await owner.list('master.store', { filter: [['code', '=', 'HILL']] });
  const [horn, bell] = [
    await product(world, { unit_price: '7.50', on_hand: '500' }),
    await product(world, { unit_price: '20.00', on_hand: '500', store: 'VALLEY' }),
  ];
  const [here, there] = [await counter(world, owner), await counter(world, owner, 'VALLEY')];
  await soldAt(world, owner, here, horn, 3, new Date().toISOString());
  await soldAt(world, owner, there, bell, 1, new Date().toISOString());
  await world.behind(
    `insert into sales.sales_order (store_id, number, ordered_on, currency) values ($1, 'OLD-1', '2024-05-07', 'USD'), ($1, 'OLD-2', '2024-05-09', 'USD')`,
    hill?.id,
  );
  await world.behind(
    `insert into sales.sales_order_line (store_id, sales_order_id, position, product_id, quantity, unit_price)
     select store_id, id, 1, $1, 2, 7.5 from sales.sales_order where number = 'OLD-1'`,
    horn.id,
  );
  for (const store of ['', String(hill?.id)]) {
    const rows = await figures(world, owner, 'month', store);
    const now = figure(rows, 'now');
    const days = ['between', [String(now.from_on), String(now.to_on)]] as [string, string[]];
    const only = store ? [['store_id', '=', store] as [string, string, string]] : [];
    const all = { group: ['kind'], totals: ['sum:net_amount'] };
    const receipts = await list(world.db, owner.token, 'pos.receipt', {
      ...all,
      filter: [['business_on', ...days], ...only],
    });
    assert.equal(Number(receipts.total?.['sum:net_amount']), Number(now.net_amount));
    for (const one of part(rows, 'product')) {
      const lines = await list(world.db, owner.token, 'pos.receipt_line', {
        group: ['store_id'],
        totals: ['sum:net_amount', 'sum:quantity'],
        filter: [
          ['receipt_id.business_on', ...days],
          ['product_id', '=', String(one.key)],
          ...only,
        ],
      });
      assert.equal(Number(lines.total?.['sum:net_amount']), Number(one.net_amount));
      assert.equal(Number(lines.total?.['sum:quantity']), Number(one.quantity));
    }
    const sum = (name: string, side?: string) =>
      part(rows, name, side).reduce((all_, row) => all_ + Number(row.net_amount), 0);
    assert.equal(sum('store', 'now').toFixed(2), Number(now.net_amount).toFixed(2));
    assert.equal(sum('time').toFixed(2), Number(now.net_amount).toFixed(2));
    assert.equal(sum('category').toFixed(2), Number(now.net_amount).toFixed(2));
  }
  const past = await figures(world, owner, '2024-05');
  assert.equal(Number(figure(past, 'now').net_amount), 15);
  assert.equal(Number(figure(past, 'now').orders), 2);
  assert.equal(
    Number(figure(past, 'now').unknown),
    1,
    'an order without lines is of unknown total',
  );
  const told = await list(world.db, owner.token, 'sales.sales_order', {
    group: ['store_id'],
    totals: ['sum:net_amount'],
    filter: [
      ['ordered_on', 'between', ['2024-05-01', '2024-05-31']],
      ['state', '=', 'done'],
    ],
  });
  assert.equal(Number(told.total?.['sum:net_amount']), 15);
});

story('every row of a report is the sum of the list that it leads to', async (world) => {
  const owner = await world.as('administrator');
  const [plain, stand] = [
    await product(world, { unit_price: '7.50', on_hand: '500' }),
    await product(world, { unit_price: '20.00', on_hand: '1', store: 'VALLEY' }),
  ];
  await world.behind(
    `insert into inventory.reorder_rule (store_id, product_id, minimum)
     select id, $1, 40 from master.store where code = 'VALLEY'`,
    stand.id,
  );
  await soldAt(world, owner, await counter(world, owner), plain, 3, new Date().toISOString());
  await soldAt(
    world,
    owner,
    await counter(world, owner, 'VALLEY'),
    stand,
    1,
    await moment(world, 1, '10:00'),
  );
  await world.behind(
    `with o as (insert into sales.sales_order (store_id, number, ordered_on, currency)
       select id, 'PAST-' || code, current_date - 1, 'USD' from master.store returning *)
     insert into sales.sales_order_line (store_id, sales_order_id, position, product_id, quantity, unit_price)
     select store_id, id, 1, $1, 2, 7.5 from o where number = 'PAST-HILL'`,
    plain.id,
  );
  const [days] = await world.behind(
    `select (current_date - 40)::text as from, (current_date + 1)::text as to`,
  );
  const led: string[] = [];
  for (const { name, list: leads, parameters } of (await reports()).values()) {
    if (!leads) continue;
    const given = Object.fromEntries(parameters.map((p) => [p.name, String(days?.[p.name])]));
    const told = await runReport(world.db, owner.token, name, given);
    const leading = told.list;
    assert.ok(leading && told.rows.length > 0, name);
    for (const row of told.rows) {
      const answer = await list(world.db, owner.token, leading.table, {
        group: leading.group ? [leading.group] : [],
        totals: leading.totals,
        filter: leading.filter.map(([path, operator, said]) => {
          const value = said !== null && typeof said === 'object' ? row[said.column] : said;
          return value === null ? [path, 'is_null'] : [path, operator, String(value)];
        }),
      });
      for (const sum of leading.totals)
        assert.equal(
          Number(answer.total?.[sum] ?? 0),
          Number(row[sum.replace('sum:', '')] ?? 0),
          `${name}: ${sum} of ${JSON.stringify(row)}`,
        );
      led.push(name);
    }
  }
  assert.ok(new Set(led).size >= 7 && led.length > 12, `${led}`);
});

story(
  'a cashier sees their own day, a manager their stores, who has all the company',
  async (world) => {
    const cashier = await world.as('cashier', { store: 'VALLEY' });
    const other = await world.as('cashier', { store: 'VALLEY' });
    const bell = await product(world, { unit_price: '4.00', on_hand: '50', store: 'VALLEY' });
    const [mine, theirs] = [
      await counter(world, cashier, 'VALLEY'),
      await counter(world, other, 'VALLEY'),
    ];
    await soldAt(world, cashier, mine, bell, 2, new Date().toISOString());
    await soldAt(world, other, theirs, bell, 9, new Date().toISOString());
    const { rows } = await runReport(world.db, cashier.token, 'my_day', {});
    assert.equal(Number(figure(rows, 'today').net_amount), 8);
    assert.deepEqual(
      part(rows, 'till').map((row) => row.key),
      [mine.till_session_id],
    );
    await world.refused('not_permitted', () => figures(world, cashier, 'today'));

    const manager = await world.as('manager', { store: 'VALLEY' });
    const seen = part(await figures(world, manager, 'today'), 'store', 'today');
    assert.deepEqual(
      seen.map((row) => row.label),
      ['Valley'],
    );
    // Without the right to a store, asking for it by its id gives nothing.
    const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
    const none = await figures(world, manager, 'today', String(hill?.id));
    assert.deepEqual(part(none, 'figure'), []);
  },
);

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

story('today’s figures read today’s receipts, not all of them', async (world) => {
  const owner = await world.as('administrator');
  const bell = await product(world, { unit_price: '4.00', on_hand: '50' });
  await soldAt(world, owner, await counter(world, owner), bell, 1, new Date().toISOString());
  // Twenty a day for a thousand days before last year's today.
  await world.db.admin.query(`begin; set local session_replication_role = replica;
    insert into pos.receipt (id, store_id, till_claim_id, till_session_id, number, reference, happened_at, business_on,
        recorded_at, recorded_by, currency, net_amount, tax_amount, body_hash, made_in, request_id)
    select gen_random_uuid(), store_id, till_claim_id, till_session_id, 1000 + n, 'OLD' || n, happened_at,
           business_on - 400 - n / 20, recorded_at, recorded_by, currency, net_amount, tax_amount, body_hash, made_in, request_id
      from (select * from pos.receipt limit 1) r cross join generate_series(1, 20000) n;
    commit; analyze pos.receipt`);
  const text = (await reports()).get('dashboard_figures')?.text ?? '';
  const asked = text.replaceAll('$1', `'today'`).replaceAll('$2', 'null');
  const [row] = await owner.sql(`explain (analyze, format json) ${asked}`);
  const read = (plan: Plan): number => {
    const here =
      plan['Relation Name'] === 'receipt'
        ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)
        : 0;
    return (plan.Plans ?? []).reduce((all, one) => all + read(one), here * plan['Actual Loops']);
  };
  const explained = row?.['QUERY PLAN'] as { Plan: Plan }[] | undefined;
  const plan = explained?.[0]?.Plan;
  assert.ok(plan);
  assert.ok(read(plan) > 0 && read(plan) < 500, `${read(plan)} receipts were read`);
});
