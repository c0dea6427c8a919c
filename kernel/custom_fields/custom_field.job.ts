import { job } from '../jobs/job.ts';
import { z } from '../operation.ts';

/**
 * Makes the index of a field that was made searchable, or takes away that of one that no longer is.
 * Who reads the table or sells waits for nothing; where somebody holds the table it is tried again.
 */
export const indexField = job({
  name: 'kernel.custom_field.index',
  label: 'Make a custom field searchable',
  permission: 'kernel.administer',
  attempts: 10,
  input: z.object({ id: z.uuid() }),
  run: (run, { id }) =>
    run.write(async ({ sql }) => {
      await sql.many`select kernel_logic.index_custom_field(${id})`;
      return { id };
    }),
});
