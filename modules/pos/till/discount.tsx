import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { percentToFraction, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { SaleState } from './sale.ts';

type Props = Pick<SaleState, 'sale' | 'act'> & { close: () => void };
type On = 'line' | 'sale' | 'amount';

/** A discount on the chosen line or on the whole sale, in per cent or as an amount. */
export function DiscountDialog({ sale, act, close }: Props) {
  const { company } = useSignedIn();
  const [on, setOn] = useState<On>('line');
  const [text, setText] = useState('');
  const line = sale.lines[sale.active] ?? sale.lines.at(-1);
  const at = line ? sale.lines.indexOf(line) : -1;
  const plain = plainNumber(text) || '0';
  const number = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  const fine = number >= 0 && (on === 'amount' || number <= 100);
  const give = (event: FormEvent) => {
    event.preventDefault();
    if (!fine) return;
    const fraction = percentToFraction(plain);
    if (on === 'line') act({ do: 'line_discount', at, fraction });
    else if (number === 0) act({ do: 'sale_discount', discount: null });
    else act({ do: 'sale_discount', discount: on === 'sale' ? { fraction } : { amount: plain } });
    close();
  };
  return (
    <Modal opened onClose={close} title={t('Discount')} size={420}>
      <form className="k-stack" onSubmit={give}>
        <SegmentedControl
          fullWidth
          value={on}
          onChange={(next) => setOn(next as On)}
          data={[
            { value: 'line', label: t('Line, %') },
            { value: 'sale', label: t('Whole sale, %') },
            { value: 'amount', label: t('Whole sale, amount') },
          ]}
        />
        {on === 'line' ? <p className="k-dim">{line?.product.name}</p> : null}
        <TextInput
          key={on}
          autoFocus
          label={on === 'amount' ? t('Amount') : t('Per cent')}
          size="lg"
          data-autofocus
          className="k-number-field"
          inputMode="decimal"
          placeholder="0"
          rightSection={on === 'amount' ? company.currency : '%'}
          rightSectionWidth={60}
          value={text}
          error={fine ? undefined : t('A number from 0 to 100.')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit">{t('Give the discount')}</Button>
        </div>
      </form>
    </Modal>
  );
}
