import { ActionIcon, Button, Modal } from '@mantine/core';
import { IconCoins, IconReceipt } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { A } from '../../../../kernel/ui/address.tsx';
import { useReached } from '../../../../kernel/ui/connection.tsx';
import { t } from '../../../../kernel/ui/i18n.ts';
import { LookUp } from '../../../../kernel/ui/look_up.tsx';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { ApprovalDialog } from './approval.tsx';
import type { ClaimState } from './claim.ts';
import { DiscountDialog } from './discount.tsx';
import { DrawerDialog } from './drawer.tsx';
import { Finder } from './finder.tsx';
import { useFinish } from './finish.ts';
import type { Claim, Unsent } from './kept.ts';
import { DoneDialog } from './paper.tsx';
import { PaymentDialog } from './payment.tsx';
import { ReceiptsDialog } from './receipts.tsx';
import { useUnsent } from './ring_up.ts';
import { useSale } from './sale.ts';
import { SalePane } from './sale_pane.tsx';

type Open = '' | 'customer' | 'discount' | 'cash' | 'card' | 'receipts' | 'drawer';

/** The counter: finder and sale side by side, everything reachable by keys. */
export function Counter({ state, claim }: { state: ClaimState; claim: Claim }) {
  const { company } = useSignedIn();
  const sale = useSale(company.decimals, claim.price_includes_tax);
  const box = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<Open>('');
  const [said, setSaid] = useState('');
  const unsent = useUnsent();
  const toFinder = useCallback(() => setTimeout(() => box.current?.focus(), 0), []);
  const close = useCallback(() => {
    setOpen('');
    toFinder();
  }, [toFinder]);
  const finish = useFinish({ state, claim, sale, close, look: unsent.look });
  const busyDialog = Boolean(open || finish.slip || finish.ask);
  const payable = sale.sale.lines.length > 0;
  useKeys({ payable, busy: busyDialog, open: setOpen, toFinder, sale });
  return (
    <div className="till">
      <div className="till-bar">
        <h1>
          {claim.till_name}
          <Light unsent={unsent.unsent} sendNow={unsent.sendNow} />
        </h1>
        <span className="till-said" role="status">
          {said}
        </span>
        <ActionIcon
          size={34}
          aria-label={t('Receipts')}
          title={t('Receipts (F3)')}
          onClick={() => setOpen('receipts')}
        >
          <IconReceipt size={20} stroke={1.6} />
        </ActionIcon>
        <ActionIcon
          size={34}
          aria-label={t('Drawer')}
          title={t('Drawer (F7)')}
          onClick={() => setOpen('drawer')}
        >
          <IconCoins size={20} stroke={1.6} />
        </ActionIcon>
      </div>
      <div className="till-panes">
        <Finder store={claim.store_id} act={sale.act} box={box} say={setSaid} />
        <SalePane {...sale} open={setOpen} toFinder={toFinder} />
      </div>
      <Keys />
      {open === 'customer' ? <CustomerDialog sale={sale} close={close} /> : null}
      {open === 'discount' ? <DiscountDialog {...sale} close={close} /> : null}
      {(open === 'cash' || open === 'card') && !finish.slip ? (
        <PaymentDialog
          method={open}
          total={sale.amounts.gross_amount}
          problem={finish.problem}
          busy={finish.busy}
          close={close}
          pay={(payments) => void finish.ringUp(payments)}
        />
      ) : null}
      {open === 'receipts' ? (
        <ReceiptsDialog
          claim={claim}
          problem={finish.problem}
          busy={finish.busy}
          close={close}
          undo={(undo) => void finish.undo(undo)}
        />
      ) : null}
      {open === 'drawer' ? (
        <DrawerDialog
          claim={claim}
          unsent={unsent.unsent.length}
          close={close}
          closed={() => state.change({ till_session_id: null })}
          say={setSaid}
        />
      ) : null}
      {finish.slip ? (
        <DoneDialog
          slip={finish.slip}
          note={
            finish.later ? (
              <p className="k-warning">
                {t('The server is not reached: the receipt stands and is sent later.')}
              </p>
            ) : null
          }
          close={() => {
            finish.clear();
            close();
          }}
        />
      ) : null}
      {finish.ask ? (
        <ApprovalDialog ask={finish.ask} close={finish.giveUp} approved={finish.approved} />
      ) : null}
    </div>
  );
}

