import { Id, Moment, operation, Quantity, z } from '#kernel';

/** Posts a count: the difference to what is on hand becomes moves. Error: `count_is_posted`. */
export const postCount = operation({
  name: 'inventory.stock_count.post',
  label: 'Post count',
  permission: 'inventory.count',
  input: z.strictObject({ id: Id('inventory.stock_count'), happened_at: Moment.optional() }),
  actions: [
    {
      when: { state: 'draft' },
      main: true,
      question: 'What differs from the stock on hand becomes moves. This can’t be undone.',
    },
  ],
  example: 'kontor inventory stock_count post --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'inventory_logic.post_count',
});

/** Notes what was counted, as a draft that posting turns into moves. Error: `not_yours`. */
export const takeCount = operation({
  name: 'inventory.stock_count.take',
  label: 'Take count',
  permission: 'inventory.count',
  input: z.strictObject({
    store_id: Id('master.store'),
    reason: z.enum(['opening', 'count']).optional(),
    lines: z
      .array(z.strictObject({ product_id: Id('catalog.product'), counted: Quantity }))
      .min(1)
      .max(10_000),
  }),
  example: 'kontor inventory stock_count take --file counted.json',
  sql: 'inventory_logic.take_count',
});
