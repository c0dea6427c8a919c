import { Button } from '@mantine/core';
import { A } from '../base/address.tsx';
import { decimal, period } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue, useSignedIn } from '../base/session.tsx';
import type { Catalogue, Column, Filter, Page, Row, Table } from '../base/types.ts';
import { isNumeric, shown } from '../field/cell.tsx';
import { listAt } from './at.ts';
import { columnAt, type ListState, sortedBy, sortTerms } from './state.ts';

export const parts = ['day', 'week', 'month', 'quarter', 'year'];

export function partWord(part: string): string {
  const words: Record<string, string> = {
    day: t('by day'),
    week: t('by week'),
    month: t('by month'),
    quarter: t('by quarter'),
    year: t('by year'),
  };
  return words[part] ?? part;
}

export function totalWord(total: string): string {
  const words: Record<string, string> = {
    sum: t('Sum'),
    avg: t('Average'),
    min: t('Least'),
    max: t('Most'),
  };
  return words[total] ?? total;
}

/** What a column of groups is: a key, the count, or a total. */
function columnOf(catalogue: Catalogue | undefined, table: Table, name: string): Column {
  const plain: Column = {
    ...{ name, label: name, type: 'text', required: false, writable: false },
    ...{ sortable: true, searchable: false, hidden: false },
  };
  if (name === 'count') return { ...plain, label: t('Rows'), type: 'quantity' };
  const [first = '', second = ''] = name.split(':');
  if (parts.includes(second)) {
    const of = columnAt(catalogue, table, first);
    return { ...plain, label: `${of?.label ?? first} ${partWord(second)}`, type: 'date' };
  }
  const of = columnAt(catalogue, table, second || first);
  if (!second) return { ...(of ?? plain), name };
  const type = of?.type === 'number' ? 'quantity' : (of?.type ?? 'text');
  return { ...plain, type, label: `${totalWord(first)}: ${of?.label ?? second}` };
}

/** A month or a year as people say it; its first day stands for it. */
function spanOf(name: string, value: unknown): string | undefined {
  const part = name.split(':')[1];
  if (typeof value !== 'string' || !/^\d{4}-\d\d/.test(value)) return undefined;
  if (part === 'month') return period(value.slice(0, 7));
  return part === 'year' ? value.slice(0, 4) : undefined;
}

/** The list of the rows that are in a group. */
function rowsOf(table: Table, state: ListState, row: Row, names: string[]): string {
  const narrowed = names.flatMap((name): Filter[] => {
    const [path = '', part] = name.split(':');
    const value = row[name];
    if (value === null || value === undefined) return [[path, 'is_null']];
    if (!part || !parts.includes(part)) return [[path, '=', value]];
    const from = String(value).slice(0, 10);
    return [
      [path, '>=', from],
      [path, '<', afterPart(from, part)],
    ];
  });
  return listAt(table.name, { filter: [...state.filter, ...narrowed], q: state.q });
}

/** The first day after a day, week, month, quarter or year that begins on that day. */
function afterPart(day: string, part: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  const months: Record<string, number> = { month: 1, quarter: 3, year: 12 };
  if (months[part]) next.setUTCMonth(next.getUTCMonth() + months[part]);
  else next.setUTCDate(next.getUTCDate() + (part === 'week' ? 7 : 1));
  return next.toISOString().slice(0, 10);
}

type GroupsProps = { table: Table; state: ListState; pages: Page[]; more?: () => void };

/** Groups with their totals; of two, the first one's subtotals stand above its own. */
export default function Groups({ table, state, pages, more }: GroupsProps) {
  const { company } = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const columns = [...state.group, 'count', ...state.totals].map((name) =>
    columnOf(catalogue, table, name),
  );
  const text = (column: Column, row: Row) =>
    column.name === 'count'
      ? decimal(row.count)
      : (spanOf(column.name, row[column.name]) ?? shown(column, row, company.decimals));
  const [first = ''] = state.group;
  const subtotals = new Map(
    pages.flatMap((page) => page.subtotals ?? []).map((row) => [String(row[first]), row]),
  );
  const rows = pages.flatMap((page) => page.rows);
  const total = pages[0]?.total;
  const terms = new Map(sortTerms(state.sort));
  // A subtotal stands where its first group begins, once, as long as groups stand together.
  const together = subtotals.size > 0 && [first, undefined].includes(sortTerms(state.sort)[0]?.[0]);
  const cells = (row: Row, names: string[], head?: string) =>
    columns.map((column, at) => {
      const said = at === 0 && head ? head : text(column, row);
      const strong = names.length < state.group.length;
      const value =
        column.name === 'count' ? <A href={rowsOf(table, state, row, names)}>{said}</A> : said;
      return (
        <td key={column.name} className={isNumeric(column.type) ? 'k-num' : undefined}>
          {strong ? <b>{value}</b> : value}
        </td>
      );
    });
  return (
    <section
      className="k-grid k-groups"
      aria-label={t('Groups of {label}', { label: table.label })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys.
      tabIndex={0}
    >
      <table>
        <thead>
          <tr>
            {columns.map(({ name, label, type }) => (
              <th
                key={name}
                scope="col"
                className={isNumeric(type) ? 'k-num' : undefined}
                aria-sort={
                  terms.has(name)
                    ? terms.get(name) === 'desc'
                      ? 'descending'
                      : 'ascending'
                    : undefined
                }
              >
                <button
                  type="button"
                  onClick={(event) =>
                    state.set({ sort: sortedBy(state.sort, name, event.shiftKey) })
                  }
                >
                  {label}
                  {type === 'money' ? <small>{company.currency}</small> : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const begins = together && (at === 0 || rows[at - 1]?.[first] !== row[first]);
            const sub = begins ? subtotals.get(String(row[first])) : undefined;
            const key = state.group.map((name) => String(row[name])).join('|');
            return [
              sub ? (
                <tr key={`${key}:sub`} className="k-subtotal">
                  {cells(sub, [first])}
                </tr>
              ) : null,
              <tr key={key}>{cells(row, state.group)}</tr>,
            ];
          })}
        </tbody>
        {total ? (
          <tfoot>
            <tr className="k-subtotal">{cells(total, [], t('All'))}</tr>
          </tfoot>
        ) : null}
      </table>
      {more ? (
        <p className="k-grid-foot">
          <Button variant="default" size="compact-sm" onClick={more}>
            {t('More groups')}
          </Button>
        </p>
      ) : null}
    </section>
  );
}