type SaleAll = ReturnType<typeof useSale>;

function CustomerDialog({ sale, close }: { sale: SaleAll; close: () => void }) {
  const { party } = sale.sale;
  return (
    <Modal opened onClose={close} title={t('Customer')} size={420}>
      <div className="k-stack">
        <LookUp
          table="master.party"
          aria-label={t('Customer')}
          placeholder={t('Name, number, phone …')}
          autoFocus
          value={party?.id ?? null}
          shown={party?.name}
          filter={[['is_customer', '=', true]]}
          onChange={(id, row) => {
            const name = String(row?.name ?? row?.number ?? '');
            sale.act({ do: 'party', party: id ? { id, name } : null });
            if (id) close();
          }}
        />
        <div className="k-actions">
          <A href="/master/party/new" target="_blank" className="k-button-link">
            {t('New customer')}
          </A>
          <Button
            variant="default"
            onClick={() => {
              sale.act({ do: 'party', party: null });
              close();
            }}
          >
            {t('Without customer')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** One quiet dot; words only where there is something to say. */
function Light({ unsent, sendNow }: { unsent: Unsent[]; sendNow: () => Promise<void> }) {
  const reached = useReached();
  const refused = unsent.find((item) => item.refused);
  const calm = reached && unsent.length === 0;
  const text = refused
    ? t('Receipt {n} was refused: {why}', { n: refused.body.number, why: refused.refused })
    : unsent.length
      ? t('{n, plural, one {# receipt} other {# receipts}} to send', { n: unsent.length })
      : reached
        ? t('Connected')
        : t('Not connected');
  return (
    <button
      type="button"
      className="till-light"
      data-calm={calm || undefined}
      data-refused={Boolean(refused) || undefined}
      title={text}
      onClick={() => void sendNow()}
    >
      <i aria-hidden="true" />
      <span className={calm ? 'k-hidden' : undefined}>{text}</span>
    </button>
  );
}

function Keys() {
  const keys = [
    ['F2', t('Search')],
    ['F3', t('Receipts')],
    ['F4', t('Customer')],
    ['F6', t('Discount')],
    ['F7', t('Drawer')],
    ['F8', t('Cash')],
    ['F9', t('Card')],
    ['Alt ↑↓', t('Line')],
    ['+ \u2212', t('Quantity')],
    ['Alt Del', t('Remove')],
    ['Esc', t('Close')],
  ];
  return (
    <p className="till-keys">
      {keys.map(([key, text]) => (
        <span key={key}>
          <kbd>{key}</kbd> {text}
        </span>
      ))}
    </p>
  );
}

type KeyInput = {
  payable: boolean;
  busy: boolean;
  open: (what: Open) => void;
  toFinder: () => void;
  sale: SaleAll;
};

function useKeys(input: KeyInput) {
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { payable, busy, open, toFinder, sale } = latest.current;
      if (busy) return;
      const dialogs: Record<string, Open> = { F3: 'receipts', F4: 'customer', F7: 'drawer' };
      const paying: Record<string, Open> = { F6: 'discount', F8: 'cash', F9: 'card' };
      const what = dialogs[event.key] ?? (payable ? paying[event.key] : undefined);
      const { active } = sale.sale;
      if (what) open(what);
      else if (event.key === 'F2' || event.key === 'Escape') toFinder();
      else if (event.altKey && event.key === 'ArrowDown')
        sale.act({ do: 'activate', at: active + 1 });
      else if (event.altKey && event.key === 'ArrowUp')
        sale.act({ do: 'activate', at: active - 1 });
      else if (event.altKey && event.key === 'Delete') sale.act({ do: 'remove', at: active });
      else if (paying[event.key] === undefined) return typeOn(event, toFinder);
      event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

// A scan that begins while nothing is being typed in belongs to the finder.
function typeOn(event: KeyboardEvent, toFinder: () => void): void {
  const typing = (event.target as HTMLElement).closest('input, textarea, button, a');
  if (!typing && event.key.length === 1 && !event.ctrlKey && !event.metaKey) toFinder();
}
