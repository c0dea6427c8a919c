import assert from 'node:assert/strict';
import { type Person, story, type World } from '#kernel/test';
import { type Figure, readFacts } from '../../kernel/database/reading/facts.ts';
import { list } from '../../kernel/database/reading/list.ts';
import { modules } from '../../kernel/modules.ts';
import { counter, product, sale } from '../../kernel/test/shop.ts';

interface Shop {
  bell: string;
  party: string;
  hill: string;
  mia: Person;
  ids: Record<string, string>;
}

let made: Promise<Shop> | undefined;
const shop = (world: World): Promise<Shop> => {
  made ??= furnish(world);
  return made;
};

/** Goods in both stores, a customer who bought in both, before Kontor and since, and who sold it. */
async function furnish(world: World): Promise<Shop> {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const bell = await product(world, { unit_price: '7.50', on_hand: '20' });
  await world.behind(
    `insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost,
       value_amount, reason, source_table, source_id, happened_at, recorded_by)
     select l.store_id, l.id, $1, 5, 200, 1000, 'opening', 'story', $1, now(), uuidv7()
       from inventory.location l join master.store s on s.id = l.store_id
      where s.code = 'VALLEY' and l.kind = 'shelf'`,
    bell.id,
  );
  const [party] = await world.behind(`insert into master.party (first_name, last_name)
    values ('Ada', 'Hill') returning id`);
  for (const [who, store, quantity] of [
    [mia, 'HILL', 3],
    [owner, 'VALLEY', 1],
  ] as const) {
    const sold = sale(await counter(world, who, store), [{ product: bell, quantity }]);
    await who.call('pos.receipt.ring_up', { ...sold, party_id: party?.id });
  }
  await world.behind(
    `with o as (insert into sales.sales_order (store_id, number, ordered_on, currency, party_id)
       select id, 'PAST', current_date - 90, 'USD', $2 from master.store where code = 'HILL' returning *)
     insert into sales.sales_order_line (store_id, sales_order_id, position, product_id, quantity, unit_price)
     select store_id, id, 1, $1, 4, 7.5 from o`,
    bell.id,
    party?.id,
  );
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const [employee] = await world.behind(
    `insert into master.employee (store_id, first_name, user_id) values ($1, 'Mia', $2) returning id`,
    hill?.id,
    mia.id,
  );
  const ids = {
    'catalog.product': String(bell.id),
    'master.party': String(party?.id),
    'master.store': String(hill?.id),
    'master.employee': String(employee?.id),
  };
  return { bell: String(bell.id), party: String(party?.id), hill: String(hill?.id), mia, ids };
}

const told = (figures: Figure[]) =>
  Object.fromEntries(figures.map(({ label, value }) => [label, value && Number(value)]));

story('every figure of a record is what the list that it leads to sums to', async (world) => {
  const { ids } = await shop(world);
  const owner = await world.as('administrator');
  const declared = (await modules()).flatMap(({ facts = {} }) => Object.entries(facts));
  for (const table of new Set(declared.map(([name]) => name))) {
    const figures = await readFacts(world.db, owner.token, table, ids[table] ?? '');
    const asked = declared.filter(([name]) => name === table).flatMap(([, facts]) => facts);
    assert.deepEqual(
      figures.map(({ label }) => label).sort(),
      asked.map(({ label }) => label).sort(),
      `${table}: who may see all is told all`,
    );
    for (const { label, list: of, filter, total, value, parts, by } of figures) {
      const { rows } = await list(world.db, owner.token, of, { filter, limit: 200 });
      const [kind = '', column = ''] = total.split(':');
      const values = rows.map((row) => row[column]);
      const sum = (all: unknown[]) => all.reduce<number>((so, one) => so + Number(one ?? 0), 0);
      const expected = {
        count: rows.length,
        sum: sum(values),
        max: values.map(String).sort().at(-1),
      };
      assert.ok(rows.length > 0, `${table}: ${label}`);
      assert.equal(
        kind === 'max' ? value : Number(value),
        expected[kind as keyof typeof expected],
        `${table}: ${label}`,
      );
      for (const part of parts) {
        const its = rows.filter((row) => row[by] === part.key).map((row) => row[column]);
        assert.equal(Number(part.value), sum(its), `${table}: ${label}: ${part.label}`);
      }
    }
  }
});

story('nobody is told a figure of what they couldn’t list', async (world) => {
  const { bell, party, hill, mia, ids } = await shop(world);
  const facts = (who: Person, table: string, id: string) =>
    readFacts(world.db, who.token, table, id);
  const owner = await world.as('administrator');
  const whole = await facts(owner, 'catalog.product', bell);
  assert.deepEqual(
    whole.find(({ label }) => label === 'On hand')?.parts.map((p) => [p.label, p.value]),
    [
      ['Hill', '17'],
      ['Valley', '4'],
    ],
  );
  assert.equal(told(whole)['Stock value'], 21 * 200);

  // Mia sees her own store, and no cost; nor what a whole store sells.
  const hers = await facts(mia, 'catalog.product', bell);
  assert.deepEqual(Object.keys(told(hers)).sort(), [
    'Last sold',
    'On hand',
    'Sold in the last 30 days',
  ]);
  assert.equal(told(hers)['On hand'], 17);
  assert.equal(told(hers)['Sold in the last 30 days'], 3);
  assert.equal(told(await facts(mia, 'master.party', party)).Receipts, 1);
  assert.deepEqual(told(await facts(mia, 'master.store', hill)), {});
  await world.refused('not_found', () =>
    facts(mia, 'master.employee', ids['master.employee'] ?? ''),
  );

  // Who is a manager in one store and a cashier in the other is told of the one.
  const [valley] = await world.behind(`select id from master.store where code = 'VALLEY'`);
  const ruth = await world.as('manager', { store: 'VALLEY' });
  await owner.call('identity.user.give_role', { id: ruth.id, role: 'cashier', store_id: hill });
  const own = await facts(ruth, 'master.store', String(valley?.id));
  assert.equal(told(own)['Sold this month'], 7.5);
  assert.equal(told(await facts(ruth, 'master.store', hill))['Sold this month'], 0);

  // A supplier bought nothing that would be worth telling.
  const [supplier] = await world.behind(
    `insert into master.party (organisation, is_customer, is_supplier)
     values ('Chains', false, true) returning id`,
  );
  assert.deepEqual(await facts(owner, 'master.party', String(supplier?.id)), []);
  await world.refused('not_signed_in', () =>
    readFacts(world.db, 'nobody', 'catalog.product', bell),
  );
  await world.refused('not_found', () => facts(owner, 'catalog.product', party));
});
