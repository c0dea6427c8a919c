import { Button, TextInput } from '@mantine/core';
import { IconTrash, IconUser } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { fractionToPercent, money, percent, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { isQuantity, type SaleState } from './sale.ts';

type Props = SaleState & {
  open: (what: 'customer' | 'discount' | 'cash' | 'card') => void;
  toFinder: () => void;
};

/** What the customer buys, what it costs, and how it is paid. */
export function SalePane({ sale, amounts, act, open, toFinder }: Props) {
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
          <Line
            key={line.key}
            line={line}
            active={at === sale.active}
            amount={lineAmount(amounts.lines[at])}
            at={at}
            act={act}
            toFinder={toFinder}
          />
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

type LineProps = Pick<Props, 'act' | 'toFinder'> & {
  line: SaleState['sale']['lines'][number];
  active: boolean;
  amount: string;
  at: number;
};

function Line({ line, active, amount, at, act, toFinder }: LineProps) {
  const { company } = useSignedIn();
  const { name, unit_price } = line.product;
  return (
    <div className="till-line" data-active={active || undefined}>
      <TextInput
        size="xs"
        className="till-quantity"
        aria-label={t('Quantity of {name}', { name })}
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
      <button type="button" className="till-line-name" onClick={() => act({ do: 'activate', at })}>
        <span dir="auto">{name}</span>
        <small>
          {money(unit_price, company.decimals)}
          {line.discount_fraction === '0' ? null : ` \u2212 ${percent(line.discount_fraction)}`}
        </small>
      </button>
      <span className="k-num till-line-amount">{money(amount, company.decimals)}</span>
      <button
        type="button"
        className="k-clear"
        aria-label={t('Remove {name}', { name })}
        onClick={() => {
          act({ do: 'remove', at });
          toFinder();
        }}
      >
        <IconTrash size={15} stroke={1.6} />
      </button>
    </div>
  );
}

// As the price list says it, so that lines and the tax below them make the total.
const lineAmount = (line: { base_amount: string } | undefined) => line?.base_amount ?? '0';

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
