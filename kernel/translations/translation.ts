import { operation, z } from '../operation.ts';

/** A text of a row in another language; '' gives the original back. Errors: translation_not_possible, not_yours. */
export const setTranslation = operation({
  name: 'kernel.translation.set',
  label: 'Translate',
  permission: 'kernel.translate',
  input: z.strictObject({
    table_name: z.string().max(130),
    row_id: z.uuid(),
    column_name: z.string().max(63),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
      .max(35),
    text: z.string().max(10_000),
  }),
  example:
    'kontor kernel translation set --table-name identity.role --row-id ID --column-name name --language ar --text TEXT',
  sql: 'kernel_logic.set_translation',
});
