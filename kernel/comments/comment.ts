import { Id, operation, Text, z } from '../operation.ts';

const SOME_ID = '0197a0de-0000-7000-8000-000000000000';
const Said = Text(4000).min(1);

/** Writes about a record that its caller may read. Errors: `not_found`. */
export const writeComment = operation({
  name: 'comments.comment.write',
  label: 'Comment',
  permission: 'comments.write',
  input: z.strictObject({ table_name: Text(120), row_id: z.uuid(), text: Said }),
  example: `kontor comments comment write --table-name identity.user --row-id ${SOME_ID} --text "Away until Monday"`,
  sql: 'comments_logic.write',
});

/** Changes what one wrote oneself, takes it back or brings it back. Errors: `comment_not_yours`. */
export const changeComment = operation({
  name: 'comments.comment.change',
  label: 'Change comment',
  permission: 'comments.write',
  input: z.strictObject({
    id: Id('comments.comment'),
    text: Said.optional(),
    is_active: z.boolean().optional(),
  }),
  example: `kontor comments comment change --id ${SOME_ID} --is-active no`,
  sql: 'comments_logic.change',
});
