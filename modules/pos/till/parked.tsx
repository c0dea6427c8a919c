import { Modal } from '@mantine/core';
import { useCallback, useState } from 'react';
import { moment } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { kept } from './kept.ts';
import type { Sale, SaleState } from './sale.ts';

type Parked = { till_id: string; parked_at: string; sale: Sale };

/** Sales that wait while others are served: in this browser, for the till they were begun at. */
export function useParked(till: string, { sale, act }: SaleState) {
  const [all, setAll] = useState(() => kept.parked<Parked>());
  const keep = useCallback((next: Parked[]) => {
    kept.keepParked(next);
    setAll(next);
  }, []);
  const park = () => {
    keep([...all, { till_id: till, parked_at: new Date().toISOString(), sale }]);
    act({ do: 'clear' });
  };
  const recall = (one: Parked) => {
    keep(all.filter((other) => other !== one));
    act({ do: 'recall', sale: one.sale });
  };
  return { parked: all.filter((one) => one.till_id === till), park, recall };
}

type Props = { parked: Parked[]; recall: (one: Parked) => void; close: () => void };

/** The sales that wait; the one that is picked goes on. */
export function ParkedDialog({ parked, recall, close }: Props) {
  return (
    <Modal opened onClose={close} title={t('Parked sales')} size={560}>
      {parked.length === 0 ? (
        <p className="k-dim">
          {t(
            'No sale is parked. F10 parks the current one, so that you can serve another customer.',
          )}
        </p>
      ) : null}
      <div className="till-receipts">
        {parked.map((one, at) => (
          <button
            type="button"
            key={one.parked_at}
            data-autofocus={at === 0 || undefined}
            onClick={() => {
              recall(one);
              close();
            }}
          >
            <b>{one.sale.party?.name ?? t('No customer')}</b>
            <span>{namesOf(one.sale)}</span>
            <small>{moment(one.parked_at)}</small>
          </button>
        ))}
      </div>
    </Modal>
  );
}

const namesOf = ({ lines }: Sale) =>
  lines.map(({ quantity, product }) => `${quantity} × ${product.name}`).join(', ');
