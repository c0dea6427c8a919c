import assert from 'node:assert/strict';
import { story, type World } from '#kernel/test';
import { modules } from '../modules.ts';
import { fillBothStores } from '../test/shop.ts';
import { ruleOf } from './rule.ts';

// Every rule is a question to the live catalogue whose answer must be empty.
const rules: [string, string][] = [
  [
    'a table has a primary key',
    `select name from tables where not exists
       (select from pg_index i where i.indrelid = rel and i.indisprimary)`,
  ],
  [
    'a table has row security',
    'select name from tables join pg_class c on c.oid = rel where not c.relrowsecurity',
  ],
  [
    'a table has a policy for each role that may read it',
    `select name, role from tables, roles where has_any_column_privilege(role, rel, 'select')
        and not exists (select from pg_policy p where p.polrelid = rel and p.polcmd in ('r', '*')
                           and role::regrole::oid = any(p.polroles))`,
  ],
  [
    'a table has a policy for each role that may add to it or change it',
    `select name, role, verb from tables, roles, (values ('insert', 'a'), ('update', 'w')) v(verb, cmd)
      where has_any_column_privilege(role, rel, verb)
        and not exists (select from pg_policy p where p.polrelid = rel and p.polcmd::text in (cmd, '*')
                           and role::regrole::oid = any(p.polroles))`,
  ],
  [
    'a table that list() reads shows it all rows, and its own policy to the application',
    `select name from tables where has_any_column_privilege('kontor_app', rel, 'select')
        and not (has_table_privilege('kontor_list', rel, 'select') and exists (select from pg_policy p
          where p.polrelid = rel and p.polcmd = 'r' and 'kontor_list'::regrole::oid = any(p.polroles)
            and pg_get_expr(p.polqual, rel) = 'true'))`,
  ],
  [
    'tables, views and their columns have comments',
    `select name, attname from (select rel, name, null as attname, 0 as attnum from relations
        union all select rel, name, attname::text, a.attnum from tables
          join pg_attribute a on attrelid = rel and a.attnum > 0 and not attisdropped) x
      where nullif(col_description(rel, attnum), '') is null
        and (attnum > 0 or nullif(obj_description(rel, 'pg_class'), '') is null)`,
  ],
  [
    'what people call a thing stands in the order of letters, not of their codes',
    `select name from tables join pg_attribute a on attrelid = rel and attname = 'name'
      where a.attcollation <> '"und-x-icu"'::regcollation
        and has_column_privilege('kontor_app', rel, a.attnum, 'select')
        and exists (select from pg_attribute where attrelid = rel and attname = 'id')
        and name not in (${[
          // Names that machines read, a month, and the names of files.
          `'identity.role'`,
          `'kernel.custom_field'`,
          `'finance.period'`,
          `'files.attachment'`,
        ]})`,
  ],
  [
    'a foreign key has an index behind it',
    `select name, conname from tables join pg_constraint f on f.conrelid = rel and f.contype = 'f'
      where not exists (select from pg_index i where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1]
                           and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%'))`,
  ],
  [
    'a table that people change has a trail',
    `select name from tables where has_any_column_privilege('kontor_app', rel, 'update')
        and name not in (${[
          // What an import brought, and where from: its batch is its trail.
          `'kernel.source_row'`,
        ]})
        and not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                         where t.tgrelid = rel and p.proname = 'trail_update' and t.tgenabled in ('O', 'A'))`,
  ],
  [
    'a table that is tracked has all of its trail',
    `select name from tables join pg_trigger t on t.tgrelid = rel join pg_proc p on p.oid = t.tgfoid
      where p.proname ~ '^trail_' group by name having count(*) <> 3`,
  ],
  [
    'no role but the door removes rows',
    `select name, role from tables, roles
      where role in ('kontor_app', 'kontor_read', 'kontor_list')
        and (has_table_privilege(role, rel, 'delete') or has_table_privilege(role, rel, 'truncate'))`,
  ],
  [
    'a view runs as its caller',
    `select name from relations join pg_class c on c.oid = rel where c.relkind = 'v'
        and not coalesce('security_invoker=true' = any(c.reloptions), false)`,
  ],
  [
    'a materialised view is granted to nobody',
    `select name, role from relations join pg_class c on c.oid = rel, roles where c.relkind = 'm'
        and has_any_column_privilege(role, rel, 'select')`,
  ],
  [
    'a definer function has an empty search path',
    `select p.oid::regprocedure from pg_proc p join schemas s on s.oid = p.pronamespace
      where p.prosecdef and not coalesce(p.proconfig && array['search_path=""', 'search_path='], false)`,
  ],
  [
    'call() runs as its caller',
    `select proname from pg_proc where oid = to_regproc('kernel_logic.call') and prosecdef`,
  ],
  [
    'a function that a trigger runs is a definer, unless it looks at its own row alone',
    `select distinct t.tgrelid::regclass, p.oid::regproc from pg_trigger t join pg_proc p on p.oid = t.tgfoid
      join schemas s on s.oid = p.pronamespace
      where not p.prosecdef and p.proname <> 'next_version'`,
  ],
  [
    'nothing that holds data depends on logic',
    `select distinct pg_describe_object(d.classid, d.objid, d.objsubid) as what, p.oid::regprocedure
       from pg_depend d join pg_proc p on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
      where p.pronamespace::regnamespace::text like '%\\_logic'
        and d.classid in ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass)
        and not exists (select from pg_class c where d.classid = 'pg_class'::regclass and c.oid = d.objid
                           and c.relkind = 'v')`,
  ],
  [
    'a logic schema holds no data',
    `select c.oid::regclass from pg_class c join schemas s on s.oid = c.relnamespace
      where s.name like '%\\_logic' and c.relkind in ('r', 'p', 'm', 'S')`,
  ],
  [
    'money, quantities and shares are exact',
    `select name, attname from tables join pg_attribute a on attrelid = rel and attnum > 0
      where atttypid in ('float4'::regtype, 'float8'::regtype, 'money'::regtype)`,
  ],
  [
    'a figure of a table says what it is, by its domain or its name',
    `select name, attname from tables join pg_attribute a on attrelid = rel and attnum > 0
      where atttypid = 'numeric'::regtype and attname !~ '(_amount|_fraction|^rate)$'`,
  ],
  [
    'a table with a store has an index that begins with it, or few rows',
    `select name from tables join pg_attribute a on attrelid = rel and attname = 'store_id'
      where exists (select from pg_attribute m where m.attrelid = rel and m.attname = 'business_on')
        and not exists (select from pg_index i where i.indrelid = rel and i.indkey[0] = a.attnum)`,
  ],
];

