import type { Permission } from '#generated/catalogue';
import { type Call, Id, operation, Text, z } from '../operation.ts';
import { problem } from '../problem.ts';
import { indexField } from './custom_field.job.ts';

const permission: Permission = 'kernel.administer';
const Table = z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'A table as module.table.');
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'Small letters, digits and _, at most 40, a letter first.')
  .meta({ description: 'The field is the column custom.<name> everywhere.' });
const Type = z.enum([
  ...(['text', 'number', 'quantity', 'money', 'date', 'boolean', 'choice', 'reference'] as const),
]);
const Said = z.object({
  label: Text(60).min(1),
  help: Text(300).optional(),
  choices: z.array(Text(60).min(1)).min(1).max(200).nullish(),
  required: z.boolean().optional(),
  permission: Text(100).nullish().meta({ description: 'Who sees and fills it; none: all.' }),
  searchable: z.boolean().optional(),
  position: z.int().min(0).max(10_000).optional(),
});
const fixed = { type: Type, refers_to: Table.nullish() };
const seen = { id: Id('kernel.custom_field'), version: z.int() };
const Seen = z.strictObject(seen);
const New = Said.extend({ table_name: Table, name: Name, ...fixed }).strict();
const Changed = Said.partial()
  .extend({ name: Name.optional(), type: Type.optional(), refers_to: Table.nullish(), ...seen })
  .strict();

/** Adds a field to a table. Errors: custom_not_here, too_many_fields, custom_wrong, already_exists. */
export const createField = operation({
  name: 'kernel.custom_field.create',
  label: 'Add field',
  permission,
  input: New,
  example:
    'kontor kernel custom-field create --table-name TABLE --name colour --label Colour --type text',
  async run(call, input) {
    const field = await call.sql.one<Field>`
      insert into kernel.custom_field (table_name, name, label, help, type, choices, refers_to, required,
        permission, searchable, position)
      values (${input.table_name}, ${input.name}, ${input.label.trim()}, ${input.help ?? ''}, ${input.type},
        ${input.choices ?? null}, ${input.refers_to ?? null}, ${input.required ?? false},
        ${input.permission ?? null}, ${input.searchable ?? false}, ${input.position ?? 0})
      returning id, version, searchable`;
    return await indexed(call, field, false);
  },
});

/** Changes a field. Errors: not_found, changed_meanwhile, custom_is_fixed, custom_wrong. */
export const changeField = operation({
  name: 'kernel.custom_field.change',
  label: 'Change field',
  permission,
  input: Changed,
  example: 'kontor kernel custom-field change --id ID --version 1 --label Color',
  run: (call, input) => change(call, input),
});

/** Takes a field out of lists and forms; rows keep its values. Errors: not_found, changed_meanwhile. */
export const archiveField = operation({
  name: 'kernel.custom_field.archive',
  label: 'Archive field',
  permission,
  input: Seen,
  example: 'kontor kernel custom-field archive --id ID --version 1',
  run: (call, input) => change(call, { ...input, is_active: false }),
});

/** Brings a field back with its values. Errors: not_found, changed_meanwhile. */
export const restoreField = operation({
  name: 'kernel.custom_field.restore',
  label: 'Bring field back',
  permission,
  input: Seen,
  example: 'kontor kernel custom-field restore --id ID --version 2',
  run: (call, input) => change(call, { ...input, is_active: true }),
});

interface Field {
  id: string;
  version: number;
  searchable: boolean;
}

type Change = { id: string; version: number; [field: string]: unknown };

async function change(call: Call, { id, version, ...input }: Change): Promise<Field> {
  const { sql } = call;
  const before = await sql.maybe<Field>`
    select id, version, searchable from kernel.custom_field where id = ${id} for update`;
  if (!before) throw problem('not_found');
  if (before.version !== version) throw problem('changed_meanwhile');
  const names = Object.keys(input).filter((name) => input[name] !== undefined);
  if (names.length === 0) return before;
  // Names that the operation's own shape lets through, never a caller's.
  const { rows } = await sql.raw<Field>(
    `update kernel.custom_field f set ${names.map((n) => `${n} = n.${n}`)}
       from jsonb_populate_record(null::kernel.custom_field, $1) n
      where f.id = $2 returning f.id, f.version, f.searchable`,
    [JSON.stringify(input), id],
  );
  if (!rows[0]) throw problem('not_found');
  return await indexed(call, rows[0], before.searchable);
}

async function indexed(call: Call, field: Field, before: boolean): Promise<Field> {
  if (field.searchable !== before) await call.enqueue(indexField, { id: field.id });
  return field;
}
