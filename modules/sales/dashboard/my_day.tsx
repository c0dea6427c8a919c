import { A } from '../../../kernel/ui/base/address.tsx';
import { decimal, moment } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Failed, Waiting } from '../../../kernel/ui/base/states.tsx';
import { Columns } from '../../../kernel/ui/chart/charts.tsx';
import { useStore } from '../../../kernel/ui/shell/store_switch.tsx';
import { FigureGroup } from './figure_group.tsx';
import { partOf, salesLink } from './figures.ts';
import { ChartPanel, Panel, slotName } from './panels.tsx';
import { useFigures, useRefresh } from './use_figures.ts';
import { FiguresWaiting } from './waiting.tsx';

/** What one sold today, and one’s till: for who sells and doesn’t see a store’s figures. */
export function MyDay() {
  const me = useSignedIn();
  const [store] = useStore();
  useRefresh(false, me.stores[0]?.time_zone);
  const { data, error, refetch } = useFigures('my_day', store ? { store } : {});
  if (error && !data) return <Failed error={error} again={() => void refetch()} />;
  if (!data)
    return (
      <Waiting>
        <FiguresWaiting />
      </Waiting>
    );
  const [today] = partOf(data.rows, 'figure', 'today');
  const [yesterday] = partOf(data.rows, 'figure', 'yesterday');
  const href = salesLink(today, { store, person: me.user.id });
  return (
    <div className="k-page k-dashboard">
      <div className="k-head">
        <h1>{me.user.name}</h1>
        {may(me, 'pos.sell') ? (
          <A className="k-button-link" href="/till">
            {t('To the till')}
          </A>
        ) : null}
      </div>
      <div className="k-figures">
        <FigureGroup
          title={t('My day')}
          row={today}
          href={href}
          others={[yesterday && { row: yesterday, text: t('yesterday by this time') }]}
        />
      </div>
      <div className="k-panels">
        <ChartPanel
          title={t('My sales by hour')}
          items={partOf(data.rows, 'time').map((row) => ({
            row,
            label: slotName(row.key ?? ''),
            href,
          }))}
          draw={(points, pick) => (
            <Columns points={points} label={t('My sales by hour')} onPick={pick} />
          )}
        />
        <Tills tills={partOf(data.rows, 'till')} />
      </div>
    </div>
  );
}

function Tills({ tills }: { tills: ReturnType<typeof partOf> }) {
  return (
    <Panel title={t('Till')}>
      {tills.length === 0 ? (
        <p className="k-dim k-no-figures">{t('You have no till open today.')}</p>
      ) : (
        <ul className="k-links">
          {tills.map((till) => (
            <li key={till.key}>
              <A href={`/pos/till_session/${till.key}`}>
                {till.label}
                <small>
                  {till.state === 'open'
                    ? t('open since {time}', { time: moment(till.opened_at) })
                    : t('closed')}
                  {' · '}
                  {t('{n, plural, one {# receipt today} other {# receipts today}}', {
                    n: Number(decimal(till.receipts ?? 0)),
                  })}
                </small>
              </A>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
