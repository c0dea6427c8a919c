import { useDirection } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { decimal, period } from './format.ts';
import { t } from './i18n.ts';
import type { Report, Row } from './types.ts';

export type Point = { label: string; value: number; text: string };

/** The first words and the first amount of a report's rows, as what a chart shows. */
export function pointsOf(report: Report | undefined, decimals: number): Point[] {
  if (!report) return [];
  const { columns, rows } = report;
  const label =
    columns.find(({ type, name }) => name === 'name' || type === 'text') ??
    columns.find(({ type }) => ['date', 'choice'].includes(type)) ??
    columns[0];
  const value = columns.find(({ type }) => type === 'money') ?? columns[columns.length - 1];
  if (!label || !value) return [];
  return rows.map((row: Row) => ({
    label: String(row[`${label.name}_label`] ?? row[label.name] ?? '–'),
    value: Number(row[value.name] ?? 0),
    text: decimal(row[value.name] ?? 0, value.type === 'money' ? decimals : undefined),
  }));
}

/** Shares of a whole, the largest first, each with its name and amount on the mark. */
export function Bars({
  points,
  label,
  most = 8,
}: {
  points: Point[];
  label: string;
  most?: number;
}) {
  const sorted = [...points].sort((a, b) => b.value - a.value).slice(0, most);
  const top = Math.max(...sorted.map(({ value }) => value), 0) || 1;
  if (sorted.length === 0) return <NoFigures />;
  return (
    <ul className="k-bars" aria-label={label}>
      {sorted.map((point) => (
        <li key={point.label}>
          <span>{point.label}</span>
          <span className="k-num">{point.text}</span>
          <svg aria-hidden="true" width="100%" height="6" preserveAspectRatio="none">
            <rect className="k-bar-ground" width="100%" height="6" rx="3" />
          </svg>
          <svg
            aria-hidden="true"
            className="k-bar-mark"
            width={`${Math.max(0.8, (Math.max(0, point.value) / top) * 100)}%`}
            height="6"
          >
            <rect width="100%" height="6" rx="3" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

type ColumnsProps = { points: Point[]; label: string; height?: number; mark?: string };

/** Amounts along time: one column a day or month, the scale in three lines. */
export function Columns({ points, label, height = 168, mark }: ColumnsProps) {
  const { ref, width } = useElementSize();
  const { dir } = useDirection();
  if (points.length === 0) return <NoFigures />;
  const top = roundUp(Math.max(...points.map(({ value }) => value), 1));
  const floor = height - 20;
  const start = 46;
  const room = Math.max(width - start, 10);
  const step = room / points.length;
  const bar = Math.min(Math.max(step * 0.62, 2), 28);
  const every = Math.ceil(points.length / Math.max(1, Math.floor(room / 56)));
  const y = (value: number) => floor - (Math.max(0, value) / top) * (floor - 10);
  const x = (at: number) => (dir === 'rtl' ? width - at : at);
  return (
    <div ref={ref} className="k-columns" style={{ height }}>
      <svg width={width} height={height} role="img" aria-label={`${label}: ${spoken(points)}`}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line x1={x(start)} x2={x(width)} y1={y(value)} y2={y(value)} />
            <text x={x(start - 8)} y={y(value) + 4} textAnchor="end">
              {short(value)}
            </text>
          </g>
        ))}
        {points.map((point, at) => {
          const middle = x(start + step * at + step / 2);
          const here = y(point.value);
          return (
            <g key={point.label} className={point.label === mark ? 'k-column-now' : undefined}>
              <rect
                x={middle - bar / 2}
                y={here}
                width={bar}
                height={floor - here}
                rx={Math.min(2, bar / 3)}
              >
                <title>{`${period(point.label)}: ${point.text}`}</title>
              </rect>
              {at % every === 0 ? (
                <text x={middle} y={height - 4} textAnchor="middle">
                  {period(point.label)}
                </text>
              ) : null}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function NoFigures() {
  return <p className="k-dim k-no-figures">{t('No sales in this time.')}</p>;
}

const spoken = (points: Point[]) =>
  points
    .slice(-12)
    .map(({ label, text }) => `${period(label)} ${text}`)
    .join(', ');

const short = (value: number) =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);

function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * size >= value) ?? 10;
  return step * size;
}
