import { Button, TextInput } from '@mantine/core';
import { IconTrash, IconUser } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { fractionToPercent, money, percent, plainNumber } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { isQuantity, type SaleState } from './sale.ts';

type Props = SaleState & {
  open: (what: 'customer' | 'discount' | 'cash' | 'card') => void;
  toFinder: () => void;
};

/** What the customer buys, what it costs, and how it is paid. */
export function SalePane({ sale, amounts, act, open, toFinder }: Props) {
  const { company } = useSignedIn();
  const lines = useRef<HTMLDivElement>(null);
  const ready = sale.lines.length > 0 && sale.lines.every(({ quantity }) => isQuantity(quantity));
  useEffect(() => {
    if (sale.active >= 0)
      lines.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [sale.active]);
  return (
    <section className="till-sale" aria-label={t('Sale')}>
      <button type="button" className="till-customer" onClick={() => open('customer')}>
        <IconUser size={16} stroke={1.6} />
        <span>{sale.party ? sale.party.name : t('No customer')}</span>
        <kbd>F4</kbd>
      </button>
      <div className="till-lines" ref={lines}>
        {sale.lines.length === 0 ? (
          <p className="till-none">{t('Scan the first thing, or search for it.')}</p>
        ) : null}
        {sale.lines.map((line, at) => (
          <div
            key={line.key}
            className="till-line"
            data-active={at === sale.active || undefined}
            role="group"
            aria-label={line.product.name}
          >
            <TextInput
              size="xs"
              className="till-quantity"
              aria-label={t('Quantity of {name}', { name: line.product.name })}
              inputMode="decimal"
              value={line.quantity}
              error={!isQuantity(line.quantity)}
              onFocus={(event) => {
                act({ do: 'activate', at });
                event.currentTarget.select();
              }}
              onChange={(event) =>
                act({ do: 'quantity', at, quantity: plainNumber(event.currentTarget.value) })
              }
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === 'Escape') toFinder();
              }}
            />
            <button
              type="button"
              className="till-line-name"
              onClick={() => act({ do: 'activate', at })}
            >
              <span>{line.product.name}</span>
              <small>
                {money(line.product.unit_price, company.decimals)}
                {line.discount_fraction === '0'
                  ? null
                  : ` \u2212 ${percent(line.discount_fraction)}`}
              </small>
            </button>
            <span className="k-num till-line-amount">
              {money(lineAmount(amounts.lines[at]), company.decimals)}
            </span>
            <button
              type="button"
              className="k-clear"
              aria-label={t('Remove {name}', { name: line.product.name })}
              onClick={() => {
                act({ do: 'remove', at });
                toFinder();
              }}
            >
              <IconTrash size={15} stroke={1.6} />
            </button>
          </div>
        ))}
      </div>
      <Totals sale={sale} amounts={amounts} />
      <div className="till-pay">
        <Button variant="default" size="md" disabled={!ready} onClick={() => open('discount')}>
          {t('Discount')} <kbd>F6</kbd>
        </Button>
        <Button size="md" disabled={!ready} onClick={() => open('cash')}>
          {t('Cash')} <kbd>F8</kbd>
        </Button>
        <Button size="md" disabled={!ready} onClick={() => open('card')}>
          {t('Card')} <kbd>F9</kbd>
        </Button>
      </div>
    </section>
  );
}

// The share of the sale's own discount is shown once, below; a line shows what is its own.
const lineAmount = (line: { gross_amount: string } | undefined) => line?.gross_amount ?? '0';

function Totals({ sale, amounts }: Pick<SaleState, 'sale' | 'amounts'>) {
  const { company } = useSignedIn();
  const text = (amount: string) => money(amount, company.decimals);
  const fraction = sale.discount && 'fraction' in sale.discount ? sale.discount.fraction : null;
  const none = Number(amounts.discount_amount) === 0;
  return (
    <div className="till-totals">
      {none ? null : (
        <div>
          <span>
            {fraction
              ? t('Discounts, {n} % on all', { n: fractionToPercent(fraction) })
              : t('Discounts')}
          </span>
          <span className="k-num">{`\u2212${text(amounts.discount_amount)}`}</span>
        </div>
      )}
      <div>
        <span>{t('Tax')}</span>
        <span className="k-num">{text(amounts.tax_amount)}</span>
      </div>
      <div className="till-total">
        <span>{t('Total')}</span>
        <output className="k-num" aria-live="polite">
          {text(amounts.gross_amount)} <small>{company.currency}</small>
        </output>
      </div>
    </div>
  );
}
