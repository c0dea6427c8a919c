import { type ListSpec, list } from '../kernel/database/list.ts';
import type { Ground, Measured } from './ground.ts';

const ASKED = 200;
const STORES_WITH_STOCK = 10;

interface Question {
  name: string;
  spec(): ListSpec;
  bare(spec: ListSpec): { text: string; values: unknown[] };
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
      spec: () => ({ sort: [['on_hand', 'asc']], cursor: [random(480), randomId()] }),
      bare: ({ cursor }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and (l.on_hand, l.id) > ($2, $3)
                order by l.on_hand, l.id limit 51`,
        values: [stores, ...(cursor as string[])],
      }),
    },
    {
      name: 'search stock levels by the names of 100,000 products',
      spec: () => ({ q: `lamp ${Math.floor(1000 + Math.random() * 8000)}` }),
      bare: ({ q }) => ({
        text: `select ${columns} from ${tables} where l.store_id = any($1) and l.product_id in
                 (select id from catalog.product where lower(name) like $2 or lower(number) like $2)
                order by l.id limit 51`,
        values: [stores, `%${q}%`],
      }),
    },
  ];
  const rows: Measured[] = [];
  for (const question of questions) rows.push(await measure(ground, question));
  return rows;
}

const random = (below: number) => Math.floor(Math.random() * below).toFixed(0);
const randomId = () => crypto.randomUUID();

async function measure(ground: Ground, { name, spec, bare }: Question): Promise<Measured> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let n = 0; n < ASKED + 20; n++) {
    const said = spec();
    const { text, values } = bare(said);
    const wanted = await timed(() => ground.owner.query({ name, text, values }));
    const page = await timed(() =>
      list(ground.db, ground.cashier.token, 'inventory.stock_level', said),
    );
    const found = Math.min(wanted.answer.rows.length, 50);
    if (page.answer.rows.length !== found) {
      throw new Error(`${name}: ${page.answer.rows.length} rows, but ${found} are right.`);
    }
    if (n < 20) continue;
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

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const start = performance.now();
  const answer = await work();
  return { ms: performance.now() - start, answer };
}

const p95 = (of: number[]): number =>
  of.toSorted((a, b) => a - b)[Math.floor(of.length * 0.95)] as number;

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
