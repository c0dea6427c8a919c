import { operation, z } from '../operation.ts';

/** Keeps how one wants one's own screens; what isn't said stays as it was. */
export const setPreference = operation({
  name: 'identity.preference.set',
  label: 'Set preferences',
  permission: 'identity.prefer',
  input: z.strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
      .optional(),
    theme: z.enum(['light', 'dark', 'auto']).optional(),
    density: z.enum(['compact', 'comfortable']).optional(),
    is_toured: z.boolean().optional(),
  }),
  example: 'kontor identity preference set --language ar --theme dark',
  sql: 'kernel_logic.set_preference',
});
