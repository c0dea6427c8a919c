import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../modules.ts';
import type { Column, TableShape } from './catalogue.ts';
import type { Field, FieldType, Target } from './types.ts';

/** Targets that modules describe in their `import.ts`, then one made for every other table. */
export async function allTargets(shapes: Map<string, TableShape>): Promise<Target[]> {
  const said = await moduleTargets();
  const described = new Set(said.map((t) => t.table));
  const plain = [...shapes.values()].filter(
    (s) => !described.has(s.name) && !/^(kernel|identity|audit)\./.test(s.name),
  );
  return [
    ...said.filter((t) => t.write || shapes.has(t.table)),
    ...plain.map((s) => made(s, shapes)),
  ];
}

let loaded: Promise<Target[]> | undefined;

function moduleTargets(): Promise<Target[]> {
  loaded ??= Promise.all(
    readdirSync(join(root, 'modules'))
      .sort()
      .map((name) => join(root, 'modules', name, 'import.ts'))
      .filter((file) => existsSync(file))
      .map(async (file) => ((await import(file)) as { targets: Target[] }).targets),
  ).then((lists) => lists.flat());
  return loaded;
}

/** Whether the target was made from the catalogue alone: names of columns then decide less. */
export const isMade = (target: Target): boolean => madeTargets.has(target);

const madeTargets = new WeakSet<Target>();
const OWN = new Set(['id', 'version', 'recorded_at', 'recorded_by']);
const CALLED = ['number', 'code', 'name', 'username'];

function made(shape: TableShape, shapes: Map<string, TableShape>): Target {
  const columns = [...shape.columns.values()].filter(
    (c) => c.insertable && c.generated === null && !(OWN.has(c.name) && !c.refers),
  );
  const names = new Set(columns.map((c) => c.name));
  const unique = shape.uniques.filter((u) => u.every((name) => names.has(name)));
  const word = shape.name.split('.')[1] ?? shape.name;
  const target: Target = {
    table: shape.name,
    label: shape.label,
    words: [word.replaceAll('_', ' '), shape.label],
    fields: columns.map((c) => fieldOf(c, shapes)),
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
