import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { createPortal } from 'react-dom';
import { words } from '../../../../kernel/ui/cell.tsx';
import { decimal, moment, money } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import type { Slip } from './slip.ts';

/** A receipt as it lies on the 80 mm roll; the same on the screen. */
export function Paper({ slip }: { slip: Slip }) {
  const { company } = useSignedIn();
  const amount = (value: string) => money(value, company.decimals);
  // What is taken back had its discount, which is taken back, too.
  const less = (value: string) =>
    value.startsWith('-') ? `+ ${amount(value.slice(1))}` : `\u2212 ${amount(value)}`;
  return (
    <div className="till-paper">
      <div className="till-paper-head">
        <b>{company.name}</b>
        <span>{slip.store}</span>
        <bdi>{slip.title}</bdi>
        {slip.about ? <b>{slip.about}</b> : null}
        <bdi>{moment(slip.happened_at)}</bdi>
        {slip.party ? <span>{slip.party}</span> : null}
      </div>
      <table>
        <caption className="k-hidden">{slip.title}</caption>
        <tbody>
          {slip.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what a receipt holds is known by its place.
            <tr key={at}>
              <td>
                <bdi>{line.name}</bdi>
                <small>
                  <bdi dir="ltr">
                    {decimal(line.quantity)} × {amount(line.unit_price)}
                    {Number(line.discount) ? ` ${less(line.discount)}` : ''}
                  </bdi>
                </small>
              </td>
              <td className="k-num">{amount(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum label={t('Net')} value={amount(slip.net_amount)} />
          <Sum label={t('Tax')} value={amount(slip.tax_amount)} />
          <Sum
            label={`${t('Total')} ${company.currency}`}
            value={amount(slip.gross_amount)}
            strong
          />
          {slip.payments.map((payment, at) => (
            <Sum
              // biome-ignore lint/suspicious/noArrayIndexKey: what a receipt holds is known by its place.
              key={at}
              label={words(payment.method)}
              value={amount(payment.tendered ?? payment.amount)}
            />
          ))}
          {slip.change ? <Sum label={t('Change')} value={amount(slip.change)} /> : null}
        </tfoot>
      </table>
    </div>
  );
}

function Sum({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
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
