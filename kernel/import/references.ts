import type { Work } from './stage.ts';
import type { Cell, Field, Query, Reference } from './types.ts';

/** What earlier files of the same import left behind for later ones. */
export interface Context {
  query: Query;
  /** Under which the rows are remembered. */
  source: string;
  /** Table → key at the source → id, of rows that this import brought already. */
  brought: Map<string, Map<string, string>>;
  /** Tables of which a file could not be read at all: what refers to them isn't told twice. */
  broken: Set<string>;
  /** Table → what its rows with problems are called. */
  spoilt: Map<string, Set<string>>;
}

/** Puts ids in place of what a file says of rows elsewhere; of itself only where `own` is set. */
export async function resolveReferences(work: Work, context: Context, own: boolean): Promise<void> {
  for (const field of work.target.fields) {
    const said = work.source.get(field.name);
    if (!field.refers || !said || (field.refers.table === work.table) !== own) continue;
    const wanted = new Set<string>();
    for (const value of said) if (value !== null) wanted.add(value);
    const found = new Map<string, Candidate[]>();
    if (own) findInFile(work, field.refers, wanted, found);
    await findHere(context, field.refers, wanted, found);
    work.values.set(
      field.name,
      said.map((value, i) => pick(work, context, field, i, value, found)),
    );
  }
}

/** Remembers by what keys rows are found from now on, and by what names those with problems would be. */
export function rememberNames(work: Work, context: Context): void {
  const keys = context.brought.get(work.table) ?? new Map<string, string>();
  context.brought.set(work.table, keys);
  const names = context.spoilt.get(work.table) ?? new Set<string>();
  context.spoilt.set(work.table, names);
  work.states.forEach((state, i) => {
    if (state !== 'bad') {
      keys.set(work.keys[i]!, work.ids[i]!);
      return;
    }
    for (const column of ['number', 'code', 'name', 'first_name']) {
      const value = work.source.get(column)?.[i];
      if (value) names.add(value);
    }
  });
}

/** A row that refers to one of the same file with a problem waits for it; that one is told. */
export function spoilDependents(work: Work): void {
  const places = new Map(work.ids.map((id, i) => [id, i]));
  const fields = work.target.fields.filter(({ refers }) => refers?.table === work.table);
  for (let before = -1; before < work.spoilt.size; ) {
    before = work.spoilt.size;
    for (const { name } of fields) {
      work.values.get(name)?.forEach((id, i) => {
        const place = id === null ? undefined : places.get(id);
        if (place !== undefined && work.spoilt.has(place)) work.spoil(i, name);
      });
    }
  }
}

interface Candidate {
  id: string;
  within: string | null;
}

function findInFile(
  work: Work,
  refers: Reference,
  wanted: Set<string>,
  found: Map<string, Candidate[]>,
) {
  const ways = [work.keys, ...refers.by.map((by) => work.source.get(by))];
  for (const values of ways) {
    const fresh = new Map<string, Candidate[]>();
    values?.forEach((value, i) => {
      if (!value || !wanted.has(value) || found.has(value) || !work.ids[i]) return;
      const within = refers.within ? (work.values.get(refers.within)?.[i] ?? null) : null;
      fresh.set(value, [...(fresh.get(value) ?? []), { id: work.ids[i]!, within }]);
    });
    for (const [value, list] of fresh) found.set(value, list);
  }
}

async function findHere(
  { query, source, brought }: Context,
  refers: Reference,
  wanted: Set<string>,
  found: Map<string, Candidate[]>,
): Promise<void> {
  const within = refers.within ? `t.${refers.within}::text` : 'null';
  const ask = async (join: string, extra: unknown[] = []) => {
    const open = [...wanted].filter((v) => !found.has(v));
    if (open.length === 0) return;
    const rows = await query<{ v: string; id: string; within: string | null }>(
      `select g.v, t.id::text as id, ${within} as within from unnest($1::text[]) as g(v) ${join}`,
      [open, ...extra],
    );
    const fresh = new Map<string, Candidate[]>();
    for (const { v, ...candidate } of rows) {
      const list = fresh.get(v) ?? [];
      if (list.length === 0) fresh.set(v, list);
      list.push(candidate);
    }
    for (const [value, list] of fresh) found.set(value, list);
  };
  for (const value of wanted) {
    const id = brought.get(refers.table)?.get(value);
    if (id && !refers.within && !found.has(value)) found.set(value, [{ id, within: null }]);
  }
  await ask(
    `join kernel.source_row s on s.source = $2 and s.table_name = $3 and s.key = g.v
     join ${refers.table} t on t.id = s.row_id`,
    [source, refers.table],
  );
  for (const by of refers.by) {
    await ask(`join ${refers.table} t on t.${by}::text = g.v`);
  }
  for (const by of refers.by) {
    await ask(`join ${refers.table} t on lower(t.${by}::text) = lower(g.v)`);
  }
}

function pick(
  work: Work,
  context: Context,
  field: Field,
  index: number,
  value: Cell,
  found: Map<string, Candidate[]>,
): Cell {
  if (value === null) return null;
  const { table, within } = field.refers!;
  const all = found.get(value) ?? [];
  const near = within ? all.filter((c) => c.within === work.values.get(within)?.[index]) : [];
  const list = near.length > 0 ? near : all;
  if (list.length === 1) return list[0]!.id;
  const name = field.label.toLowerCase();
  if (list.length > 1) {
    work.say(index, field.name, 'reference_ambiguous', { count: `${list.length}`, table: name });
  } else if (context.broken.has(table) || context.spoilt.get(table)?.has(value)) {
    work.spoil(index, field.name);
  } else {
    work.say(index, field.name, 'reference_unknown', { table: name });
  }
  return null;
}
