import './paper.css';
import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { decimal, moment, money, percent } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { words } from '../../../kernel/ui/field/cell.tsx';
import { useAppearance } from '../../../kernel/ui/shell/appearance.ts';
import type { OnPaper, Slip } from './slip.ts';

/** A receipt as it lies on the 80 mm roll; the same on the screen as its template prints it. */
export function Paper({ slip: { title, paper } }: { slip: Slip }) {
  const amount = (value: string) => money(value, paper.decimals);
  // What is taken back had its discount, which is taken back, too.
  const less = (value: string) =>
    value.startsWith('-') ? `+ ${amount(value.slice(1))}` : `\u2212 ${amount(value)}`;
  return (
    <div className="till-paper">
      <Head paper={paper} />
      <table>
        <caption className="k-hidden">{title}</caption>
        <tbody>
          {paper.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what a receipt holds is known by its place.
            <tr key={at}>
              <td>
                <bdi>{line.name}</bdi>
                <small>
                  <bdi dir="ltr">
                    {decimal(line.quantity)} × {amount(line.unit_price)}
                    {line.discount_amount ? ` ${less(line.discount_amount)}` : ''}
                  </bdi>
                </small>
              </td>
              <td className="k-num">{amount(line.line_amount)}</td>
            </tr>
          ))}
        </tbody>
        <Sums paper={paper} />
      </table>
    </div>
  );
}

function Head({ paper }: { paper: OnPaper }) {
  const { logo } = useAppearance();
  const { store } = paper;
  const place = [store.city, store.region, store.postal_code].filter(Boolean).join(', ');
  const contact = [store.phone, store.email].filter(Boolean).join(' · ');
  const titles: Record<string, string> = { void: t('Void receipt'), return: t('Return') };
  const facts: [string, ReactNode][] = [
    [t('Number'), <bdi key="number">{paper.number}</bdi>],
    [t('Time'), <bdi key="time">{moment(paper.happened_at, paper.time_zone)}</bdi>],
  ];
  const add = (label: string, value: string | null | undefined) =>
    value ? facts.push([label, <bdi key={label}>{value}</bdi>]) : 0;
  add(t('Cashier'), paper.cashier);
  add(t('Customer'), paper.customer?.name);
  add(paper.kind === 'void' ? t('Voids') : t('Takes back from'), paper.reverses);
  add(t('Taken back by'), paper.reversed_by.join(', '));
  add(t('Reason'), paper.reason);
  return (
    <>
      <div className="till-paper-head">
        {logo ? <img src={logo} alt="" /> : null}
        <b>{paper.company}</b>
        {[store.name, store.street, place].filter(Boolean).map((line) => (
          <bdi key={line}>{line}</bdi>
        ))}
        {contact ? <bdi dir="ltr">{contact}</bdi> : null}
        {paper.tax_numbers.map((number) => (
          <span key={number}>
            {t('Tax number')} <bdi dir="ltr">{number}</bdi>
          </span>
        ))}
        {titles[paper.kind] ? <b className="till-paper-kind">{titles[paper.kind]}</b> : null}
      </div>
      <dl className="till-paper-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Sums({ paper }: { paper: OnPaper }) {
  const amount = (value: string) => money(value, paper.decimals);
  return (
    <tfoot>
      <Sum label={t('Net')} value={amount(paper.net_amount)} />
      {paper.taxes.map((tax) => (
        <Sum
          key={`${tax.name} ${tax.tax_fraction}`}
          label={
            <>
              <bdi>{tax.name}</bdi> <bdi dir="ltr">{percent(tax.tax_fraction)}</bdi>{' '}
              <i>{t('on {amount}', { amount: amount(tax.base_amount) })}</i>
            </>
          }
          value={amount(tax.tax_amount)}
        />
      ))}
      {paper.taxes.length === 1 ? null : <Sum label={t('Tax')} value={amount(paper.tax_amount)} />}
      <Sum label={`${t('Total')} ${paper.currency}`} value={amount(paper.gross_amount)} strong />
      {paper.price_includes_tax ? (
        <tr>
          <td colSpan={2}>
            <i>{t('Prices include tax')}</i>
          </td>
        </tr>
      ) : null}
      {paper.payments.map((payment, at) => (
        <Sum
          // biome-ignore lint/suspicious/noArrayIndexKey: what a receipt holds is known by its place.
          key={at}
          label={
            <>
              {words(payment.method)} <i dir="ltr">{payment.approval_code}</i>
            </>
          }
          value={amount(payment.paid_amount)}
        />
      ))}
      {paper.change_amount ? (
        <Sum label={t('Change due')} value={amount(paper.change_amount)} strong />
      ) : null}
    </tfoot>
  );
}

function Sum({ label, value, strong }: { label: ReactNode; value: string; strong?: boolean }) {
  return (
    <tr className={strong ? 'till-paper-total' : undefined}>
      <td>{label}</td>
      <td className="k-num">{value}</td>
    </tr>
  );
}

export function PrintButton({ slip }: { slip: Slip }) {
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPrinter size={16} stroke={1.6} />}
        onClick={() => window.print()}
      >
        {t('Print')}
      </Button>
      {createPortal(
        <div className="k-print-only">
          <Paper slip={slip} />
        </div>,
        document.body,
      )}
    </>
  );
}
