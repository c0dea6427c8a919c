import type { Column } from './catalogue.ts';
import { givenColumns } from './check.ts';
import { arrays, inChunks, rowsOf } from './identify.ts';
import type { Context } from './references.ts';
import type { Work } from './stage.ts';

/** Writes the rows of a file that are new or changed. `loaded` is told how many each time. */
export async function load(
  work: Work,
  context: Context,
  loaded: (rows: number) => void,
): Promise<void> {
  if (work.target.write) {
    await work.target.write(work, context.query);
    loaded(work.lines.length);
    return;
  }
  const written = rowsOf(work, 'created', 'updated');
  await insertRows(work, context, loaded);
  await bringBack(work, context);
  await updateRows(work, context, loaded);
  await work.target.after?.(
    work,
    written.filter((i) => work.states[i] !== 'bad'),
    context.query,
  );
}

/** Remembers what was brought, so that the same row never acts twice. */
export async function remember(work: Work, context: Context, batch: string): Promise<void> {
  const { query, source } = context;
  await inChunks(
    work.states.flatMap((s, i) =>
      s !== 'bad' && (s !== 'unchanged' || !work.known[i]) ? [i] : [],
    ),
    async (rows) => {
      await query(
        `insert into kernel.source_row (source, table_name, batch_id, key, hash, row_id)
         select $1, $2, $3, g.key, decode(g.hash, 'hex'), g.row_id
           from unnest($4::text[], $5::text[], $6::uuid[]) as g(key, hash, row_id)
         on conflict (source, table_name, key) do update
           set hash = excluded.hash, batch_id = excluded.batch_id`,
        [
          source,
          work.table,
          batch,
          ...[work.keys, work.hashes, work.ids].map((l) => rows.map((i) => l[i])),
        ],
      );
    },
  );
}

// Rows of a file may refer to each other, which holds only once a whole statement is done.
const chunkOf = (work: Work): number | undefined =>
  work.target.fields.some((f) => f.refers?.table === work.table && work.values.has(f.name))
    ? Number.POSITIVE_INFINITY
    : undefined;

async function insertRows(work: Work, { query }: Context, loaded: (rows: number) => void) {
  const columns = givenColumns(work).filter((c) => c.insertable);
  const names = columns.map((c) => c.name);
  const text = `insert into ${work.table} (${['id', ...names].join(', ')})
    select ${['s.id', ...columns.map((c) => cast(c, c.default))].join(', ')} ${from(names)}`;
  await inChunks(
    rowsOf(work, 'created'),
    async (rows) => {
      await query(text, [rows.map((i) => work.ids[i]), ...arrays(work, names, rows)]);
      loaded(rows.length);
    },
    chunkOf(work),
  );
}

/** Before what the file says, which may be that a row is not active. */
async function bringBack({ shape, table, archived, ids }: Work, { query }: Context): Promise<void> {
  if (archived.length === 0 || !shape?.columns.get('is_active')?.updatable) return;
  await query(`update ${table} set is_active = true where id = any($1) and not is_active`, [
    archived.map((i) => ids[i]),
  ]);
}

const from = (names: string[]): string =>
  `from unnest(${['$1::uuid[]', ...names.map((_, n) => `$${n + 2}::text[]`)].join(', ')})
     as s(${['id', ...names].join(', ')})`;

function cast(column: Column, otherwise: string | null): string {
  const value = column.type === 'text' ? `s.${column.name}` : `s.${column.name}::${column.type}`;
  return otherwise ? `coalesce(${value}, ${otherwise})` : value;
}

async function updateRows(work: Work, { query }: Context, loaded: (rows: number) => void) {
  const columns = givenColumns(work).filter((c) => work.source.has(c.name));
  const names = columns.map((c) => c.name);
  // Where a column must hold something, an empty cell leaves it as it is.
  const value = (c: Column) => cast(c, c.not_null && c.readable ? `t.${c.name}` : null);
  const open = columns.filter((c) => c.updatable);
  const seen = columns.filter((c) => c.readable);
  const hidden = open.some((c) => !c.readable);
  const differs =
    seen.length === 0
      ? 'false'
      : `(${seen.map((c) => `t.${c.name}`).join(', ')})
      is distinct from (${seen.map(value).join(', ')})`;
  const fixed = columns.filter((c) => !c.updatable && c.readable);
  await inChunks(rowsOf(work, 'updated'), async (rows) => {
    const given = [rows.map((i) => work.ids[i]), ...arrays(work, names, rows)];
    const changed = await query<{ id: string; fixed: string | null }>(
      `select t.id, ${fixedColumn(fixed, value)} as fixed ${from(names)}
         join ${work.table} t on t.id = s.id where ${hidden ? 'true' : differs}`,
      given,
    );
    const places = new Map(rows.map((i) => [work.ids[i]!, i]));
    for (const c of changed) if (c.fixed) work.say(places.get(c.id)!, c.fixed, 'column_fixed');
    const todo = changed.filter((c) => c.fixed === null);
    const done =
      todo.length === 0 || open.length === 0
        ? []
        : await query<{ id: string }>(
            `update ${work.table} t set ${open.map((c) => `${c.name} = ${value(c)}`).join(', ')}
         ${from(names)} where t.id = s.id and t.id = any($${names.length + 2}::uuid[])
       returning t.id`,
            [...given, todo.map((c) => c.id)],
          );
    const written = new Set(done.map((d) => d.id));
    for (const c of todo) {
      if (!written.has(c.id)) work.say(places.get(c.id)!, names[0] ?? '', 'not_permitted_row');
    }
    const same = new Set(changed.map((c) => c.id));
    for (const i of rows) {
      if (!same.has(work.ids[i]!) && !work.known[i]) work.states[i] = 'unchanged';
    }
    loaded(rows.length);
  });
}

/** The first column that differs but may not be changed once it is here. */
function fixedColumn(fixed: Column[], value: (c: Column) => string): string {
  if (fixed.length === 0) return 'null::text';
  const cases = fixed.map((c) => `when t.${c.name} is distinct from ${value(c)} then '${c.name}'`);
  return `case ${cases.join(' ')} end`;
}
