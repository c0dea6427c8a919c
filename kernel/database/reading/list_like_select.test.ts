import assert from 'node:assert/strict';
import { before } from 'node:test';
import fc from 'fast-check';
import { type Person, story, theWorld } from '#kernel/test';
import { fillBothStores, product } from '../../test/shop.ts';
import { type Condition, type ListSpec, list, type Row } from './list.ts';

// list() against the same question written by hand as a plain SELECT under the policies.

interface Column {
  table: string;
  name: string;
  base: string;
  target: string | null;
  values: string[];
}

let people: Person[] = [];
let columns: Column[] = [];
const tables = () => [...new Set(columns.map((c) => c.table))];
const of = (table: string) => columns.filter((c) => c.table === table);

before(async () => {
  const world = await theWorld();
  await fillBothStores(world);
  await product(world, { name: 'No cost', unit_cost: null, on_hand: '3' });
  await world.behind(`update catalog.product set model_year = 2024, barcode = 'X' || number,
    brand_id = (select id from catalog.brand limit 1) where name = 'No cost'`);
  await world.behind(`insert into catalog.brand (name) values ('Acme'), ('acme two'), ('Zeta')`);
  await world.behind(`insert into catalog.product (name, unit_price, model_year, brand_id)
    select 'Part ' || n % 4, n % 3, nullif(2020 + n % 4, 2020),
           (select id from catalog.brand where name = 'Acme' and n % 3 > 0)
      from generate_series(1, 25) n`);
  people = await Promise.all([
    world.as('administrator'),
    world.as('manager', { store: 'HILL' }),
    world.as('cashier', { store: 'VALLEY' }),
  ]);
  columns = await readColumns();
});

/** Every column that plain SELECT may read, with some of the values that stand in it. */
async function readColumns(): Promise<Column[]> {
  const { behind } = await theWorld();
  const found = (await behind(`
    select kernel_logic.name_of(c.oid) as table, a.attname::text as name,
           format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) as base,
           (select min(confrelid::regclass::text) from pg_constraint f join pg_attribute i
               on i.attrelid = f.confrelid and i.attnum = f.confkey[1] and i.attname = 'id'
             where f.conrelid = c.oid and f.contype = 'f' and f.conkey[1] = a.attnum) as target
      from pg_class c join kernel.module m on m.name = c.relnamespace::regnamespace::text
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not attisdropped
      join pg_type t on t.oid = a.atttypid
     where c.relkind = 'r' and has_column_privilege('kontor_app', c.oid, a.attnum, 'select')
       -- What the asking itself adds to can't be compared.
       and c.relnamespace::regnamespace::text not in ('audit', 'identity')
       and exists (select from pg_attribute where attrelid = c.oid and attname = 'id')
     order by 1, a.attnum`)) as unknown as Column[];
  for (const c of found) {
    const rows = await behind(
      `select distinct "${c.name}"::text as v from ${c.table} where "${c.name}" is not null
        order by 1 limit 6`,
    );
    c.values = rows.map((r) => String(r.v));
  }
  return found;
}

const ordered = ['numeric', 'integer', 'bigint', 'smallint', 'date', 'timestamp with time zone'];

/** An operator with a value for a column, and the same in SQL over an expression. */
type Asked = { said: Condition; sql: (expression: string) => string };

