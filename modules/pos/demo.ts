import type { Demo } from '../../kernel/demo.ts';
import { uuidv7 } from '../../kernel/ui/base/uuid.ts';
import { receiptAmounts } from './receipt_amounts.ts';

const RECEIPTS = 3200;
const DAYS = 365;

interface Till {
  claim_id: string;
  till_id: string;
  number: number;
}
interface Product {
  id: string;
  unit_price: string;
}

/** A year of sales up to now at every till: a session a week, more in spring and at week-ends. */
export default async function demo(d: Demo): Promise<void> {
  const [hill] = await d.list('pos.till', { sort: [['code', 'asc']] });
  if (hill) {
    await d.call('pos.till.create', { store_id: hill.store_id, code: 'HILL2', name: 'Till 2' });
  }
  const tills = await d.list('pos.till');
  let done = 0;
  const tell = () => {
    done += 1;
    if (done % 50 === 0) d.progress('A year of sales', Math.min(done, RECEIPTS), RECEIPTS);
  };
  await Promise.all(
    tills.map((till) => aYearAt(d, String(till.id), RECEIPTS / tills.length, tell)),
  );
}

async function aYearAt(
  d: Demo,
  till_id: string,
  receipts: number,
  tell: () => void,
): Promise<void> {
  const claim_id = uuidv7();
  await d.call('pos.till.claim', { till_id, claim_id });
  const till: Till = { claim_id, till_id, number: 1 };
  const weeks = 52;
  const weights = Array.from({ length: weeks }, (_, week) => weightOf(d.now, week));
  const all = weights.reduce((a, b) => a + b, 0);
  for (let week = 0; week < weeks; week++) {
    const sales = Math.max(4, Math.round(((weights[week] ?? 1) / all) * receipts));
    await aWeek(d, till, week, sales, tell);
  }
}

/** Bikes are bought in spring and before Christmas. */
function weightOf(now: Date, week: number): number {
  const month = momentOf(now, week, 3, 12).getUTCMonth();
  return [0.6, 0.7, 1.1, 1.5, 1.7, 1.5, 1.3, 1.1, 1, 0.8, 0.8, 1.2][month] ?? 1;
}

async function aWeek(
  d: Demo,
  till: Till,
  week: number,
  sales: number,
  tell: () => void,
): Promise<void> {
  const session = uuidv7();
  const opens = momentOf(d.now, week, 0, 13);
  await d.call('pos.till_session.open', {
    id: session,
    claim_id: till.claim_id,
    opening_float: '150.00',
    happened_at: opens.toISOString(),
  });
  const moments = Array.from({ length: sales }, () =>
    momentOf(d.now, week, Math.floor(d.chance() ** 0.7 * 7), 14 + d.chance() * 8),
  );
  if (week === 51) moments.push(...today(d));
  moments.sort((a, b) => a.getTime() - b.getTime());
  // The till made ids and numbers itself, so sales may arrive side by side.
  const taken = await Promise.all(
    moments
      .filter((m) => m <= d.now)
      .map((moment) => aSale(d, till, session, moment).finally(tell)),
  );
  const back =
    taken.length > 5 && d.chance() < 0.4 ? await aReturn(d, till, session, d.pick(taken)) : 0;
  const cash = taken.reduce((all, sale) => all + sale.cash, 15_000) + back;
  if (week === 51) return; // this week's session is still running
  const odd = d.chance() < 0.15 ? Math.round((d.chance() - 0.5) * 1000) : 0;
  await d.call('pos.till_session.close', {
    id: session,
    counted_amount: ((cash + odd) / 100).toFixed(2),
    happened_at: momentOf(d.now, week, 6, 23).toISOString(),
  });
}

/** A few sales in the hours before now, so that today's figures stand. */
const today = (d: Demo): Date[] =>
  [10, 35, 70, 120, 190].map((minutes) => new Date(d.now.getTime() - minutes * 60_000));

function momentOf(now: Date, week: number, day: number, hour: number): Date {
  const start = now.getTime() - (DAYS - 1 - week * 7) * 86_400_000;
  const moment = new Date(start + day * 86_400_000);
  moment.setUTCHours(Math.floor(hour), Math.floor((hour % 1) * 60), 0, 0);
  return moment;
}

interface Sale {
  id: string;
  at: Date;
  /** What went into the drawer, in cents. */
  cash: number;
}

/** The first thing of a sale comes back a little later; answers what that did to the drawer, in cents. */
async function aReturn(d: Demo, till: Till, session: string, sale: Sale): Promise<number> {
  const at = new Date(Math.min(sale.at.getTime() + 90 * 60_000, d.now.getTime()));
  const [line] = await d.list('pos.receipt_line', {
    filter: [['receipt_id', '=', sale.id]],
    sort: [['position', 'asc']],
    limit: 1,
  });
  if (!line) return 0;
  const id = uuidv7();
  await d.call('pos.receipt.take_back', {
    id,
    claim_id: till.claim_id,
    till_session_id: session,
    number: till.number++,
    happened_at: at.toISOString(),
    receipt_id: sale.id,
    reason: d.pick(['Too small', 'Does not fit', 'Bought twice', 'Changed their mind']),
    lines: [{ receipt_line_id: line.id, quantity: '1' }],
  });
  if (sale.cash === 0) return 0;
  const [given] = await d.list('pos.payment', { filter: [['receipt_id', '=', id]], limit: 1 });
  return Math.round(Number(given?.amount ?? 0) * 100);
}

/** Rings up one to four lines. */
async function aSale(d: Demo, till: Till, session: string, at: Date): Promise<Sale> {
  const products = d.made.get('products') as unknown as Product[];
  const [tax] = d.made.get('tax') ?? [];
  const lines = Array.from({ length: 1 + Math.floor(d.chance() ** 2 * 4) }, () => {
    const product = d.chance() < 0.09 ? d.pick(products.slice(0, 22)) : d.pick(products.slice(22));
    const discount_fraction = d.chance() < 0.06 ? '0.1' : '0';
    const quantity = Number(product.unit_price) < 20 && d.chance() < 0.3 ? '2' : '1';
    return {
      product_id: product.id,
      quantity,
      unit_price: product.unit_price,
      discount_fraction,
      tax_fraction: '0.08',
    };
  });
  const amounts = receiptAmounts({ lines, decimals: 2, price_includes_tax: false });
  const method = Number(amounts.gross_amount) < 80 && d.chance() < 0.6 ? 'cash' : 'card';
  const customer = d.chance() < 0.35 ? d.pick(d.made.get('customers') ?? []) : undefined;
  const id = uuidv7();
  await d.call('pos.receipt.ring_up', {
    id,
    claim_id: till.claim_id,
    till_session_id: session,
    number: till.number++,
    happened_at: at.toISOString(),
    currency: 'USD',
    ...(customer ? { party_id: customer.id } : {}),
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    lines: lines.map(({ tax_fraction: _, ...line }, i) => ({
      ...line,
      position: i + 1,
      discount_amount: amounts.lines[i]?.discount_amount,
      net_amount: amounts.lines[i]?.net_amount,
      tax_amount: amounts.lines[i]?.tax_amount,
      taxes: [
        {
          tax_id: tax?.id,
          base_amount: amounts.lines[i]?.net_amount,
          tax_amount: amounts.lines[i]?.tax_amount,
        },
      ],
    })),
    payments: [{ position: 1, method, amount: amounts.gross_amount }],
  });
  return { id, at, cash: method === 'cash' ? Math.round(Number(amounts.gross_amount) * 100) : 0 };
}