const known = `with schemas as (
    select n.oid, n.nspname as name from pg_namespace n
     where n.nspname in (select name from kernel.module union select name || '_logic' from kernel.module)),
  relations as (select c.oid as rel, c.oid::regclass::text as name from pg_class c
    join kernel.module m on m.name = c.relnamespace::regnamespace::text where c.relkind in ('r', 'p', 'v', 'm')),
  tables as (select r.* from relations r join pg_class c on c.oid = r.rel where c.relkind in ('r', 'p')),
  roles as (select unnest(array['kontor_app', 'kontor_read', 'kontor_list', 'kontor_door']) as role) `;

for (const [rule, question] of rules) {
  story(rule, async ({ behind }) => assert.deepEqual(await behind(known + question), []));
}

/** What may be listed, with its columns and those that plain SELECT may ask. */
const listed = ({ behind }: World) =>
  behind(`${known} select name, (select array_agg(quote_ident(attname) order by attnum) from pg_attribute
      where attrelid = rel and attnum > 0 and not attisdropped
        and has_column_privilege('kontor_app', rel, attnum, 'select')) as columns
    from tables where has_any_column_privilege('kontor_app', rel, 'select')
      and exists (select from pg_attribute where attrelid = rel and attname = 'id') order by 1`);

story('list() answers what plain SELECT answers, for every table and role', async (world) => {
  await fillBothStores(world);
  const tables = await listed(world);
  assert.ok(tables.length > 30);
  for (const role of ['administrator', 'manager', 'cashier'] as const) {
    for (const store of [undefined, 'HILL']) {
      const who = await world.as(role, store ? { store } : {});
      for (const { name, columns } of tables) {
        const plain = await who.sql(
          `select id::text from (select ${columns} from ${name} order by id limit 150) t order by 1`,
        );
        const rows = await who.listAny(String(name).replaceAll('"', ''), {
          sort: [['id', 'asc']],
          limit: 150,
        });
        assert.deepEqual(
          rows.map((r) => String(r.id)).sort(),
          plain.map((r) => r.id),
          `${name} as ${role} of ${store ?? 'all stores'}`,
        );
      }
    }
  }
});

story('a rule that the application can break says what it asks for', async ({ db }) => {
  const { rows } = await db.admin.query(
    `select k.conname as name, pg_get_expr(k.conbin, k.conrelid) as expression,
            obj_description(k.oid, 'pg_constraint') as said
       from pg_constraint k join pg_namespace n on n.oid = k.connamespace
       join kernel.module m on m.name = n.nspname
      where k.contype = 'c' and (k.conrelid = 0
         or has_any_column_privilege('kontor_app', k.conrelid, 'insert, update'))`,
  );
  assert.ok(rows.length > 80, 'there are rules');
  const silent = rows.filter((r) => 'rule' in ruleOf(r.name, r.expression, r.said).params);
  assert.deepEqual(
    silent.map((r) => r.name),
    [],
    'give them a “comment on constraint” in a logic.sql',
  );
});

story(
  'what a module says of how lists begin and records are grouped names columns that are there',
  async ({ db }) => {
    for (const { name, lists = {} } of await modules()) {
      for (const [table, { columns = '', sort = '', sections = {} }] of Object.entries(lists)) {
        const { rows } = await db.admin.query(
          `select attname as name from pg_attribute
          where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
          union all select name from kernel_logic.brought(to_regclass($1))`,
          [`${name}.${table}`],
        );
        const sorted = sort.replace('-', '');
        const grouped = Object.values(sections).flatMap((names) => names.split(','));
        const said = [...columns.split(','), sorted, ...grouped].filter(Boolean);
        assert.equal(new Set(grouped).size, grouped.length, `${name}.${table}: twice in a section`);
        const there = rows.map((row) => row.name);
        assert.ok(there.length > 0, `${name}.${table}`);
        assert.deepEqual(new Set(said).difference(new Set(there)), new Set(), `${name}.${table}`);
      }
    }
  },
);

story('whatever is found odd has a name in a module.ts', async ({ db }) => {
  const { rows } = await db.admin.query(
    `select distinct m[1] as code from pg_proc
      cross join lateral regexp_matches(prosrc,
        'kernel_logic[.]flag[(][^;]*?[, \n]''([a-z]+(?:_[a-z]+)+)''', 'g') m
      order by 1`,
  );
  const named = (await modules()).flatMap(({ findings = {} }) => Object.keys(findings));
  assert.ok(rows.length > 5);
  assert.deepEqual(rows.map(({ code }) => code).sort(), named.sort());
});
