import type { ReactNode } from 'react';
import { A, useGo } from '../../../kernel/ui/base/address.tsx';
import { decimal, money, period } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { Mark } from '../../../kernel/ui/chart/chart.ts';
import type { Figure } from './figures.ts';

export type Item = { row: Figure; label: string; href: string | undefined; before?: unknown };

export function Panel({
  title,
  wide,
  children,
}: {
  title: string;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={wide ? 'k-panel k-panel-wide' : 'k-panel'} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

type ChartProps = {
  title: string;
  items: Item[];
  wide?: boolean;
  draw: (points: Mark[], pick: (mark: Mark) => void) => ReactNode;
};

/** A chart, whose marks lead to what they are made of, and its table for keys and ears. */
export function ChartPanel({ title, items, wide, draw }: ChartProps) {
  const { company } = useSignedIn();
  const go = useGo();
  const points = items.map(({ row, label }) => ({
    label,
    value: Number(row.net_amount ?? 0),
    text: money(row.net_amount ?? 0, company.decimals),
  }));
  const pick = (mark: Mark) => {
    const href = items.find(({ label }) => label === mark.label)?.href;
    if (href) go(href);
  };
  return (
    <Panel title={title} wide={wide ?? false}>
      {draw(points, pick)}
      {items.length > 0 ? (
        <details className="k-as-table">
          <summary>{t('As a table')}</summary>
          <ItemTable items={items} />
        </details>
      ) : null}
    </Panel>
  );
}

/** Names with their amounts; each leads to the list that it is the sum of. */
export function ItemTable({ items, quantity }: { items: Item[]; quantity?: boolean }) {
  const { company } = useSignedIn();
  const counted = !quantity && items.some(({ row }) => row.receipts !== null);
  return (
    <table className="k-table k-items">
      <thead>
        <tr>
          <th scope="col">{t('Name')}</th>
          {quantity ? (
            <th scope="col" className="k-num">
              {t('Quantity')}
            </th>
          ) : null}
          {counted ? (
            <th scope="col" className="k-num">
              {t('Receipts')}
            </th>
          ) : null}
          <th scope="col" className="k-num">
            {t('Sales')} <small>{company.currency}</small>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ row, label, href }) => (
          <tr key={`${row.key} ${label}`}>
            <td>{href ? <A href={href}>{label}</A> : label}</td>
            {quantity ? <td className="k-num">{decimal(row.quantity ?? 0)}</td> : null}
            {counted ? <td className="k-num">{decimal(row.receipts ?? 0)}</td> : null}
            <td className="k-num">{money(row.net_amount ?? 0, company.decimals)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** An hour of the day, a day or a month as a chart names it. */
export const slotName = (key: string) => (/^\d\d$/.test(key) ? `${key}:00` : period(key));
