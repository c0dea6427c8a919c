import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { counter, product, sale } from '../test/shop.ts';

story('the trail can’t be changed', async (world) => {
  const owner = await world.as('administrator');
  await owner.call('catalog.brand.create', { name: 'Hillside' });
  for (const [table, said] of [
    ['audit.request', 'operation'],
    ['audit.change', 'verb'],
  ]) {
    assert.ok((await owner.sql(`select id from ${table}`)).length > 0);
    for (const forbidden of [
      `update ${table} set ${said} = 'x'`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
      `alter table ${table} disable trigger all`,
    ]) {
      await world.refusedBySql(owner, /permission denied|must be owner/, forbidden);
    }
  }
  await world.refusedBySql(
    owner,
    'permission denied',
    `insert into audit.request (actor_id, operation) values ('${owner.id}', 'nothing.to.see')`,
  );
  await world.refusedBySql(
    owner,
    'permission denied',
    `insert into audit.change (request_id, table_name, row_id, verb)
     select id, 'catalog.brand', id, 'insert' from audit.request`,
  );
  const cashier = await world.as('cashier');
  assert.deepEqual(await cashier.sql('select id from audit.request'), []);
});

story('the trail can’t be skipped: raw SQL leaves the same traces', async (world) => {
  const owner = await world.as('administrator');
  await owner.sql(`insert into catalog.brand (name) values ('Raw')`);
  await owner.sql(`update catalog.brand set name = 'Rawer' where name = 'Raw'`);
  const trail = await world.behind(
    `select q.actor_id, q.operation, c.verb, c.before, c.after from audit.change c
       join audit.request q on q.id = c.request_id
       join catalog.brand b on b.id = c.row_id where b.name = 'Rawer' order by c.id`,
  );
  assert.deepEqual(trail, [
    { actor_id: owner.id, operation: 'sql', verb: 'insert', before: null, after: null },
    {
      actor_id: owner.id,
      operation: 'sql',
      verb: 'update',
      before: { name: 'Raw' },
      after: { name: 'Rawer' },
    },
  ]);
  for (const forbidden of [
    'set local session_replication_role = replica',
    'alter table catalog.brand disable trigger trail_update',
    'drop trigger trail_update on catalog.brand',
  ]) {
    await world.refusedBySql(owner, /permission denied|must be owner/, forbidden);
  }

  // A posted fact points at its request, and nobody says another.
  const at = await counter(world, owner);
  const r = await owner.call(
    'pos.receipt.ring_up',
    sale(at, [{ product: await product(world), quantity: 1 }]),
  );
  const [told] = await world.behind('select * from audit.request where id = $1', r.request_id);
  assert.equal(told?.actor_id, owner.id);
  assert.equal(told?.operation, 'pos.receipt.ring_up');
});

story('facts take no update and no delete, whoever asks', async (world) => {
  const owner = await world.as('administrator');
  const facts = await world.behind(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and a.attname = 'made_in' order by 1`,
  );
  assert.deepEqual(
    facts.map((f) => f.name),
    [
      'audit.request',
      'finance.journal_entry',
      'inventory.stock_move',
      'pos.cash_movement',
      'pos.receipt',
    ],
  );
  const parts = ['finance.journal_line', 'pos.receipt_line', 'pos.receipt_tax', 'pos.payment'];
  for (const table of [...facts.map((f) => String(f.name)), ...parts]) {
    const [columns] = await world.behind(
      `select array_agg(quote_ident(attname)) as names from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      table,
    );
    for (const column of (columns?.names ?? []) as string[]) {
      await world.refusedBySql(
        owner,
        'permission denied',
        `update ${table} set ${column} = ${column}`,
      );
    }
    await world.refusedBySql(owner, 'permission denied', `delete from ${table}`);
    await world.refusedBySql(owner, 'permission denied', `truncate ${table} cascade`);
    const [right] = await world.behind(
      `select bool_or(has_any_column_privilege(r, $1, 'update') or has_table_privilege(r, $1, 'delete')) as any
         from unnest(array['kontor_app', 'kontor_read', 'kontor_door', 'kontor_list', 'public']) r`,
      table,
    );
    assert.equal(right?.any, false, table);
  }
});

story('persons are sealed in the trail, and unreadable once their key is gone', async (world) => {
  const owner = await world.as('administrator');
  const party = await owner.call('master.party.create', {
    first_name: 'Wilhelmina',
    last_name: 'Quist',
  });
  const changed = {
    id: party.id,
    version: party.version,
    first_name: 'Minna',
    note: 'Knows Quist',
  };
  await owner.call('master.party.change', changed);
  const phone = await owner.call('master.contact_point.create', {
    party_id: party.id,
    kind: 'phone',
    value: '555-0199-Q',
  });
  await owner.call('master.contact_point.change', {
    id: phone.id,
    version: phone.version,
    value: '555-0123-Q',
  });
  const trail = await world.behind(
    'select * from audit.change where row_id in ($1, $2) order by id',
    party.id,
    phone.id,
  );
  assert.equal(trail.length, 4);
  const bytes = trail.map(
    (t) => `${JSON.stringify(t)}${(t.sealed as Buffer | null)?.toString('latin1')}`,
  );
  for (const secret of ['Wilhelmina', 'Minna', 'Quist', '555-0199', '555-0123', '5550199']) {
    assert.ok(!bytes.join().includes(secret), `${secret} stands in the trail`);
  }
  const opened = () => owner.sql('select kernel_logic.unsealed($1) as said', trail[1]?.id);
  assert.deepEqual((await opened())[0]?.said, {
    first_name: ['Wilhelmina', 'Minna'],
    name: ['Wilhelmina Quist', 'Minna Quist'],
    note: [null, 'Knows Quist'],
  });
  const cashier = await world.as('cashier');
  await world.refusedBySql(
    cashier,
    'not_permitted',
    'select kernel_logic.unsealed($1)',
    trail[1]?.id,
  );
  await world.behind('delete from audit.party_key where party_id = $1', party.id);
  assert.equal((await opened())[0]?.said, null);
  const [still] = await world.behind('select sealed from audit.change where id = $1', trail[1]?.id);
  assert.deepEqual(still?.sealed, trail[1]?.sealed); // and the trail itself is as it was
});
