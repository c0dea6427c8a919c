import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useRef } from 'react';
import { A, useAddress } from '../../../../kernel/ui/address.tsx';
import { ApiProblem, api } from '../../../../kernel/ui/api.ts';
import { Bars, Columns, pointsOf } from '../../../../kernel/ui/charts.tsx';
import { useNotice } from '../../../../kernel/ui/connection.tsx';
import { decimal, isoDay, money, period } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { ReportTable } from '../../../../kernel/ui/report_table.tsx';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { Failed, Waiting } from '../../../../kernel/ui/states.tsx';
import type { Report } from '../../../../kernel/ui/types.ts';

const matters = [
  'pos.receipt',
  'sales.sales_order',
  'inventory.stock_level',
  'inventory.stock_move',
];

export default function Dashboard() {
  const me = useSignedIn();
  const [address, change] = useAddress();
  const today = isoDay(new Date(me.now), me.stores[0]?.time_zone);
  const day = useFigures(today, today);
  const thisMonth = useFigures(firstOf(today), today);
  useRefresh();
  if (thisMonth.error)
    return <Failed error={thisMonth.error} again={() => void thisMonth.refetch()} />;
  if (!thisMonth.data) return <Waiting rows={6} />;
  const last = lastSale(thisMonth.data);
  const none = last && last < firstOf(today);
  const month = address.get('month') ?? (none ? last.slice(0, 7) : today.slice(0, 7));
  const current = month === today.slice(0, 7);
  const from = `${month}-01`;
  const to = current ? today : lastOf(month);
  return (
    <div className="k-page k-dashboard">
      <div className="k-head">
        <h1>{me.company.name}</h1>
        <div className="k-months">
          <button type="button" onClick={() => change({ month: shifted(month, -1) })}>
            {period(shifted(month, -1))}
          </button>
          <b>{period(month)}</b>
          {current ? null : (
            <button type="button" onClick={() => change({ month: shifted(month, 1) })}>
              {period(shifted(month, 1))}
            </button>
          )}
        </div>
      </div>
      {none && !address.get('month') ? (
        <p className="k-hint">
          {t(
            'No sale this month yet. These are the figures of {month}, the last month with sales.',
            {
              month: period(month),
            },
          )}
        </p>
      ) : null}
      <div className="k-figures">
        {current ? <Figures title={t('Today')} report={day.data} /> : null}
        <MonthFigures title={current ? t('This month') : period(month)} from={from} to={to} />
      </div>
      <Charts month={month} from={from} to={to} />
    </div>
  );
}

function Charts({ month, from, to }: { month: string; from: string; to: string }) {
  const { company } = useSignedIn();
  const year = `${shifted(month, -11)}-01`;
  return (
    <div className="k-panels">
      <Panel name="sales_by_day" from={from} to={to} title={t('Sales by day')} wide>
        {(report) => (
          <Columns points={pointsOf(report, company.decimals)} label={t('Sales by day')} />
        )}
      </Panel>
      <Panel name="sales_by_month" from={year} to={to} title={t('Sales by month')} wide>
        {(report) => (
          <Columns
            points={pointsOf(report, company.decimals)}
            label={t('Sales by month')}
            mark={month}
          />
        )}
      </Panel>
      <Panel name="sales_by_store" from={from} to={to} title={t('Sales by store')}>
        {(report) => (
          <Bars points={pointsOf(report, company.decimals)} label={t('Sales by store')} />
        )}
      </Panel>
      <Panel name="sales_by_category" from={from} to={to} title={t('Sales by category')}>
        {(report) => (
          <Bars points={pointsOf(report, company.decimals)} label={t('Sales by category')} />
        )}
      </Panel>
      <Panel name="best_sellers" from={from} to={to} title={t('Best sellers')}>
        {(report) => <ReportTable report={report} most={8} />}
      </Panel>
      <Panel name="low_stock" from={from} to={to} title={t('Low stock')}>
        {(report) => <ReportTable report={report} most={8} none={t('Nothing runs low.')} />}
      </Panel>
    </div>
  );
}

