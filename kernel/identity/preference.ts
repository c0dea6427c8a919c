import { operation, z } from '../operation.ts';

const Name = z.string().max(200);
/** How the list of a table stands: its columns in their order, widths in px, density. */
const Layout = z.strictObject({
  columns: z.array(Name).min(1).max(100).optional(),
  widths: z.record(Name, z.int().min(40).max(2000)).optional(),
  density: z.enum(['compact', 'comfortable']).optional(),
});

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
    pinned: z
      .array(z.string().regex(/^\//).max(200))
      .max(20)
      .optional()
      .meta({ description: 'Addresses of pages on top of the menu, such as /catalog/product.' }),
    lists: z
      .record(Name, Layout.nullable())
      .optional()
      .meta({ description: 'By table; what is null stands as at first again.' }),
  }),
  example: 'kontor identity preference set --language ar --theme dark',
  sql: 'kernel_logic.set_preference',
});
