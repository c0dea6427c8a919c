import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useAddress } from '../../../kernel/ui/base/address.tsx';
import { isoDay, period as written } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Failed, Waiting } from '../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { useStore } from '../../../kernel/ui/shell/store_switch.tsx';
import { FigureGroup } from './figure_group.tsx';
import { type Figure, partOf, salesLink } from './figures.ts';
import { FirstSteps } from './first_steps.tsx';
import { MyDay } from './my_day.tsx';
import { Periods } from './periods.tsx';
import { StorePanels } from './store_panels.tsx';
import { useFigures, useRefresh } from './use_figures.ts';
import { FiguresWaiting } from './waiting.tsx';

/** A store's or the company's figures for who may see them, one's own day for who only sells. */
export default function Dashboard() {
  const me = useSignedIn();
  return may(me, 'sales.see_figures') ? <StoreFigures /> : <MyDay />;
}

function StoreFigures() {
  const me = useSignedIn();
  const [address] = useAddress();
  const [store] = useStore();
  const zone = (me.stores.find(({ id }) => id === store) ?? me.stores[0])?.time_zone;
  const month = isoDay(new Date(me.now), zone).slice(0, 7);
  const asked = address.get('period') ?? 'month';
  const only: Record<string, string> = store ? { store } : {};
  const first = useFigures('dashboard_figures', { period: asked, ...only });
  const last = partOf(first.data?.rows, 'last')[0]?.to_on ?? null;
  // Where nothing was sold this month, the last one that has sales is shown and said so.
  const none = !address.get('period') && last !== null && last.slice(0, 7) < month;
  const period = none ? last.slice(0, 7) : asked;
  const then = useFigures('dashboard_figures', { period, ...only }, none);
  const { data, error, refetch } = none ? then : first;
  useRefresh(period === 'year', zone);
  if (error && !data) return <Failed error={error} again={() => void refetch()} />;
  if (!data)
    return (
      <Waiting>
        <FiguresWaiting />
      </Waiting>
    );
  const name = me.stores.find(({ id }) => id === store && me.stores.length > 1)?.name;
  return (
    <div className="k-page k-dashboard">
      <div className="k-head">
        <h1>{name ?? me.company.name}</h1>
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} stroke={1.6} />}
          onClick={() => window.print()}
        >
          {t('Print')}
        </Button>
      </div>
      <Periods period={period === month ? 'month' : period} month={month} />
      {error ? (
        <p className="k-hint">{t('These figures are older: the last ones could not be read.')}</p>
      ) : null}
      {none ? (
        <p className="k-hint">
          {t(
            'No sale this month yet. These are the figures of {month}, the last month with sales.',
            {
              month: written(period),
            },
          )}
        </p>
      ) : null}
      <Groups rows={data.rows} period={period} store={store} />
      {last === null ? (
        <FirstSteps />
      ) : (
        <StorePanels rows={data.rows} period={period} store={store} />
      )}
    </div>
  );
}

function Groups({ rows, period, store }: { rows: Row[]; period: string; store: string }) {
  const of = (side: string) => partOf(rows, 'figure', side)[0];
  const beside = (side: string, text?: string) => {
    const row = of(side);
    return row && (text ? { row, text } : { row });
  };
  const [today, now] = [of('today'), of('now')];
  const titles: Record<string, string> = {
    week: t('This week'),
    month: t('This month'),
    year: t('This year'),
  };
  return (
    <div className="k-figures">
      <FigureGroup
        title={t('Today')}
        row={today}
        href={salesLink(today, { store })}
        past={pastLink(today, store)}
        others={[
          beside('yesterday', t('yesterday by this time')),
          beside('today_last_year', t('a year ago by this time')),
        ]}
      />
      {now ? (
        <FigureGroup
          title={titles[period] ?? written(period)}
          row={now}
          href={salesLink(now, { store })}
          past={pastLink(now, store)}
          others={[beside('before'), beside('last_year')]}
        />
      ) : null}
    </div>
  );
}

/** The past orders of a time in which there were receipts, too. */
function pastLink(row: Figure | undefined, store: string): string | undefined {
  const orders = Number(row?.orders ?? 0);
  if (!row || orders === 0 || row.orders === row.receipts) return undefined;
  return salesLink({ ...row, receipts: row.orders }, { store });
}
