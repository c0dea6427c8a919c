import type { Context } from './references.ts';
import { uuidv7, type Work } from './stage.ts';
import type { Cell } from './types.ts';

/** How many rows one statement takes. */
export const CHUNK = 5000;

/** Names each row, and finds which came before, which stand here already and which are new. */
export async function identify(work: Work, context: Context): Promise<void> {
  nameRows(work);
  await findSourceRows(work, context);
  await findStanding(work, context);
  const owners = new Map<string, number>();
  work.states.forEach((_, i) => {
    work.ids[i] ??= uuidv7();
    const other = owners.get(work.ids[i]!);
    if (other === undefined) owners.set(work.ids[i]!, i);
    else work.say(i, keyFields(work)[0] ?? '', 'key_twice', { other: `${work.lines[other]}` });
  });
}

function keyFields(work: Work): string[] {
  return work.target.keys.find((fields) => fields.every((f) => work.values.has(f))) ?? [];
}

function nameRows(work: Work): void {
  const fields = keyFields(work);
  const first = new Map<string, number>();
  for (let i = 0; i < work.lines.length; i++) {
    if (fields.some((f) => work.isWrong(i, f))) {
      work.unnamed.add(i);
      work.keys[i] = `?${i + 1}`;
      continue;
    }
    const parts = fields.map((f) => work.values.get(f)?.[i] ?? '');
    const key = parts.some((p) => p !== '') ? parts.join('|') : `#${i + 1}`;
    work.keys[i] = key;
    const other = first.get(key);
    if (other === undefined) first.set(key, i);
    else work.say(i, fields.at(-1) ?? '', 'key_twice', { other: `${work.lines[other]}` });
  }
}

async function findSourceRows(work: Work, { query, source }: Context): Promise<void> {
  await inChunks(rowsOf(work, 'created'), async (rows) => {
    const found = await query<{ key: string; hash: string; row_id: string }>(
      `select s.key, encode(s.hash, 'hex') as hash, s.row_id from unnest($3::text[]) as g(key)
         join kernel.source_row s on s.source = $1 and s.table_name = $2 and s.key = g.key`,
      [source, work.table, rows.map((i) => work.keys[i])],
    );
    const byKey = new Map(found.map((f) => [f.key, f]));
    for (const i of rows) {
      const before = byKey.get(work.keys[i]!);
      if (!before) continue;
      work.ids[i] = before.row_id;
      work.known[i] = true;
      // An undone import left it archived, for something posted names it.
      if (before.hash === '') work.archived.push(i);
      const same = [work.hashes[i], work.formerHashes.get(i)].includes(before.hash);
      work.states[i] = same ? 'unchanged' : 'updated';
    }
  });
}

/** Rows that were made here by hand, or came from elsewhere, are taken over by what is unique. */
async function findStanding(work: Work, { query }: Context): Promise<void> {
  for (const columns of work.target.match) {
    if (!work.shape || !columns.every((c) => work.values.has(c))) continue;
    const types = columns.map((c) => work.shape!.columns.get(c)?.base ?? 'text');
    await inChunks(rowsOf(work, 'created'), async (rows) => {
      const found = await query<{ place: number; id: string }>(
        `select g.place::int, t.id::text as id
           from unnest(${columns.map((_, n) => `$${n + 1}::text[]`).join(', ')})
                with ordinality as g(${columns.join(', ')}, place)
           join ${work.table} t on ${columns
             .map(
               (c, n) => `t.${c} = case when pg_input_is_valid(g.${c}, '${types[n]}')
                                           then g.${c}::${types[n]} end`,
             )
             .join(' and ')}`,
        columns.map((c) => rows.map((i) => work.values.get(c)?.[i] ?? null)),
      );
      for (const { place, id } of found) {
        const i = rows[place - 1]!;
        work.ids[i] = id;
        work.states[i] = 'updated';
      }
    });
  }
}

export function rowsOf(work: Work, ...states: Work['states']): number[] {
  return work.states.flatMap((state, i) => (states.includes(state) ? [i] : []));
}

export async function inChunks<T>(
  rows: T[],
  run: (some: T[], from: number) => Promise<void>,
  size = CHUNK,
): Promise<void> {
  for (let from = 0; from < rows.length; from += size)
    await run(rows.slice(from, from + size), from);
}

/** The values of some rows, column by column, as a statement takes them. */
export function arrays(work: Work, columns: string[], rows: number[]): Cell[][] {
  return columns.map((c) => {
    const values = work.values.get(c) ?? [];
    return rows.map((i) => values[i] ?? null);
  });
}
