import type pg from 'pg';
import { problem, registerSentences } from '../../../kernel/problem.ts';

registerSentences({
  rules_broken: {
    status: 422,
    sentence: 'What was copied breaks a rule, and nothing was changed. {what}',
  },
});

/** A rule of the data, and a query for the first rows that break it. */
export interface Rule {
  name: string;
  good: string;
  bad: string;
  sql: string;
}

const MOST = 'limit 1000';

/**
 * The database keeps these rules by itself; that they hold is seen here once more, from the rows as
 * they lie, should a disk or a person with too many rights have had a hand in them.
 */
export const RULES: Rule[] = [
  {
    name: 'Books',
    good: 'every entry balances',
    bad: 'these entries don’t balance',
    sql: `select e.number as wrong from finance.journal_line l
            join finance.journal_entry e on e.id = l.journal_entry_id
           group by e.id, e.number having sum(l.debit) <> sum(l.credit) ${MOST}`,
  },
  {
    name: 'Stock',
    good: 'every level is the sum of its moves',
    bad: 'these products’ levels aren’t the sum of their moves',
    sql: `select coalesce(p.number, m.product_id::text) as wrong
            from (select location_id, product_id, sum(quantity) as moved
                    from inventory.stock_move group by 1, 2) m
            full join inventory.stock_level l using (location_id, product_id)
            left join catalog.product p on p.id = product_id
           where coalesce(m.moved, 0) <> coalesce(l.on_hand, 0) ${MOST}`,
  },
  {
    name: 'Receipts',
    good: 'every receipt adds up',
    bad: 'these receipts don’t add up',
    sql: `select r.reference as wrong from pos.receipt r
           where pos_logic.why_wrong(r) is not null ${MOST}`,
  },
  {
    name: 'Receipts in the books',
    good: 'every receipt has its entry',
    bad: 'these receipts have no entry',
    sql: `select r.reference as wrong from pos.receipt r
           where r.gross_amount <> 0
             and not exists (select from finance.journal_entry e where e.source_id = r.id) ${MOST}`,
  },
  {
    name: 'Constraints',
    good: 'all are checked against every row',
    bad: 'these were never checked against the rows that stood before them',
    sql: `select conrelid::regclass || '.' || conname as wrong
            from pg_constraint where not convalidated ${MOST}`,
  },
  {
    name: 'Indexes',
    good: 'all are whole',
    bad: 'these were not built to their end; use reindex',
    sql: `select indexrelid::regclass::text as wrong from pg_index where not indisvalid ${MOST}`,
  },
  {
    name: 'Collation',
    good: 'the order of letters is the one that the indexes were built with',
    bad: 'the system’s order of letters changed since the indexes were built; reindex the database',
    sql: `select datname || ' (' || datcollversion || ')' as wrong from pg_database
           where datname = current_database()
             and datcollversion <> pg_database_collation_actual_version(oid)
           union all
          select collname || ' (' || collversion || ')' from pg_collation c
           where collversion <> pg_collation_actual_version(oid)
             and exists (select from pg_attribute a where a.attcollation = c.oid and attnum > 0)`,
  },
];

/** The first rows that break a rule, as a sentence; undefined where it holds. */
export async function broken(rule: Rule, client: pg.ClientBase): Promise<string | undefined> {
  const { rows } = await client.query(rule.sql);
  const wrong = rows.map((r) => String(r.wrong));
  if (wrong.length === 0) return undefined;
  const more = wrong.length > 5 ? ` and ${wrong.length - 5} more` : '';
  return `${rule.bad}: ${wrong.slice(0, 5).join(', ')}${more}`;
}

/** Throws rules_broken where one doesn't hold. */
export async function checkAll(client: pg.ClientBase): Promise<void> {
  for (const rule of RULES) {
    const what = await broken(rule, client);
    if (what) throw problem('rules_broken', { what: `${rule.name}: ${what}.` });
  }
}
