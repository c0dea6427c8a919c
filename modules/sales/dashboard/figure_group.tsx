import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import { A } from '../../../kernel/ui/base/address.tsx';
import { dayRange, decimal, money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { average, changeOf, type Figure } from './figures.ts';

export type Compared = { row: Figure; text?: string };

type Props = {
  title: string;
  row: Figure | undefined;
  others: (Compared | undefined)[];
  href: string | undefined;
  /** Beside `href`, for what is not in that list. */
  past?: string | undefined;
};

/** Sales, receipts and the average one of some days, each beside what it is compared with. */
export function FigureGroup({ title, row, others, href, past }: Props) {
  const { company } = useSignedIn();
  const compared = others.filter((one) => one !== undefined);
  const inMoney = (value: unknown) => money(value ?? 0, company.decimals);
  const shown = [
    {
      label: t('Sales without tax'),
      of: (one?: Figure) => one?.net_amount,
      write: inMoney,
      unit: company.currency,
    },
    {
      label: t('Number of sales'),
      of: (one?: Figure) => one?.receipts,
      write: (value: unknown) => decimal(value ?? 0),
    },
    {
      label: t('Average sale'),
      of: average,
      // Of no receipts there is none: 0.00 would be an average of something.
      write: (value: unknown) => (value === null ? '–' : inMoney(value)),
      unit: average(row) === null ? undefined : company.currency,
    },
  ];
  const unknown = Number(row?.unknown ?? 0);
  return (
    <section className="k-figure-group" aria-label={title}>
      <h2>
        {title}{' '}
        {row?.from_on && row.to_on ? <small>{dayRange(row.from_on, row.to_on)}</small> : null}
      </h2>
      <dl>
        {shown.map(({ label, of, write, unit }, place) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <b>
                {href ? <A href={href}>{write(of(row))}</A> : write(of(row))}
                {unit ? <small> {unit}</small> : null}
              </b>
              {compared.map((other) => (
                <Change
                  key={other.row.side}
                  now={of(row)}
                  before={of(other.row)}
                  other={other}
                  first={place === 0}
                  write={write}
                />
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {unknown > 0 || past ? (
        <p className="k-dim k-figure-note">
          {past ? (
            <A href={past}>
              {t('With {n, plural, one {# past order} other {# past orders}}', {
                n: Number(row?.orders),
              })}
            </A>
          ) : null}
          {past && unknown > 0 ? ' · ' : null}
          {unknown > 0
            ? t(
                '{n, plural, one {# order of unknown total is not in the sum} other {# orders of unknown total are not in the sum}}',
                { n: unknown },
              )
            : null}
        </p>
      ) : null}
    </section>
  );
}

type ChangeProps = {
  now: unknown;
  before: unknown;
  other: Compared;
  /** That there is nothing to compare is said once. */
  first: boolean;
  write: (value: unknown) => string;
};

function Change({ now, before, other, first, write }: ChangeProps) {
  const share = now === null ? undefined : changeOf(now, before);
  const { from_on, to_on } = other.row;
  // A minus stays before its figure, also from right to left.
  const n = `\u200e${decimal(share ?? 0)}`;
  const days = other.text ?? (from_on && to_on ? dayRange(from_on, to_on) : '');
  if (share === undefined && !first) return null;
  if (share === undefined)
    return <span className="k-change">{t('Nothing to compare with {days}', { days })}</span>;
  const Arrow = share > 0 ? IconArrowUpRight : share < 0 ? IconArrowDownRight : IconMinus;
  return (
    <span className="k-change" data-sign={Math.sign(share)}>
      <Arrow size={14} stroke={2} aria-hidden />
      <span>{t('{n} % from {before}, {days}', { n, before: write(before), days })}</span>
    </span>
  );
}
