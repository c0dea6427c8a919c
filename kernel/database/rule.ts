import type pg from 'pg';
import type { Params } from '../problem.ts';

/** What a check constraint asks for: a text with `{name}`, and what stands there. */
export interface Rule {
  why: string;
  params: Params;
}

interface Kept extends Rule {
  /** The column that it is about, or nothing where it is a domain's. */
  column: string;
  label: string;
}

const known = new Map<string, Kept>();

/** Reads what every check constraint asks for, so that a refusal can say it. */
export async function readRules(app: pg.Pool): Promise<void> {
  const { rows } = await app.query<{
    key: string;
    name: string;
    expression: string;
    said: string | null;
    column: string;
    label: string;
  }>(
    `select concat_ws('.', n.nspname, coalesce(c.relname, t.typname), k.conname) as key, k.conname as name,
            coalesce(pg_get_expr(k.conbin, k.conrelid), '') as expression,
            obj_description(k.oid, 'pg_constraint') as said,
            coalesce(a.attname, '') as column,
            coalesce(split_part(col_description(c.oid, a.attnum), ' | ', 1), a.attname, '') as label
       from pg_constraint k join pg_namespace n on n.oid = k.connamespace
       join kernel.module m on m.name = n.nspname
       left join pg_class c on c.oid = k.conrelid
       left join pg_type t on t.oid = k.contypid
       left join lateral (select * from pg_attribute
                           where attrelid = k.conrelid and attnum = any(k.conkey) and attname <> 'id'
                           order by attnum limit 1) a on true
      where k.contype = 'c'`,
  );
  for (const { key, name, expression, said, column, label } of rows) {
    known.set(key, { ...ruleOf(name, expression, said), column, label });
  }
}

/** What was broken; undefined of a table that came since this program started. */
export const brokenRule = ({ schema, table, dataType, constraint }: pg.DatabaseError) =>
  known.get([schema, table ?? dataType, constraint].join('.'));

/**
 * What a check constraint asks for, in words: its comment, else what its expression says where that
 * is one of the usual ones. Of others, which want a comment, it has the name alone.
 */
export function ruleOf(name: string, expression = '', said: string | null = null): Rule {
  if (said) return { why: said, params: {} };
  const text = plain(expression);
  for (const [shape, rule] of SHAPES) {
    const [, ...parts] = shape.exec(text) ?? [];
    if (parts.length > 0) return rule(parts);
  }
  return { why: 'it breaks the rule {rule}', params: { rule: name } };
}

const shape = (text: string) => new RegExp(`^${text}$`);
const COLUMN = '"?\\w+"?';
const NUMBER = '(-?\\d+(?:[.]\\d+)?)';
const LENGTH = `length<(?:btrim<)?${COLUMN}>?>`;
/** The same measure of one column, from a number to another. */
const between = (measure: string) =>
  shape(`(?<of>${measure}) >= ${NUMBER} AND \\k<of> <= ${NUMBER}`);

const SHAPES: [RegExp, (parts: string[]) => Rule][] = [
  [shape(`(${COLUMN}) <> ''`), () => ({ why: 'it must not be empty', params: {} })],
  [
    shape(`${COLUMN} >= ${NUMBER}`),
    ([least = '']) => ({ why: 'it must be at least {least}', params: { least } }),
  ],
  [
    shape(`${COLUMN} > ${NUMBER}`),
    ([least = '']) => ({ why: 'it must be more than {least}', params: { least } }),
  ],
  [
    shape(`${COLUMN} <> ${NUMBER}`),
    ([value = '']) => ({ why: 'it must not be {value}', params: { value } }),
  ],
  [
    between(COLUMN),
    ([, least = '', most = '']) => ({
      why: 'it must be from {least} to {most}',
      params: { least, most },
    }),
  ],
  [
    shape(`${COLUMN} = ANY ARRAY\\[(.*)\\]`),
    ([choices = '']) => ({
      why: 'choose one of: {choices}',
      params: { choices: choices.replaceAll("'", '') },
    }),
  ],
  [
    shape(`${LENGTH} <= ${NUMBER}`),
    ([most = '']) => ({ why: 'use at most {most} characters', params: { most } }),
  ],
  [
    between(LENGTH),
    ([, least = '', most = '']) => ({
      why: 'use {least} to {most} characters',
      params: { least, most },
    }),
  ],
  [
    between(`cardinality<${COLUMN}>`),
    ([, least = '', most = '']) => ({
      why: 'give {least} to {most} of them',
      params: { least, most },
    }),
  ],
];

/** An expression as PostgreSQL writes it, without casts and brackets; those of calls become < >. */
function plain(expression: string): string {
  let text = expression.replace(/::[\w."]+(\[\])?/g, '');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/\b(length|btrim|cardinality)\(([^()]*)\)/g, '$1<$2>')
      .replace(/(?<!\w)\(("?[\w.-]+"?)\)/g, '$1');
  }
  // What another function says of the column is none of the usual ones.
  return /\w\(/.test(text) ? text : text.replace(/[()]/g, '');
}
