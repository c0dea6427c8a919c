import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { modules, root } from '../modules.ts';
import { ensureTemplate, openTestCluster, templateName } from './template.ts';

// Makes generated/catalogue.ts, or that of the folder named, from the live catalogue of a freshly deployed database: the names of
// tables, permissions and operations as unions, and a row's shape for every table and view.

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  choices: string[] | null;
  labelled: boolean;
}

const KINDS: Record<string, string> = {
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  jsonb: 'unknown',
  'text[]': 'string[]',
};

const embedded = await openTestCluster();
try {
  const name = templateName();
  await ensureTemplate(embedded, name);
  const admin = new pg.Client(embedded.admin(name));
  await admin.connect();
  const { rows } = await admin.query<Column>(`
    select c.relnamespace::regnamespace || '.' || c.relname as table, a.attname as name,
           format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) as type,
           not (a.attnotnull or c.relkind = 'v' and a.attname = 'id') as nullable,
           (select array_agg(m[1]) from pg_constraint k
              cross join lateral regexp_matches(pg_get_constraintdef(k.oid), '''([a-z_]+)''::text', 'g') m
             where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
               and pg_get_constraintdef(k.oid) like '%= ANY%') as choices,
           exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'
                                                 and a.attnum = any(f.conkey)) as labelled
      from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
      join kernel.module m on m.name = c.relnamespace::regnamespace::text
     where c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
     order by 1, a.attnum`);
  await admin.end();
  write(await textOf(rows));
} finally {
  await embedded.close();
}

async function textOf(columns: Column[]): Promise<string> {
  const all = await modules();
  const union = (names: string[]) =>
    [...new Set(names)]
      .sort()
      .map((n) => `\n  | '${n}'`)
      .join('');
  const tables = Map.groupBy(columns, (c) => c.table);
  return `// Made from the live catalogue; never edited.
export type Permission =${union(all.flatMap((m) => Object.keys(m.permissions)))};
export type OperationName =${union(all.flatMap((m) => m.operations.map((o) => o.name)))};
export type JobName =${union(all.flatMap((m) => m.jobs.map((j) => j.name)))};
export type ModuleName =${union(all.map((m) => m.name))};
export type Role =${union(all.flatMap((m) => Object.keys(m.roles)))};
export interface Rows {
${[...tables].map(([table, list]) => `  '${table}': {\n${list.map(field).join('')}  };\n`).join('')}}
export type Table = keyof Rows;
`;
}

function field({ name, type, nullable, choices, labelled }: Column): string {
  const kind = choices ? choices.map((c) => `'${c}'`).join(' | ') : (KINDS[type] ?? 'string');
  const label = labelled ? `    ${name}_label?: string | null;\n` : '';
  return `    ${name}: ${kind}${nullable ? ' | null' : ''};\n${label}`;
}

function write(text: string): void {
  const folder = process.argv[2] ?? join(root, 'generated');
  const file = join(folder, 'catalogue.ts');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
