import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useTable } from '../../../kernel/ui/base/session.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { LookUp } from '../../../kernel/ui/field/look_up.tsx';
import { unlessUnder } from '../../../kernel/ui/shell/on_top.ts';
import { NewCustomer } from './new_customer.tsx';
import type { SaleState } from './sale.ts';

/** Who buys: found by name, number or phone, or made from what was typed. */
export function CustomerDialog({ sale, close }: { sale: SaleState; close: () => void }) {
  const { party } = sale.sale;
  const { table } = useTable('master.party');
  const [making, setMaking] = useState(false);
  const take = (id: string | null, row: Row | null) => {
    const number = row?.number ? String(row.number) : '';
    const name = String(row?.name ?? number);
    sale.act({ do: 'party', party: id ? { id, name, number } : null });
    if (id) close();
  };
  return (
    <Modal opened onClose={unlessUnder(close)} title={t('Customer')} size={440}>
      <div className="k-stack">
        <LookUp
          table="master.party"
          aria-label={t('Customer')}
          placeholder={t('Name, number, phone …')}
          autoFocus
          value={party?.id ?? null}
          shown={party?.name}
          filter={[['is_customer', '=', true]]}
          creates
          createWith={NewCustomer}
          onChange={take}
        />
        <div className="k-actions">
          {table?.may.create ? (
            <Button variant="subtle" color="gray" onClick={() => setMaking(true)}>
              {t('New customer')}
            </Button>
          ) : null}
          <Button
            variant="default"
            onClick={() => {
              take(null, null);
              close();
            }}
          >
            {t('Without customer')}
          </Button>
        </div>
      </div>
      {making ? <NewCustomer name="" close={() => setMaking(false)} made={take} /> : null}
    </Modal>
  );
}
