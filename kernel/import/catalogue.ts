import { customFields } from './custom.ts';
import type { Field, Query } from './types.ts';

export interface Column {
  name: string;
  label: string;
  /** As in a cast: `kernel.money`. */
  type: string;
  /** What stands behind a domain: `numeric`. */
  base: string;
  /** What a domain says of itself. */
  said: string | null;
  /** Has no default and must have a value. */
  required: boolean;
  not_null: boolean;
  default: string | null;
  generated: string | null;
  insertable: boolean;
  updatable: boolean;
  readable: boolean;
  refers: string | null;
}

export interface Check {
  name: string;
  columns: string[];
  expression: string;
  said: string | null;
}

/** What the database says of a table that the caller may add rows to. */
export interface TableShape {
  name: string;
  label: string;
  columns: Map<string, Column>;
  checks: Check[];
  /** Columns of each unique index. */
  uniques: string[][];
  /** Columns whose texts are kept in several languages. */
  translated: string[];
  /** Fields that an administrator added; their values go together into the column custom. */
  custom: Field[];
}

/** Reads the tables that the import's own role may add rows to. */
export async function readCatalogue(query: Query): Promise<Map<string, TableShape>> {
  const shapes = new Map<string, TableShape>();
  for (const c of await query<Column & { table_name: string; table_label: string }>(COLUMNS)) {
    const shape = shapes.get(c.table_name) ?? {
      name: c.table_name,
      label: c.table_label,
      columns: new Map(),
      checks: [],
      uniques: [],
      translated: [],
      custom: [],
    };
    shapes.set(c.table_name, shape);
    shape.columns.set(c.name, c);
  }
  const checks = await query<Check & { table_name: string }>(CHECKS);
  for (const c of checks) shapes.get(c.table_name)?.checks.push(c);
  const uniques = await query<{ table_name: string; columns: string[] }>(UNIQUES);
  const translated = await query<{ table_name: string; columns: string[] }>(TRANSLATED);
  for (const t of translated) shapes.get(t.table_name)?.translated.push(...t.columns);
  for (const u of uniques) shapes.get(u.table_name)?.uniques.push(u.columns);
  for (const [table, fields] of await customFields(query)) {
    const shape = shapes.get(table);
    if (shape) shape.custom = fields;
  }
  return shapes;
}

const TRANSLATED = `
  select value->>'of' as table_name,
         array(select jsonb_array_elements_text(value->'columns')) as columns
    from kernel.setting where name = 'translated:' || (value->>'of')`;

const TABLES = `from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname !~ '^(pg_|information)'
    and has_any_column_privilege(c.oid, 'insert')`;

const COLUMNS = `
  select t.name as table_name, split_part(t.said, ' | ', 1) as table_label, a.attname as name,
         coalesce(split_part(col_description(a.attrelid, a.attnum), ' | ', 1), a.attname) as label,
         format_type(a.atttypid, a.atttypmod) as type,
         format_type(coalesce(nullif(y.typbasetype, 0), y.oid), null) as base,
         obj_description(y.oid, 'pg_type') as said, a.attnotnull as not_null,
         a.attnotnull and a.attgenerated = '' and d.adbin is null as required,
         case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
         case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as generated,
         has_column_privilege(a.attrelid, a.attnum, 'insert') as insertable,
         has_column_privilege(a.attrelid, a.attnum, 'update') as updatable,
         has_column_privilege(a.attrelid, a.attnum, 'select') as readable,
         (select rn.nspname || '.' || rc.relname from pg_constraint k
            join pg_class rc on rc.oid = k.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
           where k.conrelid = a.attrelid and k.contype = 'f' and k.conkey[1] = a.attnum
           order by cardinality(k.conkey) limit 1) as refers
    from (select c.oid, n.nspname || '.' || c.relname as name,
                 coalesce(obj_description(c.oid), c.relname) as said ${TABLES}) t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_type y on y.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   order by t.name, a.attnum`;

const CHECKS = `
  select t.name as table_name, k.conname as name, pg_get_expr(k.conbin, k.conrelid) as expression,
         obj_description(k.oid, 'pg_constraint') as said,
         (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
           where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as columns
    from (select c.oid, n.nspname || '.' || c.relname as name ${TABLES}) t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'c'`;

const UNIQUES = `
  select t.name as table_name,
         (select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum))
            from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) as columns
    from (select c.oid, n.nspname || '.' || c.relname as name ${TABLES}) t
    join pg_index i on i.indrelid = t.oid and i.indisunique and i.indpred is null
     and 0 <> all(i.indkey::int2[]) and not i.indisprimary`;
