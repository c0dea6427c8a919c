import assert from 'node:assert/strict';
import pg from 'pg';
import { story, uuidv7 } from '#kernel/test';
import { counter, product, sale } from '../test/shop.ts';

const insertStore = `insert into catalog.brand (name) values ('Forged')`;

story('a forged actor sees and writes nothing', async (world) => {
  const owner = await world.as('administrator');
  const at = await counter(world, owner);
  await owner.call(
    'pos.receipt.ring_up',
    sale(at, [{ product: await product(world), quantity: 1 }]),
  );
  const signed = await owner.open();
  const [{ actor } = {}] = await signed.sql(`select current_setting('kontor.actor') as actor`);
  const forged = [
    String(actor), // of another transaction and backend
    `${owner.id}|||`,
    `${owner.id}|||${'0'.repeat(64)}`,
    String(actor).replace('|||', `|${owner.id}|pos.void|`),
    '|||',
    '',
    'nonsense',
  ];
  const client = new pg.Client(world.db.config);
  await client.connect();
  for (const setting of forged) {
    await client.query('begin');
    await client.query(`select set_config('kontor.actor', $1, true)`, [setting]);
    for (const table of [
      'pos.receipt',
      'catalog.product',
      'finance.journal_line',
      'master.store',
    ]) {
      const { rows } = await client.query(`select id from ${table}`);
      assert.deepEqual(rows, [], `${table} as ${setting}`);
    }
    await client.query('savepoint before');
    await assert.rejects(
      client.query(`select kernel_logic.list_table('pos.receipt', '{}')`),
      /not_signed_in/,
    );
    await client.query('rollback to before');
    await assert.rejects(client.query(insertStore), /row-level security/);
    await client.query('rollback');
  }
  // Nor is it worth anything in the next transaction of the very same connection.
  await client.query('begin');
  await client.query('select kernel_logic.set_actor($1)', [owner.token]);
  const { rows: mine } = await client.query(`select current_setting('kontor.actor') as actor`);
  await client.query('commit');
  await client.query('begin');
  await client.query(`select set_config('kontor.actor', $1, true)`, [mine[0].actor]);
  assert.deepEqual((await client.query('select id from pos.receipt')).rows, []);
  await client.query('rollback');
  await assert.rejects(
    client.query(`select kernel_logic.set_actor('0123456789012345678901')`),
    /not_signed_in/,
  );
  await client.end();
  await signed.end();
});

story(
  'who wrote a fact is who was signed, whatever the setting names afterwards',
  async (world) => {
    const poster = await world.as('administrator');
    const other = await world.as('administrator');
    const [journal] = await world.behind(`select id, company_id from finance.journal limit 1`);
    const nobody = uuidv7();
    const write = `insert into finance.journal_entry (company_id, journal_id, number, happened_at, source_table,
      source_id, recorded_by) values ($1, $2, $3, now(), 'story', $2, $4) returning recorded_by, request_id`;
    // As the superuser, whom no policy stops: what is asked here is whom the fact names.
    const client = await world.db.admin.connect();
    try {
      const named = async (number: string) =>
        (await client.query(write, [journal?.company_id, journal?.id, number, nobody])).rows[0];
      const forge = (setting: string) =>
        client.query(`select set_config('kontor.actor', $1, true)`, [setting]);
      await client.query('begin');
      await client.query('select kernel_logic.set_actor($1)', [poster.token]);
      const signed = await named('A-1');
      assert.equal(signed.recorded_by, poster.id);
      for (const setting of [`${other.id}|||`, `${other.id}|||${'0'.repeat(64)}`, '|||', '']) {
        await forge(setting);
        assert.equal((await named(`A-${uuidv7()}`)).recorded_by, nobody, setting);
      }
      // A second signature in the same transaction counts for what is written under it.
      await client.query('select kernel_logic.set_actor($1)', [other.token]);
      const second = await named('A-2');
      assert.equal(second.recorded_by, other.id);
      assert.equal(second.request_id, signed.request_id);
      await client.query('rollback');
      // Where nobody was signed there is no row to lean on.
      await client.query('begin');
      await forge(`${poster.id}|||`);
      assert.equal((await named('A-3')).recorded_by, nobody);
      assert.equal((await named('A-4')).recorded_by, nobody);
      await client.query('rollback');
    } finally {
      client.release();
    }
  },
);

