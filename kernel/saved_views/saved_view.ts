import { Id, operation, Text, z } from '../operation.ts';

const Name = Text(100).min(1);
const Path = z.string().max(200);
const Spec = z.strictObject({
  filter: z.array(z.array(z.unknown()).min(2).max(3)).max(20).optional(),
  q: z.string().max(200).optional(),
  sort: z
    .array(z.tuple([Path, z.enum(['asc', 'desc'])]))
    .max(5)
    .optional(),
  group: z.array(Path).max(2).optional(),
  totals: z.array(Path).max(10).optional(),
  columns: z.array(Path).max(100).optional(),
});
const seen = { id: Id('kernel.saved_view'), version: z.int() };

/** Keeps a list as a view of one's own; `shared` needs kernel.share_views. Errors: table_unknown, already_exists. */
export const saveView = operation({
  name: 'kernel.saved_view.save',
  label: 'Save view',
  permission: 'kernel.save_views',
  input: z.strictObject({
    table_name: z.string().max(130),
    name: Name,
    spec: Spec,
    shared: z.boolean().optional(),
  }),
  example: `kontor kernel saved-view save --table-name identity.user --name "Switched off" --spec '{"filter":[["is_active","=",false]]}'`,
  sql: 'kernel_logic.save_view',
});

/** Changes one's own view. Errors: not_found, changed_meanwhile. */
export const changeView = operation({
  name: 'kernel.saved_view.change',
  label: 'Change view',
  permission: 'kernel.save_views',
  input: z.strictObject({
    ...seen,
    name: Name.optional(),
    spec: Spec.optional(),
    shared: z.boolean().optional(),
  }),
  example: 'kontor kernel saved-view change --id ID --version 1 --shared yes',
  sql: 'kernel_logic.change_view',
});

/** Removes one's own view from the lists. Errors: not_found, changed_meanwhile. */
export const archiveView = operation({
  name: 'kernel.saved_view.archive',
  label: 'Remove view',
  permission: 'kernel.save_views',
  input: z.strictObject(seen),
  example: 'kontor kernel saved-view archive --id ID --version 1',
  sql: 'kernel_logic.archive_view',
});
