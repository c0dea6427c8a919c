import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Counter, sale } from '../kernel/test/shop.ts';
import { uuidv7 } from '../kernel/ui/base/uuid.ts';
import { ask, type Ground, type Measured, median } from './ground.ts';

const ROUNDS = 5;
const ROUND_MS = 2500;
const CLIENTS = 8;
const SOLD_BEFORE = 250;

export interface Product extends Record<string, unknown> {
  id: string;
  unit_price: string;
}
type Sale = ReturnType<typeof sale>;
type Way = (sold: Sale, at: Counter) => Promise<unknown>;

/** Ringing up over HTTP against bare SQL, at one client and at eight; and the trail's share of it. */
export async function ringUp(ground: Ground): Promise<Measured[]> {
  await ground.admin.query(readFileSync(join(import.meta.dirname, 'peer.sql'), 'utf8'));
  await ground.admin.query(`alter schema bench owner to kontor_owner`);
  await ground.admin.query(`alter function bench.ring_up owner to kontor_owner`);
  const goods = await makeGoods(ground);
  const counters = await makeCounters(ground);
  const http: Way = (sold) => ask(ground, 'POST', '/api/v1/pos/receipt/ring_up', sold);
  const bare: Way = (sold) =>
    ground.owner.query({
      name: 'bare',
      text: 'select bench.ring_up($1, $2)',
      values: [JSON.stringify(sold), ground.cashier.id],
    });
  const plain = await plainTables(ground);
  // A shop that has sold for some days: plans made for empty tables would measure nothing of use.
  for (const way of [bare, plain]) {
    await Promise.all(
      counters.map(async (at) => {
        for (let n = 0; n < SOLD_BEFORE; n++) await way(makeSale(at, goods), at);
      }),
    );
  }
  await ground.admin.query('vacuum analyze');
  const rows: Measured[] = [];
  for (const [clients, least] of [
    [1, 0.2],
    [CLIENTS, 0.4],
  ] as const) {
    const at = counters.slice(0, clients);
    const [value, peer_value, floor] = await alternate([http, bare, plain], at, goods);
    const row = (peer: string, peer_value: number, least: number): Measured => ({
      name: `ring up over HTTP, ${clients} client${clients > 1 ? 's' : ''}`,
      unit: 'sales/s',
      value: value!,
      peer,
      peer_value,
      ratio: value! / peer_value,
      must: `≥ ${least}`,
      ok: value! / peer_value >= least,
    });
    rows.push(row('the same rows by bare SQL as the owner', peer_value!, 0.5));
    rows.push(row('a bare PL/pgSQL sale on tables without triggers', floor!, least));
  }
  rows.push(await trailShare(ground, counters, goods, http));
  return rows;
}

/** A sale on tables that only hold it, by the same driver: what Kontor's rules and trail come on top of. */
async function plainTables({ admin, owner, cashier }: Ground): Promise<Way> {
  await admin.query(readFileSync(join(import.meta.dirname, 'bare.sql'), 'utf8'));
  await admin.query(`grant usage on schema bare to kontor_owner;
    grant all on all tables in schema bare to kontor_owner`);
  return (sold, at) =>
    owner.query({
      name: 'plain',
      text: 'select bare.ring_up($1, $2, $3)',
      values: [JSON.stringify(sold), at.till_id, cashier.id],
    });
}

/** Throughput of each way, the median of rounds that take turns. */
async function alternate(ways: Way[], counters: Counter[], goods: Product[]): Promise<number[]> {
  const measured: number[][] = ways.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, way] of ways.entries()) {
      const rate = await runFor(round === 0 ? ROUND_MS / 2 : ROUND_MS, counters, goods, way);
      if (round > 0) measured[i]!.push(rate);
    }
  }
  return measured.map(median);
}

