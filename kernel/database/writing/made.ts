import type { Permission, Table } from '#generated/catalogue';
import type { Module } from '../../module.ts';
import { type AnyOperation, type Call, Id, operation, z } from '../../operation.ts';
import { type FieldError, fieldError, phrase, problem } from '../../problem.ts';
import { createMany, Rows } from './made_create_many.ts';
import { changeMany, Many, undoMany } from './made_many.ts';
import { type Column, checkedRow, lacking, quote, stored, wrong } from './made_row.ts';

/**
 * create, change, archive, restore, create_many, change_many and undo_many for the tables whose module asks for
 * them. Deploy refuses them for facts, kept levels and what has no version or trail.
 */
export function madeOperations(m: Module): AnyOperation[] {
  return Object.entries(m.made ?? {}).flatMap(([name, permission]) => {
    const table = `${m.name}.${name}` as Table;
    return [...ofOneRow(table, permission), ...ofManyRows(table, permission)];
  });
}

const VERSION =
  'The version that you saw. Where others changed the row since, your fields are put on top of theirs; ' +
  'a field that both changed is refused with 409 changed_meanwhile, whose errors carry a conflict: ' +
  'was, theirs, yours and, for who may see the trail, changed_by and changed_at.';

function ofOneRow(table: Table, permission: Permission): AnyOperation[] {
  const command = `kontor ${table.replace('.', ' ')}`;
  const row = z.record(z.string(), z.unknown());
  const seen = {
    id: Id(table),
    version: z.int().meta({ description: VERSION }),
    exactly: z.boolean().optional().meta({ description: 'Refuses any change in between.' }),
  };
  // Whether a thing is still offered is decided of the thing as it is: nothing is merged there.
  const exactly = z.strictObject({ id: Id(table), version: z.int() });
  return [
    operation({
      name: `${table}.create`,
      label: 'Create',
      permission,
      input: row,
      example: `${command} create --file new.json`,
      run: (call, input) => create(call, table, input),
    }),
    operation({
      name: `${table}.change`,
      label: 'Change',
      permission,
      input: row.and(z.object(seen)),
      example: `${command} change --file changed.json`,
      run: (call, { exactly, ...input }) => change(call, table, input, !exactly),
    }),
    operation({
      name: `${table}.archive`,
      label: 'Archive',
      permission,
      input: exactly,
      example: `${command} archive --id ID --version 1`,
      run: (call, input) => change(call, table, { ...input, is_active: false }, false),
    }),
    operation({
      name: `${table}.restore`,
      label: 'Bring back',
      permission,
      input: exactly,
      example: `${command} restore --id ID --version 2`,
      run: (call, input) => change(call, table, { ...input, is_active: true }, false),
    }),
  ];
}

function ofManyRows(table: Table, permission: Permission): AnyOperation[] {
  const command = `kontor ${table.replace('.', ' ')}`;
  return [
    operation({
      name: `${table}.create_many`,
      label: 'Create many',
      permission,
      input: Rows,
      example: `${command} create-many --file new.json`,
      run: (call, { rows }) => createMany(call, table, rows),
    }),
    operation({
      name: `${table}.change_many`,
      label: 'Change many',
      permission,
      input: Many(table),
      example: `${command} change-many --filter '[["name","starts","bell"]]' --set '{"note":"x"}' --preview`,
      run: (call, input) => changeMany(call, table, input),
    }),
    operation({
      name: `${table}.undo_many`,
      label: 'Undo change of many',
      permission,
      input: z.strictObject({ request: z.uuid() }),
      example: `${command} undo-many --request REQUEST`,
      run: (call, { request }) => undoMany(call, table, request),
    }),
  ];
}

async function create({ sql }: Call, table: string, input: Record<string, unknown>) {
  const { columns, values } = await checkedRow(sql, table, input);
  const missing = lacking(columns, values);
  if (missing.length > 0) throw wrong(missing);
  if (Object.keys(values).length === 0) {
    throw wrong([fieldError('', 'field_missing', 'Say at least one field.')]);
  }
  const row = stored(values);
  const names = Object.keys(row).map((n) => `"${n}"`);
  const quoted = quote(table);
  const { rows } = await sql.raw<{ id: string }>(
    `insert into ${quoted} (${names}) select ${names}
       from jsonb_populate_record(null::${quoted}, $1) returning id`,
    [JSON.stringify(row)],
  );
  return { id: rows[0]?.id ?? '', version: 1 };
}

/** Three statements where the row is as it was seen, three more where it isn’t. */
async function change(
  { sql }: Call,
  table: string,
  { id, version, ...input }: Record<string, unknown> & { id: string; version: number },
  merges = true,
) {
  const { columns, values } = await checkedRow(sql, table, input);
  const row = stored(values);
  const names = Object.keys(row).map((n) => `"${n}"`);
  if (names.length === 0) return { id, version };
  const quoted = quote(table);
  const write = async (of: number) => {
    const { rows } = await sql.raw<{ version: number }>(
      `update ${quoted} t set ${names.map((n) => `${n} = n.${n}`)}
         from jsonb_populate_record(null::${quoted}, $1) n
        where t.id = $2 and t.version = $3 returning t.version`,
      [JSON.stringify(row), id, of],
    );
    return rows[0] && { id, version: rows[0].version };
  };
  const written = await write(version);
  if (written) return written;
  const { rows } = await sql.raw<{ version: number }>(
    `select version from ${quoted} where id = $1 for update`,
    [id],
  );
  if (!rows[0]) throw problem('not_found');
  if (!merges) throw problem('changed_meanwhile');
  const found = await sql.many<Conflict>`
    select field, was, theirs, yours, changed_by, changed_at::text
      from kernel_logic.conflicts(${table}::regclass, ${id}, ${version}, ${JSON.stringify(values)})`;
  if (found.length > 0 || version > rows[0].version) throw conflicting(columns, found);
  // The row is locked since its version was read: nobody comes between.
  return await write(rows[0].version);
}

interface Conflict {
  field: string;
  /** JSON, as are the next two. */
  was: string | null;
  theirs: string | null;
  yours: string | null;
  changed_by: string | null;
  changed_at: string | null;
}

function conflicting(columns: Column[], found: Conflict[]) {
  const read = (text: string | null) => (text === null ? null : plain(text));
  const errors = found.map(({ field, was, theirs, yours, changed_by, changed_at }): FieldError => {
    const label = columns.find((c) => c.name === field)?.label ?? field;
    const value = read(theirs);
    const who = changed_by ?? phrase('Somebody else');
    const now = value === null ? phrase('It is empty now.') : phrase('It is {value} now.');
    const params = { label, who, now, value: String(value) };
    const sentence = '{label}: {who} changed this meanwhile. {now}';
    return Object.assign(fieldError(field, 'changed_meanwhile', sentence, params), {
      conflict: { was: read(was), theirs: value, yours: read(yours), changed_by, changed_at },
    });
  });
  return problem('changed_meanwhile', {}, undefined, errors);
}

/** A value of JSON, numbers as the text that PostgreSQL wrote. */
const plain = (text: string): unknown =>
  /^-?\d/.test(text) ? text : (JSON.parse(text) as unknown);
