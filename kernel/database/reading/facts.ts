import { language, translated } from '../../i18n/language.ts';
import type { Fact } from '../../module.ts';
import { modules } from '../../modules.ts';
import type { Database } from '../connect.ts';
import { retrying } from '../refusal.ts';
import { timed } from '../timed.ts';
import type { Condition, Row } from './list.ts';

/** A figure of a record, and the list that it is the total of. */
export interface Figure {
  label: string;
  list: string;
  filter: Condition[];
  by: string;
  /** `count`, or as groups are totalled: `sum:on_hand`. */
  total: string;
  /** Exact, as text; null where there is nothing to tell. */
  value: string | null;
  /** The same for each of what it is grouped by; empty where the whole says enough. */
  parts: { key: string | null; label: string; value: string | null }[];
}

interface Declared extends Fact {
  module: string;
}

/** What modules declare of a table's records. */
export async function factsOf(table: string): Promise<Declared[]> {
  return (await modules()).flatMap(({ name: module, facts = {} }) =>
    (facts[table as keyof typeof facts] ?? []).map((fact) => ({ ...fact, module })),
  );
}

/**
 * The figures of a record that the owner of the token may see, by one statement. Errors:
 * not_signed_in, table_unknown, not_found.
 */
export async function readFacts(
  db: Database,
  token: string,
  table: string,
  id: string,
): Promise<Figure[]> {
  const declared = await factsOf(table);
  // Each by itself: of two in one question, one that may not be told would take the other along.
  const asked = declared.map(({ list, filter, by, total, when, permission }) => {
    return { list, filter, by, totals: total === 'count' ? [] : [total], when, permission };
  });
  const { rows } = await timed('facts', table, () =>
    retrying(() =>
      db.app.query({
        name: 'facts',
        text: 'select kernel_logic.facts($1, $2, $3, $4) as answer',
        values: [token, table, id, JSON.stringify(asked)],
      }),
    ),
  );
  const answers = JSON.parse(rows[0].answer) as (Answer | null)[];
  return declared.flatMap((fact, at) => {
    const answer = answers[at];
    return answer ? [figure(fact, answer)] : [];
  });
}

interface Answer {
  filter: Condition[];
  total: Row;
  parts: Row[];
}

function figure(fact: Declared, { filter, total, parts }: Answer): Figure {
  const { label, list, by, apart, module } = fact;
  const valueIn = (row: Row): string | null => {
    const value = row[fact.total] ?? (fact.total.startsWith('sum:') ? '0' : null);
    return value === null ? null : String(value);
  };
  return {
    label: translated(label, language(), module),
    ...{ list, filter, by, total: fact.total, value: valueIn(total) },
    parts: apart
      ? parts.map((row) => {
          const key = row[by] === null ? null : String(row[by]);
          return { key, label: String(row[`${by}_label`] ?? key ?? ''), value: valueIn(row) };
        })
      : [],
  };
}
