import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { foldersOf } from '../../kernel/database/postgres/cluster.ts';
import { type Embedded, openEmbedded } from '../../kernel/database/postgres/embedded.ts';
import { temporaryFolder } from '../../kernel/database/postgres/fixture.ts';
import { findPostmaster } from '../../kernel/database/postgres/postmaster.ts';
import { startServerProcess } from '../../kernel/test/servers.ts';
import { type Counter, sale } from '../../kernel/test/shop.ts';
import { uuidv7 } from '../../kernel/ui/base/uuid.ts';

const KILLS = process.env.KONTOR_TEST_LONG ? 50 : 10;
const TILLS = 4;

type Sale = ReturnType<typeof sale>;
interface Receipt extends Record<string, unknown> {
  id: string;
  reference: string;
}

const home = temporaryFolder('crash');
const acknowledged = new Map<string, { sold: Sale; receipt: Receipt }>();
const unanswered: Sale[] = [];
const wrong: string[] = [];
let server: ChildProcess;
let url = '';
let token = '';
let selling = true;

before(startServer);
after(async () => {
  selling = false;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.disconnect();
  await gone;
  rmSync(home, { recursive: true, force: true });
});

test('crashes in mid-sale lose nothing, halve nothing and double nothing', async (t) => {
  const goods = await openShop();
  const counters = await Promise.all(Array.from({ length: TILLS }, (_, n) => openTill(n)));
  const clients = counters.map((at) => sell(at, goods));
  for (let kill = 0; kill < KILLS; kill++) {
    await someSales();
    if (kill % 2) killDatabase();
    else await killServer();
  }
  await someSales();
  selling = false;
  await Promise.all(clients);
  assert.deepEqual(wrong, []);
  t.diagnostic(`${acknowledged.size} acknowledged, ${unanswered.length} cut off`);
  assert.ok(acknowledged.size > KILLS && unanswered.length > 0);

  // What was cut off is sent again, as a till does; both at once, as two tabs would.
  for (const sold of unanswered) {
    const [one, other] = await Promise.all([insist(sold), insist(sold)]);
    assert.deepEqual(one, other);
    acknowledged.set(sold.id, { sold, receipt: one });
  }
  await allIsThereOnce();
});

/** Every acknowledged sale, whole and once; nothing else; levels and books are right. */
async function allIsThereOnce(): Promise<void> {
  const embedded: Embedded = await openEmbedded(home);
  const client = new pg.Client(embedded.admin('kontor'));
  await client.connect();
  const ask = async (text: string) => (await client.query(text)).rows;
  const found = await ask(
    `select r.id, r.reference, r.gross_amount::text as gross,
            (select count(*)::int from pos.receipt_line where receipt_id = r.id) as lines,
            (select sum(amount)::text from pos.payment where receipt_id = r.id) as paid,
            (select count(*)::int from inventory.stock_move where source_id = r.id) as moves,
            (select count(*)::int from finance.journal_entry where source_id = r.id) as entries,
            (select sum(debit)::text from finance.journal_line where source_id = r.id) as debit,
            (select sum(credit)::text from finance.journal_line where source_id = r.id) as credit,
            (select operation from audit.request where id = r.request_id) as operation
       from pos.receipt r`,
  );
  assert.deepEqual(new Set(found.map((f) => f.id)), new Set(acknowledged.keys()));
  for (const f of found) {
    const { sold, receipt } = acknowledged.get(f.id)!;
    assert.equal(f.reference, receipt.reference);
    const { gross, paid, lines, moves, entries, operation } = f;
    assert.deepEqual(
      { gross, paid, lines, moves, entries, operation },
      {
        gross: sold.net_amount,
        paid: sold.net_amount,
        lines: sold.lines.length,
        moves: sold.lines.length,
        entries: 1,
        operation: 'pos.receipt.ring_up',
      },
    );
    assert.equal(f.debit, f.credit);
  }
  const levels = await ask(
    `select l.id from inventory.stock_level l
       join (select product_id, location_id, sum(quantity) as q from inventory.stock_move group by 1, 2) m
      using (product_id, location_id) where m.q <> l.on_hand`,
  );
  assert.deepEqual(levels, []);
  await client.end();
  await embedded.close();
}

