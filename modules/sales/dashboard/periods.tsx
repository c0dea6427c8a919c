import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { A } from '../../../kernel/ui/base/address.tsx';
import { period as written } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { shifted } from './figures.ts';

/** Today, this week, this month, this year, or any month before: each with its own address. */
export function Periods({ period, month }: { period: string; month: string }) {
  const named = [
    ['today', t('Today')],
    ['week', t('This week')],
    ['month', t('This month')],
    ['year', t('This year')],
  ] as const;
  const looked = /^\d{4}-\d\d$/.test(period) ? period : undefined;
  const [before, next] = [shifted(looked ?? month, -1), shifted(looked ?? month, 1)];
  return (
    <nav className="k-months" aria-label={t('Period')}>
      {named.map(([name, label]) => (
        <A key={name} href={`/?period=${name}`} aria-current={name === period ? 'page' : undefined}>
          {label}
        </A>
      ))}
      <span className="k-month-steps">
        <A href={`/?period=${before}`} aria-label={written(before)} title={written(before)}>
          <IconChevronLeft size={16} stroke={1.8} aria-hidden className="k-turn" />
          {looked ? null : written(before)}
        </A>
        {looked ? (
          <A href={`/?period=${looked}`} aria-current="page">
            {written(looked)}
          </A>
        ) : null}
        {looked ? (
          <A
            href={next >= month ? '/?period=month' : `/?period=${next}`}
            aria-label={written(next)}
            title={written(next)}
          >
            <IconChevronRight size={16} stroke={1.8} aria-hidden className="k-turn" />
          </A>
        ) : null}
      </span>
    </nav>
  );
}
