import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { story } from '#kernel/test';
import { Problem } from '../../problem.ts';
import { type Deployed, deploy } from './deploy.ts';

const again = `update kernel.setting set value = jsonb_set(value, '{hash}', '"another"')
               where name = 'deployed'`;

story('a deploy changes only what changed, by content', async ({ db, behind }) => {
  const functions = () =>
    behind(`select oid::regprocedure::text as name, xmin::text from pg_proc
             where pronamespace = 'pos_logic'::regnamespace and proacl is null order by 1`);
  const before = await functions();
  await behind(again);
  await behind(`update kernel.logic_object set hash = 'x' where name like 'pos_logic.series(%'`);
  await behind(`create or replace function pos_logic.series(place integer) returns text
                language sql immutable set search_path = '' as $$ select 'odd' $$`);
  await deploy(db.where, db.logins);
  const changed = (await functions()).filter((f, i) => f.xmin !== before[i]?.xmin);
  assert.deepEqual(
    changed.map((f) => f.name),
    ['pos_logic.series(integer)'],
  );
  assert.deepEqual(await behind('select pos_logic.series(27) as s'), [{ s: 'AB' }]);
});

story(
  'rights that were loosened by hand are put back by the next deploy that touches them',
  async ({ db, behind }) => {
    await behind('grant update on pos.receipt to kontor_app');
    await behind(again);
    await behind(
      `update kernel.logic_object set hash = 'x' where kind = 'right' and module = 'pos'`,
    );
    await deploy(db.where, db.logins);
    const [may] = await behind(
      `select has_table_privilege('kontor_app', 'pos.receipt', 'update') as may`,
    );
    assert.equal(may?.may, false);
  },
);

story(
  'an edited schema file and a newer database are refused with a sentence',
  async ({ db, behind, refused }) => {
    await behind(again);
    const [kept] = await behind(`select hash from kernel.schema_file where file = '001_till.sql'`);
    await behind(`update kernel.schema_file set hash = 'edited' where file = '001_till.sql'`);
    await refused('schema_file_edited', () => deploy(db.where, db.logins));
    await behind(`update kernel.schema_file set hash = $1 where file = '001_till.sql'`, kept?.hash);
    await behind(
      `insert into kernel.schema_file (module, file, hash) values ('pos', '999_later.sql', 'x')`,
    );
    await refused('database_is_newer', () => deploy(db.where, db.logins));
    await behind(`delete from kernel.schema_file where file = '999_later.sql'`);
    await deploy(db.where, db.logins);
  },
);

story(
  'an older program serves on the logic of the next and deploys nothing over it',
  async ({ db, behind, refused }) => {
    const now = async () =>
      (await behind(`select value from kernel.setting where name = 'deployed'`))[0]
        ?.value as Deployed;
    const before = await now();
    await behind(again);
    await deploy(db.where, db.logins, '7.10.0');
    const newer = await now();
    assert.equal(newer.version, '7.10.0');
    assert.equal(newer.number, before.number + 1);
    assert.equal(newer.serves, before.version);
    await behind(again);
    const marked = await now();
    // The program before it, of another content: it starts, and changes nothing.
    assert.deepEqual(await deploy(db.where, db.logins), db.logins);
    assert.deepEqual(await now(), marked);
    await deploy(db.where, db.logins, '7.11.0');
    assert.equal((await now()).serves, '7.10.0');
    await deploy(db.where, db.logins, '7.10.0');
    await refused('program_too_old', () => deploy(db.where, db.logins));
    await behind(`update kernel.setting set value = $1 where name = 'deployed'`, before);
  },
);

story(
  'a schema file has views in its way taken away and made again; one of somebody’s own is named',
  async ({ db, behind, refused }) => {
    const rights = () =>
      behind(`select c.oid::regclass::text as view, a.grantee::regrole::text as who, a.privilege_type
                from pg_class c, aclexplode(c.relacl) a where c.oid = 'pos.sellable'::regclass
               order by 1, 2, 3`);
    const [before, oid] = [await rights(), `select 'pos.sellable'::regclass::oid as oid`];
    const [stood] = await behind(oid);
    const [file] = await behind(`delete from kernel.schema_file
      where module = 'pos' and file = '002_order_of_letters.sql' returning module, file, hash`);
    await behind(again);
    await behind('create view public.mine as select name from pos.till');
    await refused('view_in_the_way', () => deploy(db.where, db.logins));
    assert.deepEqual(await behind(oid), [stood], 'and nothing is changed');

    await behind('drop view public.mine');
    await behind('create view pos.shown as select name from pos.till');
    await behind('alter view pos.shown owner to kontor_owner');
    await behind(`insert into kernel.logic_object values ('pos', 9999, 'view', 'pos.shown', 'x')`);
    await deploy(db.where, db.logins);
    assert.notDeepEqual(await behind(oid), [stood]);
    assert.ok(before.length > 2);
    assert.deepEqual(await rights(), before);
    const ran = await behind(`select module, file, hash from kernel.schema_file
      where module = 'pos' and file = '002_order_of_letters.sql'`);
    assert.deepEqual(ran, [file]);
  },
);

story('a second home gets logins of its own and leaves the first one’s alone', async ({ db }) => {
  const other = await deploy(db.where);
  assert.notEqual(other.app.user, db.logins.app.user);
  for (const login of [db.logins.app, other.app, db.logins.door, other.door]) {
    const client = new pg.Client({ ...db.where, ...login });
    await client.connect();
    await client.query('select kernel_logic.deployed()');
    await client.end();
  }
  for (const { user } of Object.values(other)) {
    await db.admin.query(`drop owned by ${user}; drop role ${user}`);
  }
});

story('two deploys at once take turns', async ({ db, behind }) => {
  await behind(again);
  await Promise.all([deploy(db.where, db.logins), deploy(db.where, db.logins)]);
});

story(
  'a deploy waits for the calls that run, and is refused while one never ends',
  async ({ db, behind, as }) => {
    const cashier = await as('cashier', { store: 'HILL' });
    const client = new pg.Client(db.config);
    await client.connect();
    await client.query('begin');
    await client.query(`select kernel_logic.begin_call($1, 'pos.till.claim', 'k', 'h', '{}')`, [
      cashier.token,
    ]);
    await behind(again);
    let done = false;
    const deployed = deploy(db.where, db.logins).then(() => {
      done = true;
    });
    await new Promise((r) => setTimeout(r, 500));
    assert.equal(done, false);
    await client.query('commit');
    await deployed;
    await client.end();
  },
);

story(
  'a login of one’s own with CREATEROLE is enough, where the roles are its own',
  async ({ db, behind }) => {
    const name = `foreign_${randomBytes(4).toString('hex')}`;
    await behind(`create role ${name} login createrole password 'p'`);
    await behind(`create database ${name} owner ${name}`);
    const error = await deploy({ ...db.where, database: name, user: name, password: 'p' }).catch(
      (e) => e,
    );
    // On this server the roles are the superuser's: the sentence says so.
    assert.ok(error instanceof Problem);
    assert.equal(error.code, 'roles_not_ours');
    for (const role of ['owner', 'app', 'read', 'list', 'door']) {
      await behind(`grant kontor_${role} to ${name} with admin option`);
    }
    await deploy({ ...db.where, database: name, user: name, password: 'p' });
    await behind(`drop database ${name} with (force)`);
  },
);
