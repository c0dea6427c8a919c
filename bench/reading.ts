import { type ListSpec, list, type Row } from '../kernel/database/reading/list.ts';
import { type Ground, type Measured, p95 } from './ground.ts';

const ASKED = 200;
const WARM = 20;
const STORES_WITH_STOCK = 10;

export interface Question {
  name: string;
  /** Stock levels where none is said. */
  table?: string;
  /** What finds a row somewhere in the list. */
  somewhere?: () => ListSpec;
  /** What is asked for; `last` is a row somewhere in the list, whose cursor goes on behind it. */
  spec(last: { cursor: string; row: Row }): ListSpec;
  bare(spec: ListSpec, last: { row: Row }): { text: string; values: unknown[] };
  times?: number;
}

const columns = `l.id, l.store_id, l.location_id, o.name as location, l.product_id, p.name as product,
  l.on_hand, l.reserved, l.available`;
const tables = `inventory.stock_level l join catalog.product p on p.id = l.product_id
  join inventory.location o on o.id = l.location_id`;

/** Pages of a million levels as a cashier of 2 of 20 stores, against the query with its stores written out. */
export async function reading(ground: Ground): Promise<Measured[]> {
  await fill(ground);
  const stores = ground.cashier.stores;
  const questions: Question[] = [
    {
      name: 'list 50 of 1,000,000 stock levels, filtered and sorted',
      spec: () => ({ filter: [['on_hand', '>=', random(400)]], sort: [['on_hand', 'asc']] }),
      bare: ({ filter }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and l.on_hand >= $2
                order by l.on_hand, l.id limit 51`,
        values: [stores, filter?.[0]?.[2]],
      }),
    },
    {
      name: 'the same, deep in the list',
      spec: ({ cursor }) => ({ sort: [['on_hand', 'asc']], cursor }),
      bare: (_, { row }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and (l.on_hand, l.id) > ($2, $3)
                order by l.on_hand, l.id limit 51`,
        values: [stores, row.on_hand, row.id],
      }),
    },
    {
      name: 'search stock levels by the names of 100,000 products',
      spec: () => ({ q: `lamp ${Math.floor(1000 + Math.random() * 8000)}` }),
      bare: ({ q }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and l.product_id in
                 (select id from catalog.product where lower(name collate "default") like $2 or lower(number) like $2)
                order by l.id limit 51`,
        values: [stores, `%${q}%`],
      }),
    },
    {
      name: 'between two numbers, sorted by one downwards',
      spec: ({ cursor: _, row }) => ({
        filter: [['on_hand', 'between', ['0', String(row.on_hand)]]],
        sort: [['on_hand', 'desc']],
      }),
      bare: (_, { row }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and l.on_hand between 0 and $2
                order by l.on_hand desc, l.id desc limit 51`,
        values: [stores, row.on_hand],
      }),
    },
    {
      name: 'filter stock levels by the name of what they refer to',
      spec: () => ({
        filter: [
          ['product_id.name', 'contains', `lamp ${Math.floor(1000 + Math.random() * 8000)}`],
        ],
      }),
      bare: ({ filter }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and l.product_id in
                 (select id from catalog.product where lower(name collate "default") like $2)
                order by l.id limit 51`,
        values: [stores, `%${filter?.[0]?.[2]}%`],
      }),
    },
    {
      name: 'group stock levels by place with subtotals',
      spec: () => ({ group: ['store_id', 'location_id'], totals: ['sum:on_hand', 'max:on_hand'] }),
      bare: () => ({
        text: `select l.store_id, l.location_id, count(*), sum(l.on_hand), max(l.on_hand)
                from inventory.stock_level l where l.store_id = any($1)
               group by grouping sets ((l.store_id, l.location_id), (l.store_id), ())
               having grouping(l.store_id, l.location_id) = 0 order by 1, 2`,
        values: [stores],
      }),
      times: 30,
    },
  ];
  const rows: Measured[] = [];
  for (const question of questions) rows.push(await measure(ground, question));
  return rows;
}

export const random = (below: number) => Math.floor(Math.random() * below).toFixed(0);

export async function measure(ground: Ground, question: Question): Promise<Measured> {
  const { name, table = LEVELS, spec, bare, times = ASKED } = question;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let n = 0; n < times + WARM; n++) {
    const last = await somewhere(ground, table, question.somewhere ?? someLevel);
    const said = spec(last);
    const { text, values } = bare(said, last);
    const wanted = await timed(() => ground.owner.query({ name, text, values }));
    const page = await timed(() => list(ground.db, ground.cashier.token, table, said));
    const found = Math.min(wanted.answer.rows.length, 50);
    if (page.answer.rows.length !== found) {
      throw new Error(`${name}: ${page.answer.rows.length} rows, but ${found} are right.`);
    }
    if (n < WARM) continue;
    ours.push(page.ms);
    theirs.push(wanted.ms);
  }
  const value = p95(ours);
  const peer_value = p95(theirs);
  const ratio = value / peer_value;
  return {
    name,
    unit: 'ms p95',
    value,
    peer: 'the bare query with the stores written out',
    peer_value,
    ratio,
    must: '≤ 10',
    ok: ratio <= 10,
  };
}

const LEVELS = 'inventory.stock_level';
const someLevel = (): ListSpec => ({
  filter: [['on_hand', '>=', random(480)]],
  sort: [['on_hand', 'asc']],
});

/** A row in the middle of the list, and the cursor behind it. */
async function somewhere(
  { db, cashier }: Ground,
  table: string,
  spec: () => ListSpec,
): Promise<{ cursor: string; row: Row }> {
  const { rows, next } = await list(db, cashier.token, table, { ...spec(), limit: 1 });
  return { cursor: next ?? '', row: rows[0] ?? {} };
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const start = performance.now();
  const answer = await work();
  return { ms: performance.now() - start, answer };
}

/** A level of every product in half of the stores; made as a restore makes them, without triggers. */
async function fill({ admin }: Ground): Promise<void> {
  const client = await admin.connect();
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into inventory.stock_level (store_id, location_id, product_id, on_hand)
     select l.store_id, l.id, p.id, (random() * 500)::integer
       from inventory.location l join master.store s on s.id = l.store_id, catalog.product p
      where l.kind = 'shelf' and s.code = any($1) on conflict do nothing`,
    [Array.from({ length: STORES_WITH_STOCK }, (_, n) => `S${n + 2}`)],
  );
  await client.query('reset session_replication_role');
  client.release();
  await admin.query('vacuum analyze');
}