story('the application reads no password and starts no session', async (world) => {
  const owner = await world.as('administrator');
  for (const forbidden of [
    'select password_hash from identity.user',
    'select * from identity.user',
    'select token_hash from identity.session',
    'select token_hash from identity.approval',
    'select value from kernel.secret',
    'select key from audit.party_key',
    `insert into identity.session (token_hash, user_id, kind, expires_at)
     values ('x', '${owner.id}', 'bearer', now() + interval '1 day')`,
    `insert into identity.approval (token_hash, approver_id, actor_id, operation, body_hash, expires_at)
     values ('x', '${owner.id}', '${owner.id}', 'pos.receipt.void', 'x', now() + interval '1 day')`,
    `update identity.user set password_hash = 'x'`,
    `insert into identity.user_role (user_id, role) values ('${owner.id}', 'administrator')`,
    `insert into identity.role_permission values ('cashier', 'finance.manage')`,
    `select kernel_logic.sign('${owner.id}||')`,
    `select kernel_logic.session_of('x')`,
    `select kernel_logic.register('{}')`,
    `select master_logic.set_up('{}')`,
    'set role kontor_owner',
    'set role kontor_door',
    'set role kontor_list',
    'set session_replication_role = replica',
    'create table kernel.mine (id uuid)',
    'create function kernel_logic.mine() returns void language sql as $$ select 1 $$',
    'alter table pos.receipt disable row level security',
    "copy pos.receipt to program 'true'",
  ]) {
    await world.refusedBySql(owner, /permission denied|must be (owner|superuser)/, forbidden);
  }
  const users = await owner.list('identity.user');
  assert.ok(users.length > 0 && users.every((u) => !('password_hash' in u)));
  await world.refused('column_unknown', () =>
    owner.list('identity.user', { filter: [['password_hash', 'starts', '$argon2']] }),
  );
  // The reading role neither writes nor reads more.
  const reader = new pg.Client({ ...world.db.config, ...world.db.logins.read });
  await reader.connect();
  await assert.rejects(
    reader.query('select password_hash from identity.user'),
    /permission denied/,
  );
  await assert.rejects(reader.query(insertStore), /permission denied/);
  await reader.end();
});

story('a session that ended, expired or idled is nobody’s', async (world) => {
  for (const end of [
    'ended_at = now()',
    `expires_at = now() - interval '1 second'`,
    `last_seen_at = now() - interval '13 hours'`,
  ]) {
    const cashier = await world.as('cashier');
    await cashier.list('catalog.product');
    await world.behind(`update identity.session set ${end} where user_id = $1`, cashier.id);
    await world.refused('not_signed_in', () => cashier.list('catalog.product'));
  }
  const owner = await world.as('administrator');
  const cashier = await world.as('cashier');
  await owner.call('identity.user.switch', { id: cashier.id, is_active: false });
  await world.refused('not_signed_in', () => cashier.list('catalog.product'));
});

story('who manages the users of one store makes nobody greater than that', async (world) => {
  const hill = await world.as('administrator', { store: 'HILL' });
  const [valley] = await world.behind(`select id from master.store where code = 'VALLEY'`);
  const [home] = await world.behind(`select id from master.store where code = 'HILL'`);
  const given = (store_id?: unknown) => ({
    username: `u${uuidv7().slice(-8)}`,
    name: 'Mia',
    password: 'Cl1mb the hill!',
    role: 'administrator',
    ...(store_id ? { store_id } : {}),
  });
  await hill.call('identity.user.make', given(home?.id));
  await world.refused('not_permitted', () => hill.call('identity.user.make', given(valley?.id)));
  await world.refused('not_permitted', () => hill.call('identity.user.make', given()));
  const owner = await world.as('administrator');
  await world.refused('not_permitted', () =>
    hill.call('identity.user.switch', { id: owner.id, is_active: false }),
  );
});

story('what goods cost is read by who may, through list() alone', async (world) => {
  const manager = await world.as('manager', { store: 'HILL' });
  const cashier = await world.as('cashier', { store: 'HILL' });
  const bell = await product(world, { unit_cost: '123.45', on_hand: '2' });
  const guarded = await world.behind('select * from kernel.guarded_column order by 1, 2');
  assert.deepEqual(
    guarded.map((g) => `${g.table_name}.${g.column_name}`),
    [
      'catalog.product.unit_cost',
      'inventory.stock_level.value_amount',
      'inventory.stock_move.unit_cost',
      'inventory.stock_move.value_amount',
    ],
  );
  for (const { table_name, column_name } of guarded) {
    const table = String(table_name);
    const column = String(column_name);
    for (const who of [cashier, manager]) {
      for (const way of [column, `sum(${column})`, 't.*', 'to_jsonb(t)']) {
        await world.refusedBySql(who, 'permission denied', `select ${way} from ${table} t`);
      }
      await world.refusedBySql(
        who,
        'permission denied',
        `select id from ${table} where ${column} > 1`,
      );
    }
    const filter: [string, string, string][] = [
      [table === 'catalog.product' ? 'id' : 'product_id', '=', String(bell.id)],
    ];
    const [seen] = await manager.listAny(table, { filter });
    assert.ok(Number(seen?.[column]) > 0, `${table}.${column}`);
    const [hidden] = await cashier.listAny(table, { filter });
    assert.ok(hidden && !(column in hidden));
    await world.refused('column_unknown', () =>
      cashier.listAny(table, { filter: [[column, '>', '1']] }),
    );
    await world.refused('column_unknown', () =>
      cashier.listAny(table, { sort: [[column, 'asc']] }),
    );
    const asked = await cashier.listAny(table, { filter, columns: ['id', column] });
    assert.deepEqual(Object.keys(asked[0] ?? {}), ['id']);
  }
});

story('who reads reports writes nothing, whoever’s token they hold', async (world) => {
  const owner = await world.as('administrator');
  for (const text of [
    `select kernel_logic.make_user('evil', 'Evil', null, 'x', 'administrator', null)`,
    `select webhooks_logic.make('{}')`,
    `insert into catalog.brand (name) values ('Mine')`,
  ]) {
    const client = await world.db.read.connect();
    try {
      await client.query('begin');
      await client.query('select kernel_logic.set_actor($1)', [owner.token]);
      await assert.rejects(client.query(text), /permission denied/);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
});
