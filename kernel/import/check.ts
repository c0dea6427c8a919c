import { ruleOf } from '../database/rule.ts';
import type { Check, Column, TableShape } from './catalogue.ts';
import { arrays, inChunks, rowsOf } from './identify.ts';
import type { Context } from './references.ts';
import { worded } from './sentences.ts';
import type { Work } from './stage.ts';

/** Checks what will be written by what the catalogue says of its table, before it is written. */
export async function check(work: Work, context: Context): Promise<void> {
  const { shape } = work;
  if (!shape) return;
  checkRequired(work, shape);
  await checkTypes(work, shape, context);
  await checkRules(work, shape, context);
  for (const columns of shape.uniques) {
    if (!columns.every((c) => work.values.has(c))) continue;
    uniqueInFile(work, columns);
    await uniqueHere(work, shape, columns, context);
  }
}

/** Columns of the table that the file, or the target, gives values for. */
export function givenColumns(work: Work): Column[] {
  return [...(work.shape?.columns.values() ?? [])].filter(
    (c) => work.values.has(c.name) && c.generated === null && c.name !== 'id',
  );
}

/** A row that stands already keeps what its file leaves empty. */
function checkRequired(work: Work, shape: TableShape): void {
  for (const column of shape.columns.values()) {
    const values = work.values.get(column.name);
    if (!column.required || column.name === 'id') continue;
    for (const i of rowsOf(work, 'created')) {
      // What follows from a cell that is wrong is told by that cell.
      const follows = work.spoilt.has(i) && !work.source.has(column.name);
      if (values?.[i] != null || work.unnamed.has(i) || follows) continue;
      work.say(i, column.name, 'required');
    }
  }
}

async function checkTypes(work: Work, shape: TableShape, { query }: Context): Promise<void> {
  for (const column of givenColumns(work)) {
    const free =
      column.type === 'text' || work.target.fields.find((f) => f.name === column.name)?.refers;
    if (free) continue;
    const values = work.values.get(column.name)!;
    await inChunks(rowsOf(work, 'created', 'updated'), async (rows) => {
      const wrong = await query<{ place: number }>(
        `select place::int from unnest($1::text[]) with ordinality as g(v, place)
          where v is not null and not pg_input_is_valid(v, $2)`,
        [rows.map((i) => values[i]), column.type],
      );
      const type = column.said ?? shape.columns.get(column.name)!.type;
      for (const { place } of wrong) {
        const i = rows[place - 1]!;
        work.say(i, column.name, 'type_wrong', { type: type.replace(/\.$/, '') });
        // What comes after could not cast it.
        values[i] = null;
      }
    });
  }
}

/** Check constraints, and columns that the database computes and that must come to something. */
async function checkRules(work: Work, shape: TableShape, { query }: Context): Promise<void> {
  const given = new Set(givenColumns(work).map((c) => c.name));
  const checks = shape.checks.filter((k) => (k.columns ?? []).every((c) => given.has(c)));
  const computed = [...shape.columns.values()].filter((c) => c.generated !== null && c.not_null);
  const rules = [
    ...checks.map((k, n) => `('k${n}', (${k.expression}))`),
    ...computed.map((c, n) => `('g${n}', (${c.generated}) is not null)`),
  ];
  if (rules.length === 0) return;
  const inputs = [...given];
  const columns = [...shape.columns.values()].filter((c) => c.generated === null);
  const row = columns.map((c) => {
    const cast = given.has(c.name) ? `s.${c.name}::${c.type}` : `null::${c.type}`;
    return `${c.default && c.name !== 'id' ? `coalesce(${cast}, ${c.default})` : cast} as ${c.name}`;
  });
  const text = `select r.row_place::int as place, k.rule
    from (select s.row_place, ${row.join(', ')}
            from unnest(${inputs.map((_, n) => `$${n + 1}::text[]`).join(', ')})
                 with ordinality as s(${inputs.join(', ')}, row_place)) r
    cross join lateral (values ${rules.join(', ')}) as k(rule, holds) where k.holds is false`;
  if (inputs.length === 0) return;
  await inChunks(rowsOf(work, 'created', 'updated'), async (rows) => {
    const broken = await query<{ place: number; rule: string }>(text, arrays(work, inputs, rows));
    for (const { place, rule } of broken) {
      const n = Number(rule.slice(1));
      const i = rows[place - 1]!;
      // Of a cell that has its problem already a rule knows nothing.
      const of = rule.startsWith('k') ? (checks[n]!.columns ?? []) : inputs;
      if (of.some((column) => work.isWrong(i, column))) continue;
      if (rule.startsWith('k')) work.say(i, ...saidOf(checks[n]!, shape));
      // A row that stands already keeps what its file doesn't say.
      else if (work.states[i] === 'created') work.say(i, computed[n]!.name, 'required');
    }
  });
}

function saidOf(broken: Check, shape: TableShape): [string, string, Record<string, string>] {
  const [first = ''] = broken.columns;
  const field = shape.columns.get(first)?.label ?? first;
  const { why, params } = ruleOf(broken.name, broken.expression, broken.said);
  return [first, 'check_failed', { field, rule: worded(why, params) }];
}

function uniqueInFile(work: Work, columns: string[]): void {
  const first = new Map<string, number>();
  for (const i of rowsOf(work, 'created', 'updated', 'unchanged')) {
    const parts = columns.map((c) => work.values.get(c)![i]);
    if (parts.some((p) => p == null)) continue;
    const other = first.get(parts.join('|'));
    if (other === undefined) first.set(parts.join('|'), i);
    else work.say(i, columns.at(-1)!, 'key_twice', { other: `${work.lines[other]}` });
  }
}

async function uniqueHere(
  work: Work,
  shape: TableShape,
  columns: string[],
  { query }: Context,
): Promise<void> {
  const types = columns.map((c) => shape.columns.get(c)!.base);
  const mine = new Set(work.ids);
  await inChunks(rowsOf(work, 'created', 'updated'), async (rows) => {
    const taken = await query<{ place: number; id: string }>(
      `select g.place::int, t.id::text as id
         from unnest($1::uuid[], ${columns.map((_, n) => `$${n + 2}::text[]`).join(', ')})
              with ordinality as g(id, ${columns.join(', ')}, place)
         join ${work.table} t on t.id <> g.id
          and ${columns.map((c, n) => `t.${c} = g.${c}::${types[n]}`).join(' and ')}`,
      [rows.map((i) => work.ids[i]), ...arrays(work, columns, rows)],
    );
    for (const { place, id } of taken) {
      const i = rows[place - 1]!;
      if (!mine.has(id) && !work.unnamed.has(i)) work.say(i, columns.at(-1)!, 'unique_taken');
    }
  });
}