async function runFor(
  ms: number,
  counters: Counter[],
  goods: Product[],
  way: Way,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    counters.map(async (at) => {
      while (performance.now() - start < ms) {
        await way(makeSale(at, goods), at);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}

/** Three lines, the first of a product that everybody buys. */
export function makeSale(at: Counter, goods: Product[]): Sale {
  const pick = () => goods[1 + Math.floor(Math.random() * (goods.length - 1))]!;
  const other = pick();
  let third = pick();
  while (third === other) third = pick();
  return sale(at, [
    { product: goods[0]!, quantity: 1 },
    { product: other, quantity: 2 },
    { product: third, quantity: 1 },
  ]);
}

export async function makeGoods({ admin }: Ground): Promise<Product[]> {
  const { rows } = await admin.query(`insert into catalog.product (name, unit_price, unit_cost)
    select 'Bell ' || n, 10 + n % 90, 5 + n % 40 from generate_series(1, 200) n
    returning id, unit_price::text`);
  await admin.query(
    `insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost,
       value_amount, reason, source_table, source_id, happened_at, recorded_by)
     select l.store_id, l.id, p.id, 1000000, p.unit_cost, 1000000 * p.unit_cost, 'opening', 'bench', p.id,
            now(), uuidv7()
       from inventory.location l join master.store s on s.id = l.store_id, catalog.product p
      where s.code in ('S2', 'S3') and l.kind = 'shelf' and p.name like 'Bell %'`,
  );
  await admin.query('analyze');
  return rows;
}

/** Open tills, half of them in each store of the cashier. */
export async function makeCounters(ground: Ground): Promise<Counter[]> {
  const counters: Counter[] = [];
  for (let n = 0; n < CLIENTS; n++) {
    const { rows } = await ground.admin.query(
      `insert into pos.till (store_id, code, name) values ($1, $2, $2) returning id`,
      [ground.cashier.stores[n % 2], `B${n}`],
    );
    const claim_id = uuidv7();
    const till_session_id = uuidv7();
    const till_id = rows[0].id as string;
    await ask(ground, 'POST', '/api/v1/pos/till/claim', { till_id, claim_id });
    const opening = { id: till_session_id, claim_id, opening_float: '0.00' };
    await ask(ground, 'POST', '/api/v1/pos/till_session/open', opening);
    counters.push({ claim_id, till_session_id, till_id, next: 1 });
  }
  return counters;
}

/** How much of the time of a sale goes to its row in the trail. */
async function trailShare(
  ground: Ground,
  counters: Counter[],
  goods: Product[],
  way: Way,
): Promise<Measured> {
  const withTrail: number[] = [];
  const without: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    withTrail.push(await runFor(ROUND_MS, counters, goods, way));
    const restore = await dropTrail(ground);
    await runFor(300, counters, goods, way);
    without.push(await runFor(ROUND_MS, counters, goods, way));
    await restore();
    await runFor(300, counters, goods, way);
  }
  const share = 1 - median(withTrail) / median(without);
  return {
    name: 'the trail’s share of a ring-up, 8 clients',
    unit: 'of its time',
    value: Math.max(share, 0),
    peer: null,
    peer_value: null,
    ratio: null,
    must: '≤ 0.25',
    ok: share <= 0.25,
  };
}

/**
 * Takes the writing of audit.request out of the two functions that do it; answers the way back. Who
 * wrote is then taken from the setting as it stands: its row proved it, and isn't there.
 */
async function dropTrail({ admin }: Ground): Promise<() => Promise<void>> {
  const { rows } =
    await admin.query(`select oid::regprocedure::text as name, pg_get_functiondef(oid) as text
    from pg_proc where oid in ('kernel_logic.request'::regproc, 'kernel_logic.actor'::regproc,
                               'kernel_logic.begin_call'::regproc)`);
  const bodies: Record<string, string> = {
    'kernel_logic.request()': `'${uuidv7()}'::uuid`,
    'kernel_logic.actor()': `split_part(current_setting('kontor.actor', true), '|', 1)::uuid`,
  };
  for (const { name, text } of rows) {
    const body = bodies[name];
    const bare = body
      ? text.replace(/\$function\$[\s\S]*/, `$$function$$ begin return ${body}; end $$function$$`)
      : text.replace(/insert into audit\.request[\s\S]*?;\n/, '');
    if (bare === text) throw new Error(`${name} writes no trail that could be left out.`);
    await admin.query(bare);
  }
  return async () => {
    for (const { text } of rows) await admin.query(text);
  };
}
