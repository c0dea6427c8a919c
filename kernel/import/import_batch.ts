import { Id, operation, z } from '../operation.ts';

/**
 * Takes back an import as a whole: what it made is removed, or archived where posted rows name it,
 * what it changed is put back, what it posted is posted the other way. With `preview` it only says so
 * and what stands in the way. Errors: not_found, import_is_undone, import_too_old,
 * import_is_posted, import_in_use.
 */
export const undoImport = operation({
  name: 'kernel.import_batch.undo',
  label: 'Undo import',
  permission: 'kernel.undo_import',
  input: z.strictObject({ id: Id('kernel.import_batch'), preview: z.boolean().optional() }),
  actions: [
    {
      when: { state: 'done' },
      question:
        'What it made is removed, or archived where posted rows name it; what it changed is put back; ' +
        'opening stock is taken out by a count. Where anything was changed or used since, nothing happens.',
    },
  ],
  example: 'kontor kernel import-batch undo --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'kernel_logic.undo_import',
});
