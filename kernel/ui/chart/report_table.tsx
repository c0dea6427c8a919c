import { A } from '../base/address.tsx';
import { day, decimal, moment, money, percent, period } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { tableOf, useCatalogue, useSignedIn } from '../base/session.tsx';
import type { ColumnType, Filter, Report, Row } from '../base/types.ts';
import { isNumeric } from '../field/cell.tsx';
import { listAt } from '../list/at.ts';
import { Scroll } from '../shell/scroll.tsx';
import { totalsOf } from './report_totals.ts';

type Props = { report: Report; most?: number; none?: string; totals?: boolean };

/** The rows of a report; amounts under each other, zero as a dash. */
export function ReportTable({ report, most, none, totals }: Props) {
  const { company } = useSignedIn();
  const linkOf = useRowLink(report);
  const { columns } = report;
  const rows = most ? report.rows.slice(0, most) : report.rows;
  if (rows.length === 0)
    return <p className="k-dim k-no-figures">{none ?? t('Nothing to show.')}</p>;
  const text = (type: ColumnType, value: unknown) => reportValue(type, value, company.decimals);
  return (
    <Scroll>
      <table className="k-table">
        <thead>
          <tr>
            {columns.map(({ name, label, type }) => (
              <th key={name} scope="col" className={isNumeric(type) ? 'k-num' : undefined}>
                {label}
                {type === 'money' && !most ? <small>{company.currency}</small> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a report have no key of their own.
            <tr key={at}>
              {columns.map(({ name, type }, place) => (
                <td key={name} className={isNumeric(type) ? 'k-num' : undefined}>
                  <Linked href={place === 0 ? linkOf(row) : undefined}>
                    {name === 'month'
                      ? period(row[name])
                      : text(type, row[`${name}_label`] ?? row[name])}
                  </Linked>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {totals ? <Totals columns={columns} rows={rows} text={text} /> : null}
      </table>
    </Scroll>
  );
}

/** A text that leads somewhere, where it does. */
export function Linked({ href, children }: { href: string | undefined; children: string }) {
  return href ? <A href={href}>{children}</A> : children;
}

/** Where the list of a row is, for who may see it; its sums are the row's figures. */
export function useRowLink(report: Report | undefined): (row: Row) => string | undefined {
  const { data: catalogue } = useCatalogue();
  const { list } = report ?? {};
  if (!list || !tableOf(catalogue, list.table)) return () => undefined;
  return (row) => {
    const filter = list.filter.map(([path, operator, said]): Filter => {
      const value = said !== null && typeof said === 'object' ? row[said.column] : said;
      return value === null || value === undefined ? [path, 'is_null'] : [path, operator, value];
    });
    return listAt(list.table, { filter, group: list.group, totals: list.totals });
  };
}

type TotalsProps = {
  columns: Report['columns'];
  rows: Row[];
  text: (type: ColumnType, value: unknown) => string;
};

function Totals({ columns, rows, text }: TotalsProps) {
  const totals = totalsOf(columns, rows);
  if (!totals) return null;
  return (
    <tfoot>
      <tr>
        {columns.map(({ name, type }, at) => (
          <td key={name} className={isNumeric(type) ? 'k-num' : undefined}>
            {name in totals ? text(type, totals[name]) : at === 0 ? t('Total') : ''}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}

function reportValue(type: ColumnType, value: unknown, decimals: number): string {
  if (value === null || value === undefined || value === '') return isNumeric(type) ? '–' : '';
  if (isNumeric(type) && Number(value) === 0) return '–';
  if (type === 'money') return money(value, decimals);
  if (type === 'quantity' || type === 'number') return decimal(value);
  if (type === 'fraction') return percent(value);
  if (type === 'date') return day(value);
  if (type === 'timestamp') return moment(value);
  if (type === 'boolean') return value ? t('Yes') : t('No');
  return String(value);
}
