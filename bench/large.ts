import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counter } from '../kernel/test/shop.ts';
import { ask, type Ground, type Measured, makeGround, median } from './ground.ts';
import { measure, type Question, random } from './reading.ts';
import { makeCounters, makeGoods, makeSale, type Product } from './ring_up.ts';

const MILLION = Number(process.env.BENCH_LARGE ?? 1_000_000);
const ROUNDS = 7;
const ROUND_MS = 3000;
const WARM_SALES = 100;

/** A million sales and products in twenty stores, read and sold by a cashier of two of them. */
export async function large(): Promise<Measured[]> {
  const [empty, full] = [await makeGround(), await makeGround()];
  try {
    const shops = [await shopOn(empty), await shopOn(full)];
    await fill(full);
    const { rows } = await full.admin.query(
      `select id, unit_price::text from catalog.product p where exists
         (select from inventory.stock_level l where l.product_id = p.id and p.number like 'L%')`,
    );
    // The one that everybody buys stays the first.
    shops[1]!.goods = [shops[1]!.goods[0]!, ...rows];
    const said = [await ringUpOf(shops)];
    for (const question of questions(full)) said.push(await measure(full, question));
    return said;
  } finally {
    await empty.close();
    await full.close();
  }
}

interface Shop {
  ground: Ground;
  goods: Product[];
  counters: Counter[];
}

async function shopOn(ground: Ground): Promise<Shop> {
  return { ground, goods: await makeGoods(ground), counters: await makeCounters(ground) };
}

async function fill({ admin }: Ground): Promise<void> {
  const begun = performance.now();
  const text = readFileSync(join(import.meta.dirname, 'large.sql'), 'utf8')
    .replaceAll('$products', String(MILLION))
    .replaceAll('$sales', String(MILLION));
  const client = await admin.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; ${text}; commit`);
  } finally {
    client.release(true);
  }
  await admin.query('vacuum analyze');
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stderr.write(`Filled with ${MILLION} sales and products in ${seconds} s\n`);
}

/** The middle time of a sale at eight tills, of the two shops in turns. */
async function ringUpOf(shops: Shop[]): Promise<Measured> {
  const times: number[][] = shops.map(() => []);
  for (const shop of shops) await sell(shop, (_, n) => n >= WARM_SALES);
  await Promise.all(shops.map((s) => s.ground.admin.query('vacuum analyze')));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, shop] of shops.entries()) {
      const told = await sell(shop, (ms) => ms >= ROUND_MS);
      if (round > 0) times[i]!.push(median(told));
    }
  }
  const [peer_value = 0, value = 0] = times.map(median);
  const ratio = value / peer_value;
  return {
    name: `ring up over HTTP with ${MILLION.toLocaleString('en')} sales, 8 clients`,
    unit: 'ms p50',
    value,
    peer: 'the same in an empty shop',
    peer_value,
    ratio,
    must: '≤ 1.2',
    ok: ratio <= 1.2,
  };
}

async function sell(
  { ground, goods, counters }: Shop,
  enough: (ms: number, sales: number) => boolean,
): Promise<number[]> {
  const begun = performance.now();
  const times: number[] = [];
  await Promise.all(
    counters.map(async (at) => {
      for (let n = 0; !enough(performance.now() - begun, n); n++) {
        const before = performance.now();
        await ask(ground, 'POST', '/api/v1/pos/receipt/ring_up', makeSale(at, goods));
        times.push(performance.now() - before);
      }
    }),
  );
  return times;
}

const receipts = 'pos.receipt';
const someReceipt = () => ({
  filter: [['gross_amount', '>=', random(480)]] as [string, string, string][],
  sort: [['gross_amount', 'asc']] as [string, 'asc'][],
});

function questions({ cashier: { stores } }: Ground): Question[] {
  return [
    {
      name: 'list 50 of 1,000,000 receipts by an amount, of 2 of 20 stores',
      table: receipts,
      somewhere: someReceipt,
      spec: someReceipt,
      bare: ({ filter }) => ({
        text: `select r.*, s.name from pos.receipt r join master.store s on s.id = r.store_id
                where r.store_id = any($1) and r.gross_amount >= $2
                order by r.gross_amount, r.id limit 51`,
        values: [stores, filter?.[0]?.[2]],
      }),
    },
    {
      name: 'the same, deep in the list of receipts',
      table: receipts,
      somewhere: someReceipt,
      spec: ({ cursor }) => ({ sort: [['gross_amount', 'asc']], cursor }),
      bare: (_, { row }) => ({
        text: `select r.*, s.name from pos.receipt r join master.store s on s.id = r.store_id
                where r.store_id = any($1) and (r.gross_amount, r.id) > ($2, $3)
                order by r.gross_amount, r.id limit 51`,
        values: [stores, row.gross_amount, row.id],
      }),
    },
    {
      name: 'search a receipt by its number among 1,000,000',
      table: receipts,
      somewhere: someReceipt,
      spec: ({ row }) => ({ q: String(row.reference) }),
      bare: ({ q }) => ({
        text: `select r.*, s.name from pos.receipt r join master.store s on s.id = r.store_id
                where r.store_id = any($1) and lower(r.reference) like lower($2)
                order by r.id limit 51`,
        values: [stores, `%${q}%`],
      }),
    },
    {
      name: 'group the receipts of two stores by month, with sums',
      table: receipts,
      somewhere: someReceipt,
      spec: () => ({ group: ['business_on:month'], totals: ['sum:gross_amount'] }),
      bare: () => ({
        text: `select date_trunc('month', business_on)::date, count(*), sum(gross_amount)
                 from pos.receipt where store_id = any($1) group by 1 order by 1`,
        values: [stores],
      }),
      times: 20,
    },
    {
      name: 'search 1,000,000 products by their names',
      table: 'catalog.product',
      somewhere: () => ({}),
      spec: () => ({ q: `steel ${random(99_999)}` }),
      bare: ({ q }) => ({
        text: `select p.*, c.name, b.name from catalog.product p
                 left join catalog.product_category c on c.id = p.product_category_id
                 left join catalog.brand b on b.id = p.brand_id
                where lower(p.name collate "default") like $1 or lower(p.number) like $1 or lower(p.barcode) like $1
                order by p.id limit 51`,
        values: [`%${q}%`],
      }),
    },
  ];
}
