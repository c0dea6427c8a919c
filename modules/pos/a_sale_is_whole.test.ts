import assert from 'node:assert/strict';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { story, uuidv7, type World } from '#kernel/test';
import { approve } from '../../kernel/identity/door.ts';
import { counter, product, sale } from '../../kernel/test/shop.ts';

/** How much there is of one receipt, by table. */
async function parts({ behind }: World, id: unknown): Promise<Record<string, number>> {
  const [row] = await behind(
    `select (select count(*)::int from pos.receipt where id = $1) as receipts,
            (select count(*)::int from pos.receipt_line where receipt_id = $1) as lines,
            (select count(*)::int from pos.payment where receipt_id = $1) as payments,
            (select count(*)::int from inventory.stock_move where source_id = $1) as moves,
            (select count(*)::int from finance.journal_entry where source_id = $1) as entries`,
    id,
  );
  return row as Record<string, number>;
}
const nothing = { receipts: 0, lines: 0, payments: 0, moves: 0, entries: 0 };

story('a sale of 500 lines is all there or not at all', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const goods = await Promise.all(
    [1, 2, 3, 4, 5].map(() => product(world, { unit_price: '1.00' })),
  );
  const lines = Array.from({ length: 500 }, (_, i) => ({ product: goods[i % 5]!, quantity: 1 }));
  const whole = sale(at, lines);
  const last = whole.lines[499]!;

  const wrong = {
    ...whole,
    lines: [...whole.lines.slice(0, 499), { ...last, product_id: uuidv7() }],
  };
  await assert.rejects(cashier.call('pos.receipt.ring_up', wrong));
  const short = {
    ...whole,
    lines: [...whole.lines.slice(0, 499), { ...last, net_amount: '0.99' }],
  };
  await world.refused('receipt_does_not_add_up', () => cashier.call('pos.receipt.ring_up', short));
  await world.refused('input_wrong', () =>
    cashier.call('pos.receipt.ring_up', sale(at, [...lines, lines[0]!])),
  );
  assert.deepEqual(await parts(world, whole.id), nothing);

  // Its connection is cut after all is written and before it is committed.
  const cut = await cashier.open();
  await cut.sql('select id from pos_logic.ring_up($1)', JSON.stringify(whole));
  await cut.end();
  assert.deepEqual(await parts(world, whole.id), nothing);

  // Its backend is killed in the middle, while it waits for a level that another holds.
  const other = new pg.Client(world.db.where);
  await other.connect();
  await world.behind(
    `insert into inventory.stock_move (store_id, location_id, product_id, quantity, reason, source_table,
       source_id, happened_at, recorded_by)
     select store_id, id, $1, 1, 'opening', 'story', $1, now(), uuidv7() from inventory.location
      where kind = 'shelf'`,
    goods[4]?.id,
  );
  await other.query('begin');
  await other.query('select from inventory.stock_level where product_id = $1 for update', [
    goods[4]?.id,
  ]);
  const killed = cashier.call('pos.receipt.ring_up', whole);
  killed.catch(() => {});
  for (let killedOne = false; !killedOne; ) {
    const rows = await world.behind(
      `select pg_terminate_backend(pid) as done from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%kernel_logic.call%'`,
    );
    killedOne = rows.length > 0;
  }
  await assert.rejects(killed);
  await other.query('rollback');
  await other.end();
  assert.deepEqual(await parts(world, whole.id), nothing);

  await cashier.call('pos.receipt.ring_up', whole);
  assert.deepEqual(await parts(world, whole.id), {
    receipts: 1,
    lines: 500,
    payments: 1,
    moves: 500,
    entries: 1,
  });
});

