import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from '../i18n/language.ts';
import { readLanguages } from '../i18n/read_languages.ts';
import { modules } from '../modules.ts';
import type { Column, TableShape } from './catalogue.ts';
import { withCustom } from './custom.ts';
import type { Field, FieldType, Query, Staged, Target } from './types.ts';

/** Targets that modules describe in their `import.ts`, then one made for every other table. */
export async function allTargets(shapes: Map<string, TableShape>): Promise<Target[]> {
  await readLanguages();
  const said = await moduleTargets();
  const described = new Set(said.map((t) => t.table));
  const plain = [...shapes.values()].filter(
    (s) => !described.has(s.name) && !/^(kernel|identity|audit)\./.test(s.name),
  );
  return [
    ...said.filter((t) => t.write || shapes.has(t.table)).map((t) => completed(t, shapes)),
    ...plain.map((s) => made(s, shapes)),
  ].map((target) => inLanguages(target, shapes));
}

let loaded: Promise<Target[]> | undefined;

function moduleTargets(): Promise<Target[]> {
  loaded ??= readTargets();
  return loaded;
}

async function readTargets(): Promise<Target[]> {
  const files = (await modules()).map((m) => join(m.folder, 'import.ts')).filter(existsSync);
  const read = files.map((file) => import(file) as Promise<{ targets: Target[] }>);
  return (await Promise.all(read)).flatMap((m) => m.targets);
}

/** Whether the target was made from the catalogue alone: names of columns then decide less. */
export const isMade = (target: Target): boolean => madeTargets.has(target);

const madeTargets = new WeakSet<Target>();
const OWN = new Set(['id', 'version', 'recorded_at', 'recorded_by', 'custom']);
const CALLED = ['number', 'code', 'name', 'username'];

/** A target that a module describes, with the columns of its table that came since or are rare. */
function completed(target: Target, shapes: Map<string, TableShape>): Target {
  const shape = shapes.get(target.table);
  if (!shape || target.write) return target;
  const known = new Set(target.fields.map((f) => f.name));
  const more = importable(shape).filter(
    (c) => !known.has(c.name) && !c.required && !c.refers && c.base !== 'jsonb',
  );
  const fields = more.map((c) => ({ ...fieldOf(c, shapes), exact: true }));
  return { ...target, fields: withCustom([...target.fields, ...fields], shape.custom) };
}

/** With a column for each text that is kept in several languages, such as `name:ar`. */
function inLanguages(target: Target, shapes: Map<string, TableShape>): Target {
  const shape = shapes.get(target.table);
  if (!shape || shape.translated.length === 0 || target.write) return target;
  const texts = shape.translated.flatMap((column) =>
    languages().map((language) => ({ column, language, field: `${column}:${language}` })),
  );
  const fields = texts.map(({ column, language, field }): Field => {
    const label = `${shape.columns.get(column)?.label ?? column} (${language})`;
    return { name: field, label, type: 'text', exact: true, virtual: true };
  });
  const more: Target = {
    ...target,
    fields: [...target.fields, ...fields],
    async after(staged, written, query) {
      await target.after?.(staged, written, query);
      for (const text of texts) await writeTexts(staged, written, text, query);
    },
  };
  if (isMade(target)) madeTargets.add(more);
  return more;
}

async function writeTexts(
  staged: Staged,
  written: number[],
  { column, language, field }: { column: string; language: string; field: string },
  query: Query,
): Promise<void> {
  const values = staged.values.get(field);
  const rows = values ? written.filter((i) => values[i] !== null) : [];
  if (!values || rows.length === 0) return;
  await query(
    `insert into kernel.translation as t (table_name, row_id, column_name, language, text)
     select $1, row_id, $2, $3, text from unnest($4::uuid[], $5::text[]) g(row_id, text)
     on conflict (table_name, row_id, column_name, language)
     do update set text = excluded.text where t.text <> excluded.text`,
    [staged.table, column, language, rows.map((i) => staged.ids[i]), rows.map((i) => values[i])],
  );
}

const importable = (shape: TableShape): Column[] =>
  [...shape.columns.values()].filter(
    (c) => c.insertable && c.generated === null && !(OWN.has(c.name) && !c.refers),
  );

function made(shape: TableShape, shapes: Map<string, TableShape>): Target {
  const columns = importable(shape);
  const names = new Set(columns.map((c) => c.name));
  const unique = shape.uniques.filter((u) => u.every((name) => names.has(name)));
  const word = shape.name.split('.')[1] ?? shape.name;
  const target: Target = {
    table: shape.name,
    label: shape.label,
    words: [word.replaceAll('_', ' '), shape.label],
    fields: withCustom(
      columns.map((c) => fieldOf(c, shapes)),
      shape.custom,
    ),
    keys: unique,
    match: unique,
  };
  madeTargets.add(target);
  return target;
}

function fieldOf(column: Column, shapes: Map<string, TableShape>): Field {
  const field: Field = {
    name: column.name,
    label: column.label,
    type: typeOf(column),
    required: column.required,
  };
  const to = column.base === 'uuid' && column.refers ? shapes.get(column.refers) : undefined;
  if (to) field.refers = { table: to.name, by: CALLED.filter((c) => to.columns.has(c)) };
  return field;
}

function typeOf(column: Column): FieldType {
  if (/^(numeric|double|real)/.test(column.base)) return 'number';
  if (/^(integer|smallint|bigint)/.test(column.base)) return 'integer';
  if (column.base === 'date') return 'date';
  if (column.base.startsWith('timestamp')) return 'timestamp';
  if (column.base === 'boolean') return 'boolean';
  return column.base === 'jsonb' ? 'json' : 'text';
}
