import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, type Ground, type Measured, makeGround, median } from './ground.ts';
import { makeCounters, makeGoods, makeSale } from './ring_up.ts';

const MINUTES = Number(process.env.BENCH_DAY_MINUTES ?? 10);
const RECEIPTS_A_DAY = 4000;
const LISTS_A_SALE = 4;
const OPEN_PAGES = 12;
const LOOKS = 60;

/** A shop's day in ten minutes: sales, lists, reports, open pages; and what the server holds of it. */
export async function day(): Promise<Measured[]> {
  const ground = await makeGround();
  try {
    const goods = await makeGoods(ground);
    const counters = await makeCounters(ground);
    const pages = Array.from({ length: OPEN_PAGES }, () => openPage(ground));
    const length = MINUTES * 60_000;
    const begun = performance.now();
    const pause = length / (RECEIPTS_A_DAY / counters.length);
    const held: number[] = [];
    let failed = 0;
    let sold = 0;
    const reads = [
      '/api/v1/pos/receipt?sort=-business_on&limit=50&count=1',
      '/api/v1/pos/sellable?q=bell&limit=20',
      '/api/v1/inventory/stock_level?sort=on_hand&limit=50',
      '/api/v1/catalogue',
    ];
    const tills = counters.map(async (at, nth) => {
      await wait((pause / counters.length) * nth);
      for (let n = 0; performance.now() - begun < length; n++) {
        const due = begun + n * pause;
        await ask(ground, 'POST', '/api/v1/pos/receipt/ring_up', makeSale(at, goods)).then(
          () => sold++,
          () => failed++,
        );
        for (let i = 0; i < LISTS_A_SALE; i++) {
          await ask(ground, 'GET', reads[(n + i) % reads.length]!).catch(() => failed++);
        }
        await wait(Math.max(0, due + pause - performance.now()));
      }
    });
    for (let look = 0; look < LOOKS; look++) {
      await wait(length / LOOKS);
      held.push(residentMegabytes(ground.server.pid!));
    }
    await Promise.all(tills);
    for (const close of pages) close();
    // The first sixth warms up: compiled code, plans, pools.
    const [early, late] = [held.slice(10, 25), held.slice(-15)].map(median) as [number, number];
    const ratio = late / early;
    return [
      {
        name: `memory after a day of ${sold} sales in ${MINUTES} minutes (${failed} calls failed)`,
        unit: 'MB',
        value: late,
        peer: 'in the morning of that day',
        peer_value: early,
        ratio,
        must: '≤ 1.2, none failed',
        ok: ratio <= 1.2 && failed === 0,
      },
    ];
  } finally {
    await ground.close();
  }
}

/** A page that is open all day: live notices come in and are read. */
function openPage({ url, cashier }: Ground): () => void {
  const headers = { authorization: `Bearer ${cashier.token}` };
  const asked = get(`${url}/api/v1/live`, { headers }, (answer) => answer.resume());
  asked.on('error', () => {});
  return () => asked.destroy();
}

function residentMegabytes(pid: number): number {
  const said = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(said)?.[1]) / 1024;
}
