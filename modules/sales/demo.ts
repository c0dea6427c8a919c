import type { Demo } from '../../kernel/demo.ts';

/** How a bike shop's year goes, January first. */
const SEASON = [0.6, 0.7, 1.1, 1.5, 1.7, 1.5, 1.3, 1.1, 1, 0.8, 0.8, 1.2];

/** A goal for each store and month of this year, a little over what the year's sales come to. */
export default async function demo(d: Demo): Promise<void> {
  const year = d.now.getUTCFullYear();
  for (const store of d.made.get('stores') ?? []) {
    const recent = await d.list('pos.receipt', {
      filter: [
        ['store_id', '=', String(store.id)],
        ['kind', '=', 'sale'],
      ],
      sort: [['business_on', 'desc']],
    });
    const [newest, oldest] = [recent.at(0), recent.at(-1)];
    if (!newest || !oldest) continue;
    const days = daysBetween(oldest.business_on, newest.business_on) + 1;
    const sum = recent.reduce((all, receipt) => all + Number(receipt.net_amount), 0);
    const month = (sum / days) * 30.4 * 1.05;
    const now = SEASON[d.now.getUTCMonth()] ?? 1;
    for (const [at, weight] of SEASON.entries()) {
      await d.call('sales.sales_goal.create', {
        store_id: store.id,
        month_on: `${year}-${String(at + 1).padStart(2, '0')}-01`,
        net_amount: String(Math.round((month * weight) / now / 500) * 500 || 500),
      });
    }
  }
  d.progress('Goals', 1, 1);
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
