import { Id, operation, z } from '#kernel';

/** Posts a count: the difference to what is on hand becomes moves. Error: `count_is_posted`. */
export const postCount = operation({
  name: 'inventory.stock_count.post',
  label: 'Post count',
  permission: 'inventory.count',
  input: z.strictObject({ id: Id('inventory.stock_count') }),
  example: 'kontor inventory stock_count post --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'inventory_logic.post_count',
});