function asked(path: string, { base, values }: Column): fc.Arbitrary<Asked> {
  const lit = (v: string) => `'${v.replaceAll("'", "''")}'`;
  const cast = (v: string) => `${lit(v)}::${base}`;
  const empty: fc.Arbitrary<Asked>[] = [
    fc.constant({ said: [path, 'is_null'], sql: (e) => `${e} is null` }),
    fc.constant({ said: [path, 'not_null'], sql: (e) => `${e} is not null` }),
  ];
  if (values.length === 0 || ['jsonb', 'text[]', 'bytea'].includes(base)) return fc.oneof(...empty);
  const value = fc.constantFrom(...values);
  const some = fc.array(value, { minLength: 0, maxLength: 3 });
  const listed = (all: string[]) => `array[${all.map(cast)}]::${base}[]`;
  const compare = (op: string) =>
    value.map((v): Asked => ({ said: [path, op, v], sql: (e) => `${e} ${op} ${cast(v)}` }));
  const more: fc.Arbitrary<Asked>[] = [compare('='), compare('!=')];
  if (base !== 'boolean') {
    more.push(
      some.map((all) => ({ said: [path, 'in', all], sql: (e) => `${e} = any(${listed(all)})` })),
      some.map((all) => ({
        said: [path, 'not_in', all],
        sql: (e) => `${e} is not null and ${e} <> all(${listed(all)})`,
      })),
    );
  }
  if ([...ordered, 'text'].includes(base)) {
    more.push(...['<', '<=', '>', '>='].map(compare));
    more.push(
      fc.tuple(value, value).map(([a, b]) => ({
        said: [path, 'between', [a, b]],
        sql: (e) => `${e} >= ${cast(a)} and ${e} <= ${cast(b)}`,
      })),
    );
  }
  if (base === 'text') {
    const part = value.map((v) => v.slice(0, 3).toUpperCase());
    more.push(
      part.map((v) => ({
        said: [path, 'contains', v],
        sql: (e) => `position(lower(${lit(v)}) in lower(${e})) > 0`,
      })),
      part.map((v) => ({
        said: [path, 'not_contains', v],
        sql: (e) => `position(lower(${lit(v)}) in lower(${e})) = 0`,
      })),
      part.map((v) => ({
        said: [path, 'starts', v],
        sql: (e) => `starts_with(lower(${e}), lower(${lit(v)}))`,
      })),
    );
  }
  return fc.oneof(...empty, ...more);
}

/** A column of the table, or one of a table that it refers to, as the SELECT calls it. */
type Place = { path: string; column: Column; join: string; expression: string };

function places(table: string): fc.Arbitrary<Place> {
  const own = of(table).map((column) => ({
    path: column.name,
    column,
    join: '',
    expression: `t."${column.name}"`,
  }));
  const other = of(table).flatMap((r) =>
    (r.target ? of(r.target) : []).map((column) => ({
      path: `${r.name}.${column.name}`,
      column,
      join: ` left join ${r.target} "${r.name}" on "${r.name}".id = t."${r.name}"`,
      expression: `"${r.name}"."${column.name}"`,
    })),
  );
  return other.length > 0
    ? fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...own) }, fc.constantFrom(...other))
    : fc.constantFrom(...own);
}