function useFigures(from: string, to: string) {
  return useQuery({
    queryKey: ['report', 'dashboard_figures', from, to],
    queryFn: () => api.report('dashboard_figures', { from, to }),
    placeholderData: (last: Report | undefined) => last,
  });
}

/** Asks for the figures again a moment after the server tells of a sale. */
function useRefresh() {
  const client = useQueryClient();
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const refresh = useCallback(() => {
    due.current ??= setTimeout(() => {
      due.current = undefined;
      void client.invalidateQueries({ queryKey: ['report'] });
    }, 300);
  }, [client]);
  useNotice(matters, refresh);
}

function MonthFigures({ title, from, to }: { title: string; from: string; to: string }) {
  const { data } = useFigures(from, to);
  return <Figures title={title} report={data} />;
}

function Figures({ title, report }: { title: string; report?: Report }) {
  const rows = (report?.rows ?? []).filter(({ name }) => name !== 'last_sale_on');
  return (
    <section className="k-figure-group" aria-label={title}>
      <h2>{title}</h2>
      <dl>
        {rows.map((row) => (
          <div key={String(row.name)}>
            <dt>{String(row.label ?? figureName(String(row.name)))}</dt>
            <dd>
              <Value name={String(row.name)} value={row.value} />
              <Change now={row.value} before={row.previous} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const isMoney = (name: string) => /amount|sales|average|margin|value|profit/.test(name);

function Value({ name, value }: { name: string; value: unknown }) {
  const { company } = useSignedIn();
  if (!isMoney(name)) return <b>{decimal(value ?? 0)}</b>;
  return (
    <b>
      {money(value ?? 0, company.decimals)} <small>{company.currency}</small>
    </b>
  );
}

function Change({ now, before }: { now: unknown; before: unknown }) {
  const last = Number(before ?? 0);
  if (before === null || before === undefined || last === 0) return null;
  const share = Math.round(((Number(now ?? 0) - last) / Math.abs(last)) * 100);
  const Arrow = share > 0 ? IconArrowUpRight : share < 0 ? IconArrowDownRight : IconMinus;
  return (
    <span className="k-change" data-sign={Math.sign(share)}>
      <Arrow size={14} stroke={2} aria-hidden />
      {t('{n} % against before', { n: decimal(share) })}
    </span>
  );
}

function figureName(name: string): string {
  const known: Record<string, string> = {
    sales: t('Sales'),
    gross_amount: t('Sales'),
    net_amount: t('Sales without tax'),
    receipts: t('Receipts'),
    average_receipt: t('Average receipt'),
    average_amount: t('Average receipt'),
    items: t('Items sold'),
    quantity: t('Items sold'),
    customers: t('Customers'),
    orders: t('Orders'),
  };
  return known[name] ?? name.replaceAll('_', ' ');
}

type PanelProps = {
  name: string;
  from: string;
  to: string;
  title: string;
  wide?: boolean;
  children: (report: Report) => ReactNode;
};

function Panel({ name, from, to, title, wide, children }: PanelProps) {
  const { data, error } = useQuery({
    queryKey: ['report', name, from, to],
    queryFn: () => api.report(name, { from, to }),
    placeholderData: (last: Report | undefined) => last,
  });
  // What a role may not see is absent, without a word.
  if (error instanceof ApiProblem && [403, 404].includes(error.status)) return null;
  return (
    <section className={wide ? 'k-panel k-panel-wide' : 'k-panel'} aria-label={title}>
      <h2>
        <A href={`/reports/${name}?from=${from}&to=${to}`}>{title}</A>
      </h2>
      {error ? <p className="k-dim">{error.message}</p> : null}
      {data ? children(data) : error ? null : <Waiting rows={4} />}
    </section>
  );
}

function lastSale(report: Report): string | null {
  const row = report.rows.find(({ name }) => name === 'last_sale_on');
  const value = report.last_sale_on ?? (row?.value as string | null | undefined);
  return value ? String(value).slice(0, 10) : null;
}

const firstOf = (day: string) => `${day.slice(0, 7)}-01`;

function lastOf(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number!, 0)).toISOString().slice(0, 10);
}

function shifted(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number! - 1 + by, 1)).toISOString().slice(0, 7);
}
