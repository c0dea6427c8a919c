import type { Query, Staged, Target } from '../../kernel/import/index.ts';

/** What lay on the shelves when Kontor came. */
export const openingStock: Target = {
  table: 'inventory.stock_level',
  label: 'Opening stock',
  words: ['stock', 'inventory', 'stock level', 'opening stock', 'bestand'],
  fields: [
    {
      name: 'store_id',
      label: 'Store',
      type: 'text',
      required: true,
      refers: { table: 'master.store', by: ['code', 'name'] },
      synonyms: ['branch', 'shop', 'filiale'],
    },
    {
      name: 'product_id',
      label: 'Product',
      type: 'text',
      required: true,
      refers: { table: 'catalog.product', by: ['number', 'name', 'barcode'] },
      synonyms: ['article', 'item', 'sku', 'artikel'],
    },
    {
      name: 'on_hand',
      label: 'On hand',
      type: 'number',
      required: true,
      synonyms: ['quantity', 'qty', 'stock', 'count', 'in stock', 'bestand', 'menge'],
    },
  ],
  keys: [['store_id', 'product_id']],
  match: [],
  write: writeCounts,
};

export const targets = [openingStock];

/**
 * Rows that never came before are an opening count, posted at once. A row that changed at its
 * source, or goods that have moved here already, are proposed as a count that a person posts.
 */
async function writeCounts(staged: Staged, query: Query): Promise<void> {
  const at = (name: string, i: number) => staged.values.get(name)?.[i] ?? null;
  const all = staged.lines.map((_, i) => i);
  for (const i of all) {
    const below = staged.states[i] !== 'bad' && at('on_hand', i)?.startsWith('-');
    if (below) staged.say(i, 'on_hand', 'quantity_below_zero');
  }
  const created = all.filter((i) => staged.states[i] === 'created');
  const moved = await query<{ place: number }>(
    `select g.place::int from unnest($1::uuid[], $2::uuid[]) with ordinality
              as g(store_id, product_id, place)
      where exists (select from inventory.stock_level l
                     where l.store_id = g.store_id and l.product_id = g.product_id)`,
    [created.map((i) => at('store_id', i)), created.map((i) => at('product_id', i))],
  );
  for (const { place } of moved) staged.states[created[place - 1]!] = 'updated';
  for (const [reason, state] of [
    ['opening', 'created'],
    ['count', 'updated'],
  ] as const) {
    const rows = all.filter((i) => staged.states[i] === state);
    for (const store of new Set(rows.map((i) => at('store_id', i)))) {
      const lines = rows.filter((i) => at('store_id', i) === store);
      const [count] = await query<{ id: string }>(
        `with made as (select uuidv7() as id),
              added as (insert into inventory.stock_count (id, store_id, reason)
                        select id, $1, $2 from made)
         select id from made`,
        [store, reason],
      );
      await query(
        `insert into inventory.stock_count_line (id, store_id, stock_count_id, product_id, counted)
         select case when exists (select from inventory.stock_count_line o where o.id = l.id)
                     then uuidv7() else l.id end, $1, $2, l.product_id, l.counted
           from unnest($3::uuid[], $4::uuid[], $5::numeric[]) as l(id, product_id, counted)`,
        [
          store,
          count!.id,
          lines.map((i) => staged.ids[i]),
          lines.map((i) => at('product_id', i)),
          lines.map((i) => at('on_hand', i)),
        ],
      );
      if (reason === 'opening') {
        await query('select inventory_logic.post_count($1)', [JSON.stringify({ id: count!.id })]);
      }
    }
  }
}