/** A till that sells until it is told to stop: of what is cut off, most is sent again at once, some later. */
async function sell(at: Counter, goods: { id: string; unit_price: string }[]): Promise<void> {
  while (selling) {
    const sold = sale(at, [
      { product: goods[0]!, quantity: 1 },
      { product: goods[1 + (at.next % 9)]!, quantity: 2 },
    ]);
    const receipt = (await ringUp(sold)) ?? (at.next % 3 ? await insist(sold) : undefined);
    if (receipt) acknowledged.set(sold.id, { sold, receipt });
    else unanswered.push(sold);
  }
}

/** Sends a sale until it is answered; the first of these may find connections that are gone. */
async function insist(sold: Sale): Promise<Receipt> {
  for (const start = Date.now(); Date.now() - start < 30_000; await wait(50)) {
    const receipt = await ringUp(sold);
    if (receipt) return receipt;
  }
  throw new Error(`Sale ${sold.id} was never answered.`);
}

/** The receipt, or nothing where server or database went away meanwhile. */
async function ringUp(sold: Sale): Promise<Receipt | undefined> {
  let answer: Response;
  let body: string;
  try {
    answer = await post('pos/receipt/ring_up', sold);
    body = await answer.text();
  } catch {
    return undefined;
  }
  if (answer.ok) return JSON.parse(body) as Receipt;
  if (answer.status !== 503) wrong.push(`${answer.status} ${body}`);
  return undefined;
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': uuidv7(),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

async function asked<T>(path: string, body: unknown): Promise<T> {
  const answer = await post(path, body);
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${text}`);
  return JSON.parse(text) as T;
}

async function openShop(): Promise<{ id: string; unit_price: string }[]> {
  const password = 'Cl1mb the hill!';
  await asked('setup', {
    profile: 'retail',
    company: 'Hill Bikes',
    country: 'US',
    currency: 'USD',
    username: 'owner',
    password,
  });
  ({ token } = await asked<{ token: string }>('session', {
    login: 'owner',
    password,
    bearer: true,
  }));
  const goods = [];
  for (let n = 0; n < 10; n++) {
    const given = { name: `Bell ${n}`, unit_price: `${10 + n}.00`, unit_cost: '4.00' };
    const { id } = await asked<{ id: string }>('catalog/product/create', given);
    goods.push({ id, unit_price: given.unit_price });
  }
  return goods;
}

async function openTill(n: number): Promise<Counter> {
  const { rows: stores } = (await (
    await fetch(`${url}/api/v1/master/store`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as { rows: { id: string }[] };
  const given = { store_id: stores[0]?.id, code: `C${n}`, name: `Counter ${n}` };
  const { id: till_id } = await asked<{ id: string }>('pos/till/create', given);
  const claim_id = uuidv7();
  const till_session_id = uuidv7();
  await asked('pos/till/claim', { till_id, claim_id });
  await asked('pos/till_session/open', { id: till_session_id, claim_id, opening_float: '0.00' });
  return { claim_id, till_session_id, till_id, next: 1 };
}

/** Waits until the shop sells again, and then for a moment that nobody chose. */
async function someSales(): Promise<void> {
  const before = acknowledged.size;
  for (const start = Date.now(); acknowledged.size < before + 2; await wait(10)) {
    assert.ok(Date.now() - start < 30_000, `Nothing is sold any more: ${wrong[0] ?? ''}`);
  }
  await wait(Math.random() * 120);
}

async function startServer(): Promise<void> {
  ({ child: server, url } = await startServerProcess({ KONTOR_HOME: home, LOG_LEVEL: 'error' }));
}

async function killServer(): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await gone;
  await startServer();
}

function killDatabase(): void {
  const postmaster = findPostmaster(foldersOf(home).data);
  if (postmaster) process.kill(postmaster.pid, 'SIGKILL');
}
