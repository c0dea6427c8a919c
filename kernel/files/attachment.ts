import { Id, operation, Text, z } from '../operation.ts';

const Which = z.strictObject({ id: Id('files.attachment') });
const SOME_ID = '0197a0de-0000-7000-8000-000000000000';

/** Attaches what its caller uploaded; the upload does it itself. Errors: `not_found`, `files_not_yours`. */
export const attachFile = operation({
  name: 'files.attachment.attach',
  label: 'Attach',
  permission: 'files.use',
  input: z.strictObject({ upload_id: z.uuid(), table_name: Text(120), row_id: z.uuid() }),
  example: `kontor files attachment attach --upload-id ${SOME_ID} --table-name identity.user --row-id ${SOME_ID}`,
  sql: 'files_logic.attach',
});

/** Removes a file from its record; it can be brought back for 30 days. */
export const detachFile = operation({
  name: 'files.attachment.detach',
  label: 'Remove',
  permission: 'files.use',
  input: Which,
  example: `kontor files attachment detach --id ${SOME_ID}`,
  sql: 'files_logic.detach',
});

/** Brings back a file that was removed. */
export const restoreFile = operation({
  name: 'files.attachment.restore',
  label: 'Bring back',
  permission: 'files.use',
  input: Which,
  example: `kontor files attachment restore --id ${SOME_ID}`,
  sql: 'files_logic.restore',
});
