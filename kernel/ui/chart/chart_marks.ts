import type { Report, Row } from '../base/types.ts';
import { decimalIn, periodIn } from '../base/writing.ts';
import type { Mark } from './chart.ts';

type Told = Pick<Report, 'columns' | 'rows' | 'chart'>;
type Writing = { tag: string; decimals: number };

/** The kind of a report's chart: the first word of `-- chart: bar store net_amount`. */
export const kindOf = (report: Pick<Told, 'chart'> | undefined): string =>
  String(report?.chart ?? '').split(' ')[0] ?? '';

/**
 * A report's rows as what its chart shows: by the columns that its head names, else by its first words
 * and its first amount.
 */
export function marksOf(report: Told | undefined, { tag, decimals }: Writing): Mark[] {
  if (!report) return [];
  const { columns, rows } = report;
  const [, named, amount] = String(report.chart ?? '').split(' ');
  const label =
    columns.find(({ name }) => name === named) ??
    columns.find(({ type, name }) => name === 'name' || type === 'text') ??
    columns.find(({ type }) => ['date', 'choice'].includes(type)) ??
    columns[0];
  const value =
    columns.find(({ name }) => name === amount) ??
    columns.find(({ type }) => type === 'money') ??
    columns[columns.length - 1];
  if (!label || !value) return [];
  return rows.map((row: Row) => ({
    label: periodIn(tag, row[`${label.name}_label`] ?? row[label.name] ?? '–'),
    value: Number(row[value.name] ?? 0),
    text: decimalIn(tag, row[value.name] ?? '0', value.type === 'money' ? decimals : undefined),
  }));
}
