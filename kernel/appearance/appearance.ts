import { operation, z } from '../operation.ts';

/** Sets the business's colour and logo; null takes Kontor's own again. Error: `not_permitted`. */
export const setAppearance = operation({
  name: 'kernel.appearance.set',
  label: 'Set appearance',
  permission: 'kernel.administer',
  input: z.strictObject({
    accent: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'Write a colour as #0d6e66.')
      .nullable()
      .optional(),
    logo: z
      .strictObject({
        type: z.enum(['image/png', 'image/jpeg', 'image/webp']),
        /** At most 200 kB of picture. */
        base64: z.base64().max(266_668, 'The logo is larger than 200 kB. Make it smaller.'),
      })
      .nullable()
      .optional(),
  }),
  example: 'kontor kernel appearance set --accent "#7a1f5c"',
  sql: 'kernel_logic.set_appearance',
});
