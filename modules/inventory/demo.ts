import type { Demo } from '../../kernel/demo.ts';

/** An opening count a year ago in each store, enough for a year of sales, and when to reorder. */
export default async function demo(d: Demo): Promise<void> {
  const products = (d.made.get('products') ?? []).filter((p) => p.kind === 'stockable');
  const happened_at = new Date(d.now.getTime() - 366 * 86_400_000).toISOString();
  for (const store of d.made.get('stores') ?? []) {
    const lines = products.map((p) => {
      const cheap = Number(p.unit_price) < 120;
      return {
        product_id: p.id,
        counted: String(Math.round((cheap ? 130 : 26) * (0.6 + d.chance()))),
      };
    });
    const count = await d.call<{ id: string }>('inventory.stock_count.take', {
      store_id: store.id,
      reason: 'opening',
      lines,
    });
    await d.call('inventory.stock_count.post', { id: count.id, happened_at });
    for (const p of products) {
      const minimum = Number(p.unit_price) < 120 ? '12' : '3';
      await d.call('inventory.reorder_rule.create', {
        store_id: store.id,
        product_id: p.id,
        minimum,
      });
    }
    d.progress('Stock', 1, 1);
  }
}