story('half a receipt is refused also by raw SQL', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const given = await product(world, { unit_price: '0.00', unit_cost: '3', on_hand: '5' });
  const free = sale(at, [{ product: given, quantity: 2 }], []);
  const head = (id: string, net: string) => `insert into pos.receipt (id, store_id, till_claim_id,
      till_session_id, number, happened_at, currency, net_amount, tax_amount, body_hash)
    select '${id}', store_id, '${at.claim_id}', '${at.till_session_id}', ${at.next++}, now(), 'USD', ${net}, 0, ''
      from pos.till_claim where id = '${at.claim_id}'`;
  const line = (id: string, price: string) => `insert into pos.receipt_line
      (store_id, receipt_id, position, product_id, quantity, unit_price, net_amount, tax_amount)
    select store_id, '${id}', 1, '${given.id}', 2, ${price}, ${price} * 2, 0
      from pos.till_claim where id = '${at.claim_id}'`;
  const pay = (
    id: string,
    amount: string,
  ) => `insert into pos.payment (store_id, receipt_id, position, method, amount)
    select store_id, '${id}', 1, 'cash', ${amount} from pos.till_claim where id = '${at.claim_id}'`;
  const id = uuidv7;
  await world.refusedBySql(cashier, 'receipt_has_no_payment', head(id(), '5'));
  const unpaid = id();
  await world.refusedBySql(
    cashier,
    'receipt_has_no_payment',
    [head(unpaid, '10'), line(unpaid, '5'), pay(unpaid, '10')].join(';'), // and never posted
  );
  const wrongly = id();
  await world.refusedBySql(
    cashier,
    'receipt_does_not_add_up',
    [
      head(wrongly, '10'),
      line(wrongly, '5'),
      pay(wrongly, '9'),
      `select pos_logic.post('${wrongly}')`,
    ].join(';'),
  );
  // Nothing to pay is no reason to move no goods, nor to move them twice.
  const gift = id();
  await world.refusedBySql(
    cashier,
    'receipt_has_no_payment',
    [head(gift, '0'), line(gift, '0')].join(';'),
  );
  await world.behind('update catalog.product set unit_cost = null where id = $1', given.id);
  await world.behind(
    'update inventory.stock_level set value_amount = 0 where product_id = $1',
    given.id,
  );
  await world.refusedBySql(
    cashier,
    'receipt_is_closed',
    [
      head(gift, '0'),
      line(gift, '0'),
      `select pos_logic.post('${gift}'), pos_logic.post('${gift}')`,
    ].join(';'),
  );
  const r = await cashier.call('pos.receipt.ring_up', free);
  assert.deepEqual(await parts(world, r.id), {
    receipts: 1,
    lines: 1,
    payments: 0,
    moves: 1,
    entries: 0,
  });
  await world.refusedBySql(
    cashier,
    'receipt_is_closed',
    line(String(r.id), '0').replace(', 1,', ', 2,'),
  );
});

story(
  'who rings up by raw SQL has the rights of that store, or rings up nothing',
  async (world) => {
    const cashier = await world.as('cashier', { store: 'HILL' });
    const owner = await world.as('administrator');
    const [here, there] = [await counter(world, cashier), await counter(world, owner, 'VALLEY')];
    const bell = await product(world, { on_hand: '9' });
    const ringUp = 'select (pos_logic.ring_up($1)).id';
    const sold = sale(here, [{ product: bell, quantity: 1 }]);
    const [made] = await cashier.sql(ringUp, JSON.stringify(sold));
    assert.equal(made?.id, sold.id);
    const again = sale(here, [{ product: bell, quantity: 1 }]);
    for (const [field, message] of [
      ['voids_id', 'no right to void'],
      ['returns_id', 'take back'],
    ] as const) {
      const wanted = JSON.stringify({ ...again, [field]: sold.id });
      await world.refusedBySql(cashier, message, ringUp, wanted);
    }
    const away = sale(there, [{ product: bell, quantity: 1 }]);
    await world.refusedBySql(cashier, 'till_unknown', ringUp, JSON.stringify(away));
    // What another store rang up isn't told to who repeats it from this one.
    await owner.call('pos.receipt.ring_up', away);
    const theirs = JSON.stringify({ ...away, claim_id: here.claim_id });
    await world.refusedBySql(cashier, /number_is_taken|session_unknown/, ringUp, theirs);
    for (const part of ['add_lines(null, null)', 'post_new(null)', `check_lines_back('{}')`]) {
      await world.refusedBySql(cashier, 'permission denied', `select pos_logic.${part}`);
    }
    assert.deepEqual(await parts(world, again.id), nothing);
  },
);

story('a till’s number is never used twice', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const bell = await product(world);
  const first = sale(at, [{ product: bell, quantity: 1 }]);
  const second = { ...sale(at, [{ product: bell, quantity: 1 }]), number: first.number };
  const both = await Promise.allSettled(
    [first, second].map((s) => cashier.call('pos.receipt.ring_up', s)),
  );
  assert.deepEqual(both.map((b) => b.status).sort(), ['fulfilled', 'rejected']);
  const lost = both.find((b) => b.status === 'rejected');
  assert.equal(lost?.reason.code, 'number_is_taken');

  // Another browser gets another series: the same numbers are other receipts.
  const claim_id = uuidv7();
  const taken = await cashier.call('pos.till.claim', {
    till_id: at.till_id,
    claim_id,
    take_over: true,
  });
  assert.equal(taken.series, 'B');
  const r = await cashier.call('pos.receipt.ring_up', { ...second, claim_id });
  assert.match(String(r.reference), /-B00001$/);
  await world.refusedBySql(cashier, 'permission denied', `update pos.till_claim set series = 'A'`);
  await world.refusedBySql(cashier, 'permission denied', 'update pos.receipt set number = 1');
});

