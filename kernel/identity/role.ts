import { operation, Text, z } from '../operation.ts';

const Role = z.string().max(100);
const Label = Text(60).trim().min(1);
const Permissions = z.array(z.string().max(100)).max(500);

/**
 * Makes a role of the shop's own, which permits what is said or what another role does. Errors:
 * `not_permitted`, `permission_unknown`, `role_not_there`, `roles_too_many`, `already_exists`.
 */
export const makeRole = operation({
  name: 'identity.role.make',
  label: 'Make a role',
  permission: 'identity.manage_users',
  input: z.strictObject({
    label: Label,
    copies: Role.optional(),
    permissions: Permissions.optional(),
  }),
  example: 'kontor identity role make --label "Stock keeper" --copies cashier',
  sql: 'kernel_logic.make_role',
});

/** Errors: `role_not_there`, `role_is_shipped`, `not_permitted`, `already_exists`. */
export const renameRole = operation({
  name: 'identity.role.rename',
  label: 'Rename a role',
  permission: 'identity.manage_users',
  input: z.strictObject({ role: Role, label: Label }),
  example: 'kontor identity role rename --role own_stock_keeper --label "Storeman"',
  sql: 'kernel_logic.rename_role',
});

/**
 * Says what a role of the shop's own permits, at once for all who have it. Errors: as `rename`, and
 * `permission_unknown`, `changed_meanwhile`.
 */
export const permitRole = operation({
  name: 'identity.role.permit',
  label: 'Change what a role permits',
  permission: 'identity.manage_users',
  input: z.strictObject({ role: Role, version: z.int(), permissions: Permissions }),
  example: 'kontor identity role permit --file role.json',
  sql: 'kernel_logic.permit_role',
});

/** Removes a role that nobody has. Errors: as `rename`, and `role_in_use`. */
export const removeRole = operation({
  name: 'identity.role.remove',
  label: 'Remove a role',
  permission: 'identity.manage_users',
  input: z.strictObject({ role: Role }),
  example: 'kontor identity role remove --role own_stock_keeper',
  sql: 'kernel_logic.remove_role',
});
