import { normalise } from './names.ts';
import type { Work } from './stage.ts';
import type { Field, FieldType, Query } from './types.ts';

interface CustomField {
  table_name: string;
  name: string;
  label: string;
  type: string;
  required: boolean;
  choices: string[] | null;
  refers_to: string | null;
  by: string[] | null;
}

/** The fields that an administrator added and the importing person may fill, by table. */
export async function customFields(query: Query): Promise<Map<string, Field[]>> {
  const rows = await query<CustomField>(`
    select f.table_name, f.name, f.label, f.type, f.required, f.choices, f.refers_to,
           (select array_agg(a.attname::text order by array_position(array['number', 'code', 'name', 'username'], a.attname::text))
              from pg_attribute a where a.attrelid = to_regclass(f.refers_to)
               and a.attname in ('number', 'code', 'name', 'username')
               and has_column_privilege(a.attrelid, a.attnum, 'select')) as by
      from kernel.custom_field f
     where f.is_active and (f.permission is null or kernel_logic.may(f.permission))
     order by f.table_name, f.position, f.id`);
  return new Map(
    [...Map.groupBy(rows, (r) => r.table_name)].map(([table, list]) => [table, list.map(fieldOf)]),
  );
}

/**
 * A target’s own fields, then those. None of them is needed to tell what a file is: of rows that are
 * new a needed one is asked when they are gathered.
 */
export const withCustom = (fields: Field[], custom: Field[] = []): Field[] => [
  ...fields,
  ...custom.map((f) => ({ ...f, required: false, exact: true })),
];

/** After references are resolved: one column for all of them, as the table takes it. */
export function gatherCustom(work: Work): void {
  for (const { name, required } of work.shape?.custom ?? []) if (required) demand(work, name);
  const names = (work.shape?.custom ?? []).map((f) => f.name).filter((n) => work.values.has(n));
  if (names.length === 0) return;
  const cells = work.lines.map((_, i) => {
    const given = names.map((n) => [n.replace('custom.', ''), work.values.get(n)?.[i] ?? null]);
    return JSON.stringify(Object.fromEntries(given));
  });
  work.values.set('custom', cells);
  work.source.set('custom', cells);
}

function demand(work: Work, name: string): void {
  const values = work.values.get(name);
  work.states.forEach((state, i) => {
    const asked = state === 'created' || (state === 'updated' && values);
    if (asked && values?.[i] == null) work.say(i, name, 'required');
  });
}

function fieldOf({ name, label, type, required, choices, refers_to, by }: CustomField): Field {
  return {
    name: `custom.${name}`,
    label,
    type: kindOf(type),
    required,
    ...(refers_to ? { refers: { table: refers_to, by: by ?? [] } } : {}),
    ...(choices ? { choices: Object.fromEntries(choices.map((c) => [normalise(c), c])) } : {}),
  };
}

function kindOf(type: string): FieldType {
  if (['number', 'quantity', 'money'].includes(type)) return 'number';
  return type === 'date' || type === 'boolean' ? type : 'text';
}