story('the same sale by two clients at once is one sale', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  const bell = await product(world);
  for (let round = 0; round < 10; round++) {
    const sold = sale(at, [{ product: bell, quantity: 1 }]);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => cashier.call('pos.receipt.ring_up', sold)),
    );
    assert.equal(new Set(answers.map((a) => JSON.stringify(a))).size, 1);
    assert.deepEqual(await parts(world, sold.id), {
      receipts: 1,
      lines: 1,
      payments: 1,
      moves: 1,
      entries: 1,
    });
  }
  // What has no id of its own is kept under the key of its call.
  const key = uuidv7();
  const cash = {
    till_session_id: at.till_session_id,
    kind: 'in',
    amount: '5.00',
    reason: 'Change',
  };
  const input = { id: uuidv7(), ...cash };
  const [a, b] = await Promise.all(
    [1, 2].map(() => cashier.call('pos.till_session.move_cash', input, key)),
  );
  assert.deepEqual(a, b);
  await world.refused('key_reused', () =>
    cashier.call('pos.till_session.move_cash', { ...input, amount: '6.00' }, key),
  );
  const stranger = await world.as('manager', { store: 'HILL' });
  const own = await stranger.call('pos.till_session.move_cash', { ...input, id: uuidv7() }, key);
  assert.notEqual(own.id, input.id); // the key belongs to the actor
});

story('a void within its session, with a manager’s approval, once', async (world) => {
  const cashier = await world.as('cashier', { store: 'HILL' });
  const password = 'Cl1mb the hill!';
  const managerOf = async (store: string) => {
    const manager = await world.as('manager', { store });
    const [u] = await world.behind(
      'update identity.user set password_hash = $1 where id = $2 returning username',
      await hash(password),
      manager.id,
    );
    return { id: manager.id, login: String(u?.username) };
  };
  const manager = await managerOf('HILL');
  const at = await counter(world, cashier);
  const bell = await product(world, { on_hand: '3' });
  const ringUp = () =>
    cashier.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 1 }]));
  const voiding = (receipt_id: unknown) => ({
    id: uuidv7(),
    claim_id: at.claim_id,
    till_session_id: at.till_session_id,
    number: at.next++,
    happened_at: new Date().toISOString(),
    receipt_id,
    reason: 'Wrong goods',
  });
  const operation = 'pos.receipt.void';
  const consent = (input: unknown, login = manager.login) =>
    approve(world.db, { token: cashier.token, login, password, operation, input });

  const input = voiding((await ringUp()).id);
  await world.refused('not_permitted', () => cashier.call(operation, input));
  const approval = await consent(input);
  const other = voiding((await ringUp()).id);
  await world.refused('approval_not_valid', () => cashier.approved(operation, other, approval));
  const voided = await cashier.approved(operation, input, approval);
  assert.equal(voided.kind, 'void');
  await world.refused('approval_not_valid', () => cashier.approved(operation, input, approval));
  const [request] = await world.behind(
    `select q.actor_id, q.approved_by, q.operation from pos.receipt r join audit.request q on q.id = r.request_id
      where r.id = $1`,
    voided.id,
  );
  assert.deepEqual(request, { actor_id: cashier.id, approved_by: manager.id, operation });

  // A manager of the other store, a colleague, and a right that was lent before count for nothing.
  const valley = await managerOf('VALLEY');
  const foreign = await consent(other, valley.login);
  await world.refused('not_yours', () => cashier.approved(operation, other, foreign));
  const colleague = await world.as('cashier', { store: 'HILL' });
  await world.behind(
    'update identity.user set password_hash = $1 where id = $2',
    await hash(password),
    colleague.id,
  );
  const [{ username } = {}] = await world.behind(
    'select username from identity.user where id = $1',
    colleague.id,
  );
  await world.refused('approver_not_permitted', () => consent(other, String(username)));
  await world.refusedBySql(
    cashier,
    'row-level security',
    `insert into pos.receipt (id, store_id, till_claim_id, till_session_id, number, voids_id, happened_at,
       currency, net_amount, tax_amount, body_hash)
     select uuidv7(), store_id, till_claim_id, till_session_id, 999, id, now(), currency, -net_amount, 0, ''
       from pos.receipt where id = $1`,
    other.receipt_id,
  );

  await cashier.call('pos.till_session.close', { id: at.till_session_id, counted_amount: '0.00' });
  const late = await consent(other);
  await world.refused('void_other_session', () => cashier.approved(operation, other, late));
});
