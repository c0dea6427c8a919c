import assert from 'node:assert/strict';
import { story, uuidv7, type World } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

/** Every level against the sum of its moves: what differs. */
const differences = ({ behind }: World) =>
  behind(`select l.product_id, l.on_hand, m.quantity, l.value_amount, m.value_amount as moved
    from inventory.stock_level l
    full join (select location_id, product_id, sum(quantity) as quantity,
                      coalesce(sum(value_amount), 0) as value_amount
                 from inventory.stock_move group by 1, 2) m using (location_id, product_id)
   where (l.on_hand, l.value_amount) is distinct from (m.quantity, m.value_amount)`);

story('a level is the sum of its moves, and nobody writes it', async (world) => {
  const owner = await world.as('administrator');
  const at = await counter(world, owner);
  const goods = await Promise.all([1, 2, 3].map(() => product(world, { on_hand: '4' })));
  // Crosswise on purpose: eight sales at once of the same goods in any order.
  const counters = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => counter(world, owner)));
  await Promise.all(
    [at, ...counters].map((c, i) => {
      const lines = goods.map((g) => ({ product: g, quantity: 1 + (i % 2) }));
      return owner.call('pos.receipt.ring_up', sale(c, i % 2 ? lines.reverse() : lines));
    }),
  );
  const [bell] = goods;
  const count = await owner.call('inventory.stock_count.take', {
    store_id: (await world.behind(`select id from master.store where code = 'HILL'`))[0]?.id,
    lines: [{ product_id: bell?.id, counted: '7' }],
  });
  await owner.call('inventory.stock_count.post', { id: count.id });
  assert.deepEqual(await differences(world), []);
  const [level] = await world.behind(
    'select on_hand from inventory.stock_level where product_id = $1',
    bell?.id,
  );
  assert.equal(level?.on_hand, '7');

  for (const forbidden of [
    'update inventory.stock_level set on_hand = on_hand + 1',
    'delete from inventory.stock_level',
    `insert into inventory.stock_level (store_id, location_id, product_id, on_hand)
     select store_id, location_id, product_id, 1 from inventory.stock_level`,
    `insert into inventory.stock_move (store_id, location_id, product_id, quantity, reason, source_table, source_id, happened_at)
     select store_id, location_id, product_id, 1, 'count', 'story', product_id, now() from inventory.stock_level`,
    'update inventory.stock_move set quantity = quantity + 1',
    'delete from inventory.stock_move',
    `select inventory_logic.move(null, null, '{}', 'count', 'story', null, now())`,
  ]) {
    await world.refusedBySql(owner, 'permission denied', forbidden);
  }
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 120));

const opening = `insert into inventory.stock_move (store_id, location_id, product_id, quantity, reason,
    source_table, source_id, happened_at, recorded_by)
  select store_id, id, $1, $2, 'opening', 'story', $1, now(), uuidv7() from inventory.location
   where kind = 'store_room' and store_id = (select id from master.store where code = 'HILL')`;

story('a store room doesn’t go below zero; a shelf may, flagged', async (world) => {
  const goods = await product(world);
  await world.behind(opening, goods.id, '2');
  await assert.rejects(world.behind(opening, goods.id, '-3'), /stock_below_zero/);
  await world.behind(opening, goods.id, '-2');

  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  await cashier.call('pos.receipt.ring_up', sale(at, [{ product: goods, quantity: 1 }]));
  const [short] = await world.behind(
    `select f.code from kernel.finding f join inventory.stock_level l on l.id = f.source_id
      where l.product_id = $1`,
    goods.id,
  );
  assert.equal(short?.code, 'stock_below_zero');
});

story('a shelf that holds goods is made no store room, and no other store’s', async (world) => {
  const manager = await world.as('manager');
  await counter(world, manager);
  await product(world, { on_hand: '1' });
  await world.refusedBySql(
    manager,
    'location_is_used',
    `update inventory.location l set kind = 'store_room'
       from inventory.stock_level v where v.location_id = l.id`,
  );
  await world.refusedBySql(
    manager,
    'violates foreign key',
    `update inventory.location l set store_id = s.id, warehouse_id = w.id, name = l.id::text
       from master.store s join inventory.warehouse w on w.store_id = s.id, inventory.stock_level v
      where v.location_id = l.id and s.id <> l.store_id`,
  );
});

story('a posted count takes no more lines and is posted once', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const bell = await product(world);
  const { id } = await manager.call('inventory.stock_count.take', {
    store_id: hill?.id,
    lines: [{ product_id: bell.id, counted: '5' }],
  });
  const other = await product(world);
  const line = `insert into inventory.stock_count_line (store_id, stock_count_id, product_id, counted)
    values ($1, $2, $3, 9)`;

  // A line under way makes the postings wait …
  const adding = await manager.open();
  await adding.sql(line, hill?.id, id, other.id);
  const posting = await manager.open();
  const posted = posting.sql(
    `select inventory_logic.post_count(jsonb_build_object('id', $1::uuid))`,
    id,
  );
  await pause();
  await adding.commit();
  await posted;
  // … and one that comes while it is posted is refused, as is a second posting.
  const late = manager.sql(line, hill?.id, id, (await product(world)).id);
  const second = manager.call('inventory.stock_count.post', { id });
  const refusals = Promise.allSettled([late, second]);
  await pause();
  await posting.commit();
  for (const r of await refusals) {
    assert.match(String(r.status === 'rejected' && r.reason.code + r.reason), /count_is_posted/);
  }
  const moved = await world.behind(
    'select product_id, quantity from inventory.stock_move where source_id = $1 order by quantity',
    id,
  );
  assert.deepEqual(moved, [
    { product_id: bell.id, quantity: '5' },
    { product_id: other.id, quantity: '9' },
  ]);
  await world.refusedBySql(
    manager,
    'count_is_posted',
    `update inventory.stock_count set state = 'cancelled' where id = $1`,
    id,
  );
  const draft = uuidv7();
  await world.refusedBySql(
    manager,
    'row-level security',
    `insert into inventory.stock_count (id, store_id) values ('${draft}', '${hill?.id}');
     update inventory.stock_count set state = 'posted' where id = '${draft}'`,
  );
});