const sortable = ({ column }: Place) => !['jsonb', 'text[]', 'xid8'].includes(column.base);
const question = () =>
  fc.constantFrom(...tables()).chain((table) =>
    fc.record({
      table: fc.constant(table),
      who: fc.nat(2),
      filters: fc.array(
        places(table).chain((place) =>
          asked(place.path, place.column).map((a) => ({ ...a, place })),
        ),
        { maxLength: 2 },
      ),
      sorts: fc.uniqueArray(
        fc.tuple(places(table).filter(sortable), fc.constantFrom('asc' as const, 'desc' as const)),
        { maxLength: 3, selector: ([p]) => p.path },
      ),
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  );

story('any filter and any sorts list what plain SELECT does, page after page', async ({ db }) => {
  await fc.assert(
    fc.asyncProperty(question(), async ({ table, who, filters, sorts, limit }) => {
      const person = people[who] as Person;
      const joins = new Set([...filters.map((f) => f.place.join), ...sorts.map(([p]) => p.join)]);
      const wanted = filters.map((f) => `(${f.sql(f.place.expression)})`).join(' and ') || 'true';
      const keys = sorts.map(([p]) => `${p.expression}::text`);
      const order = sorts.map(([p, way]) => `${p.expression} ${way} nulls last`);
      const plain = await person.sql(
        `select t.id::text, array[${keys}]::text[] as keys from ${table} t${[...joins].join('')}
          where ${wanted} order by ${[...order, 't.id'].join(', ')}`,
      );
      const spec: ListSpec = {
        filter: filters.map((f) => f.said),
        sort: sorts.map(([p, way]) => [p.path, way]),
        columns: ['id'],
        limit,
      };
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await list(db, person.token, table, { ...spec, ...(cursor && { cursor }) });
        ids.push(...page.rows.map((r) => String(r.id)));
        cursor = page.next;
        assert.ok(ids.length <= plain.length, 'a row came twice');
      }
      assert.deepEqual(ids.toSorted(), plain.map((r) => r.id).toSorted());
      // Rows that are equal in what is sorted may stand in any order.
      const keysOf = new Map(plain.map((r) => [r.id, r.keys]));
      assert.deepEqual(
        ids.map((id) => keysOf.get(id)),
        plain.map((r) => r.keys),
      );
    }),
    { numRuns: 150 },
  );
});

/** A group as list() is asked for it, and as SQL. */
type Key = [said: string, sql: string];
type Total = [fn: string, column: Column];

const numbers = ['numeric', 'integer', 'bigint', 'smallint'];
const grouping = () =>
  fc.constantFrom(...tables()).chain((table) => {
    const usable = of(table).filter(({ base }) => !['jsonb', 'text[]', 'bytea'].includes(base));
    const amounts = of(table).filter(({ base }) => numbers.includes(base));
    const key = fc.constantFrom(...usable).chain(({ name, base }): fc.Arbitrary<Key> => {
      const part = fc.constantFrom('day', 'week', 'month', 'quarter', 'year');
      if (base === 'date')
        return part.map(
          (p): Key => [`${name}:${p}`, `date_trunc('${p}', "${name}"::timestamp)::date`],
        );
      if (base !== 'timestamp with time zone') return fc.constant<Key>([name, `"${name}"`]);
      return part.map(
        (p): Key => [
          `${name}:${p}`,
          `date_trunc('${p}', "${name}" at time zone 'America/New_York')::date`,
        ],
      );
    });
    return fc.record({
      table: fc.constant(table),
      who: fc.nat(2),
      keys: fc.uniqueArray(key, { minLength: 1, maxLength: 2, selector: ([name]) => name }),
      totals: amounts.length
        ? fc.uniqueArray(
            fc.tuple(fc.constantFrom('sum', 'min', 'max'), fc.constantFrom(...amounts)),
            { maxLength: 2, selector: ([f, c]) => `${f}:${c.name}` },
          )
        : fc.constant<Total[]>([]),
      limit: fc.integer({ min: 1, max: 5 }),
    });
  });

story('groups and their totals are those of plain SELECT, page after page', async ({ db }) => {
  await fc.assert(
    fc.asyncProperty(grouping(), async ({ table, who, keys, totals, limit }) => {
      const person = people[who] as Person;
      const named = totals.map(([f, c]) => `${f}:${c.name}`);
      const made = totals.map(([f, c]) => `${f}("${c.name}")::text`);
      const from = keys.map(([, sql], i) => `${sql} as k${i}`);
      const values = keys.map((_, i) => `k${i}::text`);
      const groups = (by: string[], shown: string[]) =>
        person.sql(
          `select array[${[...shown, ...made]}]::text[] as told, count(*)::int as count
             from (select *, ${from} from ${table}) t ${by.length ? `group by ${by}` : ''}
            order by ${by.length ? by.map((k) => `${k} nulls last`) : 1}`,
        );
      const plain = await groups(
        keys.map((_, i) => `k${i}`),
        values,
      ).catch(() => undefined);
      // Where SELECT may not read all columns there is nothing to compare with.
      fc.pre(plain !== undefined);
      const spec: ListSpec = { group: keys.map(([n]) => String(n)), totals: named, limit };
      const rows: Row[] = [];
      const subtotals: Row[] = [];
      let total: Row | undefined;
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await list(db, person.token, table, { ...spec, ...(cursor && { cursor }) });
        rows.push(...page.rows);
        subtotals.push(...(page.subtotals ?? []));
        total = page.total;
        cursor = page.next;
      }
      const text = (v: unknown) => (v === null ? null : String(v));
      const told = (shown: string[]) => (r: Row) => ({
        told: [...shown, ...named].map((n) => moment(text(r[n]))),
        count: r.count,
      });
      const read = (all: Row[]) =>
        all.map((r) => ({ told: (r.told as string[]).map(moment), count: r.count }));
      const names = keys.map(([n]) => String(n));
      assert.deepEqual(rows.map(told(names)), read(plain ?? []));
      assert.deepEqual(
        [total].map((r) => told([])(r as Row)),
        read(await groups([], [])),
      );
      if (keys.length === 2) {
        const unique = new Map(subtotals.map((r) => [String(r[names[0] as string]), r]));
        assert.deepEqual(
          [...unique.values()]
            .map(told(names.slice(0, 1)))
            .map((r) => JSON.stringify(r))
            .toSorted(),
          read(await groups(['k0'], values.slice(0, 1)))
            .map((r) => JSON.stringify(r))
            .toSorted(),
        );
      }
    }),
    { numRuns: 150 },
  );
});

const moment = (v: string | null) => (v === 't' ? 'true' : v === 'f' ? 'false' : v);
