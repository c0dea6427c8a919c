import assert from 'node:assert/strict';
import { story, uuidv7, type World } from '#kernel/test';
import { fillBothStores } from '../test/shop.ts';

// What of other stores may be known: the feed names tables and rows, never what stands in them.
const OPEN = ['kernel.change'];
// What a till may sell is told of its own seller's stores alone, and a superuser is none.
const SOLD = ['pos.sellable', 'pos.sellable_category', 'pos.quick_sellable'];

const tables = ({ behind }: World) =>
  behind(`select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      join kernel.module m on m.name = c.relnamespace::regnamespace::text
     where c.relkind in ('r', 'v') and a.attname = 'store_id' order by 1`);

story('nobody reads another store’s rows without the right', async (world) => {
  await fillBothStores(world);
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const found = await tables(world);
  assert.ok(found.length >= 20);
  for (const role of ['administrator', 'manager', 'cashier'] as const) {
    const who = await world.as(role, { store: 'HILL' });
    const all = await world.as(role);
    for (const { name } of found) {
      const table = String(name);
      if (OPEN.includes(table)) continue;
      const stores = await world.behind(
        `select distinct store_id from ${table} where store_id is not null`,
      );
      const both = SOLD.includes(table) ? 0 : 2;
      assert.equal(stores.length, both, `${table} has rows of both stores`);
      const seen = `select distinct store_id from ${table} where store_id is not null`;
      const mine = await who.sql(seen);
      assert.ok(
        mine.every((r) => r.store_id === hill?.id) || table === 'identity.user_role',
        `${role} of HILL reads others’ rows of ${table}`,
      );
      if ((await all.sql(seen)).length > 0) {
        assert.equal(mine.length, table === 'identity.user_role' ? 2 : 1, `${role} reads ${table}`);
      }
    }
  }
});

/** What the application role may do to a table, and a row of that store to try it with. */
async function rightsOn({ behind }: World, table: string, store: unknown) {
  const [rights] = await behind(
    `select array_agg(quote_ident(a.attname)) filter (where has_column_privilege('kontor_app', c.oid, a.attnum, 'insert')) as adds,
            min(quote_ident(a.attname)) filter (where has_column_privilege('kontor_app', c.oid, a.attnum, 'update')
                                             and has_column_privilege('kontor_app', c.oid, a.attnum, 'select')
                                             and a.attgenerated = '') as changes,
            has_table_privilege('kontor_app', c.oid, 'delete') as removes
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.oid = $1::regclass and c.relkind = 'r' group by c.oid`,
    table,
  );
  const [row] = await behind(
    `select to_jsonb(t) as row from ${table} t where store_id = $1 limit 1`,
    store,
  );
  const generated = await behind(
    `select attname from pg_attribute where attrelid = $1::regclass and attgenerated <> ''`,
    table,
  );
  const adds = (rights?.adds as string[] | null)?.filter(
    (c) => !generated.some((g) => g.attname === c),
  );
  return { adds, changes: rights?.changes, removes: rights?.removes, row: row?.row as object };
}

story('nobody writes another store’s rows without the right', async (world) => {
  const [valley] = await world.behind(`select id from master.store where code = 'VALLEY'`);
  for (const role of ['administrator', 'manager', 'cashier'] as const) {
    const who = await world.as(role, { store: 'HILL' });
    for (const { name } of await tables(world)) {
      const table = String(name);
      const { adds, changes, removes, row } = await rightsOn(world, table, valley?.id);
      assert.ok(!removes, `rows of ${table} can be deleted`);
      if (changes) {
        const [changed] = await who.sql(
          `with c as (update ${table} set ${changes} = ${changes} where store_id = $1 returning 1)
           select count(*)::int as rows from c`,
          valley?.id,
        );
        assert.equal(changed?.rows, 0, `${role} of HILL changes ${table} of VALLEY`);
      }
      if (adds) {
        const fresh = {
          id: uuidv7(),
          number: '77777',
          code: `N${Date.now() % 1e7}`,
          name: 'Another',
        };
        const known = Object.entries(fresh).filter(([key]) => key in row);
        await world.refusedBySql(
          who,
          /row-level security/,
          `insert into ${table} (${adds}) select ${adds} from jsonb_populate_record(null::${table}, $1)`,
          JSON.stringify({ ...row, ...Object.fromEntries(known) }),
        );
      }
    }
  }
});
