import { useQuery } from '@tanstack/react-query';
import { A } from '../../../kernel/ui/base/address.tsx';
import { api } from '../../../kernel/ui/base/api.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useCatalogue, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { Bars, Columns } from '../../../kernel/ui/chart/charts.tsx';
import { ReportTable } from '../../../kernel/ui/chart/report_table.tsx';
import { type Figure, linesLink, partOf, salesLink } from './figures.ts';
import { GoalPanel } from './goal.tsx';
import { ChartPanel, type Item, ItemTable, Panel, slotName } from './panels.tsx';

type Props = { rows: Row[]; period: string; store: string };

/** What the figures of a time are made of: over time, by store, by category, by product, by person. */
export function StorePanels({ rows, period, store }: Props) {
  const side = period === 'today' ? 'today' : 'now';
  const [span] = partOf(rows, 'figure', side);
  const items = itemsOf(rows, side, span, store);
  const months = /^(year|\d{4})$/.test(period);
  const time =
    period === 'today' ? t('Sales by hour') : months ? t('Sales by month') : t('Sales by day');
  return (
    <div className="k-panels">
      <ChartPanel
        title={time}
        items={items.time}
        wide
        draw={(points, pick) => <Columns points={points} label={time} onPick={pick} />}
      />
      <GoalPanel goal={partOf(rows, 'goal')[0]} reached={span} store={store} />
      {items.store.length > 1 ? (
        <ChartPanel
          title={t('Sales by store')}
          items={items.store}
          draw={(points, pick) => (
            <Bars points={points} label={t('Sales by store')} onPick={pick} />
          )}
        />
      ) : null}
      {items.category.length > 0 ? (
        <ChartPanel
          title={t('Sales by category')}
          items={items.category}
          draw={(points, pick) => (
            <Bars points={points} label={t('Sales by category')} onPick={pick} />
          )}
        />
      ) : null}
      {items.product.length > 0 ? (
        <Panel title={t('Best sellers')}>
          <ItemTable items={items.product} quantity />
        </Panel>
      ) : null}
      {items.person.length > 1 ? (
        <Panel title={t('Sales by person')}>
          <ItemTable items={items.person} />
        </Panel>
      ) : null}
      {items.latest.length > 0 ? (
        <Panel title={t('Latest receipts')}>
          <ItemTable items={items.latest} />
        </Panel>
      ) : null}
      <LowStock />
    </div>
  );
}

function itemsOf(rows: Row[], side: string, span: Figure | undefined, store: string) {
  const all = (part: string, href: (row: Figure) => string | undefined, of?: string): Item[] =>
    partOf(rows, part, of).map((row) => ({
      row,
      label: row.label ?? slotName(row.key ?? ''),
      href: href(row),
    }));
  const lines = (column: string) => (row: Figure) =>
    linesLink(span, row.key ? [column, '=', row.key] : [column, 'is_null'], {
      store,
      past: Number(row.orders ?? 0) > 0,
    });
  return {
    time: all('time', (row) => salesLink(slotSpan(row, span), { store })),
    store: all('store', (row) => salesLink(row, { store: row.key }), side),
    category: all('category', lines('product_id.product_category_id')),
    product: all('product', lines('product_id')),
    person: all('person', (row) =>
      salesLink({ ...span!, orders: '0' }, { store, person: row.key }),
    ),
    latest: all('latest', (row) => `/pos/receipt/${row.key}`),
  };
}

/** The days of one column of a chart; an hour leads to its whole day. */
function slotSpan({ key }: Figure, span: Figure | undefined) {
  if (!key || !span?.from_on || !span.to_on) return undefined;
  const past =
    span.orders === span.receipts ? { orders: span.orders, receipts: span.receipts } : {};
  if (/^\d\d$/.test(key)) return span;
  if (key.length === 10) return { from_on: key, to_on: key, ...past };
  const [year, month] = key.split('-').map(Number);
  const end = new Date(Date.UTC(year!, month!, 0)).toISOString().slice(0, 10);
  return { from_on: `${key}-01`, to_on: [end, span.to_on].sort()[0]!, ...past };
}

function LowStock() {
  const { stores } = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const known = catalogue?.reports.some(({ name }) => name === 'low_stock') ?? false;
  const { data } = useQuery({
    queryKey: ['report', 'low_stock'],
    queryFn: () => api.report('low_stock'),
    enabled: known && stores.length > 0,
  });
  if (!data) return null;
  return (
    <Panel title={t('Low stock')}>
      <ReportTable report={data} most={6} none={t('Nothing runs low.')} />
      {data.rows.length > 6 ? (
        <p className="k-figure-note">
          <A href="/reports/low_stock">
            {t('{n, plural, one {# more} other {# more}}', { n: data.rows.length - 6 })}
          </A>
        </p>
      ) : null}
    </Panel>
  );
}
