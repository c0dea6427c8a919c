import { Id, operation, problem, z } from '#kernel';

/** Finishes an item for good. Errors: not_found, item_is_done. */
export const finishItem = operation({
  name: 'x_sample.item.finish',
  label: 'Finish',
  permission: 'x_sample.manage',
  input: z.strictObject({ id: Id('x_sample.item') }),
  actions: [{ when: { state: 'open' }, main: true, question: 'It stays finished for good.' }],
  example: 'kontor x_sample item finish --id 0197a0de-0000-7000-8000-000000000000',
  async run({ sql }, { id }) {
    const item = await sql.maybe<{ name: string; state: string }>`
      select name, state from x_sample.item where id = ${id} for update`;
    if (!item) throw problem('not_found');
    if (item.state === 'done') throw problem('item_is_done', { name: item.name });
    await sql.many`update x_sample.item set state = 'done' where id = ${id}`;
    return { id, state: 'done' };
  },
});
