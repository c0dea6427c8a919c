import { type Call, z } from '../../operation.ts';
import { Problem } from '../../problem.ts';
import { asProblem } from '../refusal.ts';
import { lacking, quote, rowCheck, stored, wrong } from './made_row.ts';

type Sql = Call['sql'];
type Values = Record<string, unknown>;

export const Rows = z.strictObject({
  rows: z.array(z.record(z.string(), z.unknown())).min(1).max(1000).meta({
    description: 'Up to 1,000 rows. A field that one of them has is empty in those that lack it.',
  }),
});

/**
 * Makes up to 1,000 rows in one statement, all or nothing. Errors: input_wrong with fields such as
 * rows.3.unit_price, and what the table refuses, with the first row that it refuses.
 */
export async function createMany({ sql }: Call, table: string, rows: Values[]) {
  const { columns, check } = await rowCheck(sql, table);
  const looked = rows.map((row) => {
    const { values, errors } = check(row);
    return { values, errors: errors.length > 0 ? errors : lacking(columns, values) };
  });
  const errors = looked.flatMap((one, at) =>
    one.errors.map((error) => ({ ...error, field: `rows.${at}.${error.field}` })),
  );
  if (errors.length > 0) throw wrong(errors);
  const all = looked.map(({ values }) => stored(values));
  const names = [...new Set(all.flatMap((row) => Object.keys(row)))];
  await sql.raw('savepoint many', []);
  try {
    return { ids: await insert(sql, table, names, all) };
  } catch (error) {
    const known = asProblem(error);
    if (!(known instanceof Problem) || known.status >= 500) throw error;
    await sql.raw('rollback to savepoint many', []);
    throw await atItsRow(sql, table, names, all, known);
  }
}

async function insert(sql: Sql, table: string, names: string[], rows: Values[]) {
  const [quoted, fields] = [quote(table), names.map((name) => `"${name}"`)];
  const { rows: made } = await sql.raw<{ id: string }>(
    `insert into ${quoted} (${fields}) select ${fields}
       from jsonb_populate_recordset(null::${quoted}, $1) returning id`,
    [JSON.stringify(rows)],
  );
  return made.map(({ id }) => id);
}

/** What all rows together are refused for, as the problem of the first row that is refused by itself. */
async function atItsRow(
  sql: Sql,
  table: string,
  names: string[],
  rows: Values[],
  all: Problem,
): Promise<Problem> {
  for (const [at, row] of rows.entries()) {
    try {
      await insert(sql, table, names, [row]);
    } catch (error) {
      const known = asProblem(error);
      if (!(known instanceof Problem)) throw error;
      const fields = known.errors ?? [{ field: '', code: known.code, message: known.message }];
      return wrong(
        fields.map((one) => ({
          ...one,
          field: [`rows.${at}`, one.field].filter(Boolean).join('.'),
        })),
      );
    }
  }
  return all;
}
