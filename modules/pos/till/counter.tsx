import { ActionIcon } from '@mantine/core';
import { IconCoins, IconPlayerPause, IconReceipt } from '@tabler/icons-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { pressed } from '../../../kernel/ui/shell/keys.ts';
import { ApprovalDialog } from './approval.tsx';
import type { ClaimState } from './claim.ts';
import { CustomerDialog } from './customer.tsx';
import { DiscountDialog } from './discount.tsx';
import { DoneDialog } from './done.tsx';
import { DrawerDialog } from './drawer.tsx';
import { Finder } from './finder.tsx';
import { useFinish } from './finish.ts';
import type { Claim } from './kept.ts';
import { type Open, useCounterKeys } from './keys.ts';
import { Light } from './light.tsx';
import { ParkedDialog, useParked } from './parked.tsx';
import { PaymentDialog } from './payment.tsx';
import { ReceiptsDialog } from './receipts.tsx';
import { useUnsent } from './ring_up.ts';
import { useSale } from './sale.ts';
import { SalePane } from './sale_pane.tsx';
import type { Slip } from './slip.ts';

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
  const { stores } = useSignedIn();
  const store = stores.find(({ id }) => id === claim.store_id);
  const finish = useFinish({ state, claim, sale, close, look: unsent.look });
  const { forget } = finish;
  const show = (what: Open) => {
    forget();
    setSaid('');
    setOpen(what);
  };
  const busyDialog = Boolean(open || finish.slip || finish.ask);
  const payable = sale.sale.lines.length > 0;
  const waiting = useParked(claim.till_id, sale);
  const park = () => {
    if (!payable) return show('parked');
    waiting.park();
    setSaid(t('The sale is parked.'));
    toFinder();
  };
  const keys = useCounterKeys({ payable, busy: busyDialog, open: show, toFinder, box, park, sale });
  return (
    <div className="till">
      <div className="till-bar">
        <h1>
          <span>{claim.till_name}</span>
          {stores.length > 1 ? <small dir="auto">{store?.name}</small> : null}
          <Light unsent={unsent.unsent} sendNow={unsent.sendNow} toFinder={toFinder} />
        </h1>
        <span className="till-said" role="status">
          {said}
        </span>
        <ParkButton payable={payable} count={waiting.parked.length} park={park} />
        <BarButton label={t('Receipts')} keyName="F3" onClick={() => show('receipts')}>
          <IconReceipt size={20} stroke={1.6} />
        </BarButton>
        <BarButton label={t('Drawer')} keyName="F7" onClick={() => show('drawer')}>
          <IconCoins size={20} stroke={1.6} />
        </BarButton>
      </div>
      <div className="till-panes">
        <Finder store={claim.store_id} act={sale.act} box={box} say={setSaid} />
        <SalePane {...sale} open={show} toFinder={toFinder} />
      </div>
      <p className="till-keys">
        {keys.map(({ keys: key, label }) => (
          <span key={key}>
            <kbd>{pressed(key).join(' ')}</kbd> {label}
          </span>
        ))}
      </p>
      <Dialogs
        {...{ open, state, claim, sale, finish, close, waiting }}
        unsent={unsent.unsent.length}
        say={setSaid}
      />
    </div>
  );
}

type BarButtonProps = { label: string; keyName: string; onClick: () => void; children: ReactNode };

function BarButton({ label, keyName, onClick, children }: BarButtonProps) {
  return (
    <ActionIcon size={44} aria-label={label} title={`${label} (${keyName})`} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}

type ParkProps = { payable: boolean; count: number; park: () => void };

function ParkButton({ payable, count, park }: ParkProps) {
  const label = payable
    ? t('Park the sale')
    : t('{n, plural, =0 {Parked sales} one {# parked sale} other {# parked sales}}', { n: count });
  return (
    <span className="till-park">
      <BarButton label={label} keyName="F10" onClick={park}>
        <IconPlayerPause size={20} stroke={1.6} />
      </BarButton>
      {count > 0 ? <b aria-hidden="true">{count}</b> : null}
    </span>
  );
}

type DialogsProps = {
  open: Open;
  state: ClaimState;
  claim: Claim;
  sale: SaleAll;
  finish: ReturnType<typeof useFinish>;
  waiting: ReturnType<typeof useParked>;
  unsent: number;
  close: () => void;
  say: (text: string) => void;
};

function Dialogs(props: DialogsProps) {
  const { open, claim, sale, finish, close } = props;
  const { problem, busy } = finish;
  const paying = (open === 'cash' || open === 'card') && !finish.slip;
  return (
    <>
      {open === 'customer' ? <CustomerDialog sale={sale} close={close} /> : null}
      {open === 'discount' ? <DiscountDialog {...sale} close={close} /> : null}
      {paying ? (
        <PaymentDialog
          {...{ problem, busy, close }}
          method={open}
          total={sale.amounts.gross_amount}
          pay={(payments) => void finish.ringUp(payments)}
        />
      ) : null}
      {open === 'receipts' ? (
        <ReceiptsDialog
          {...{ claim, problem, busy, close }}
          undo={(undo) => void finish.undo(undo)}
        />
      ) : null}
      {open === 'parked' ? <ParkedDialog {...props.waiting} close={close} /> : null}
      {open === 'drawer' ? (
        <DrawerDialog
          {...{ claim, close, unsent: props.unsent, say: props.say }}
          closed={() => props.state.change({ till_session_id: null })}
        />
      ) : null}
      {finish.slip ? <Done finish={finish} slip={finish.slip} close={close} /> : null}
      {finish.ask ? (
        <ApprovalDialog ask={finish.ask} close={finish.giveUp} approved={finish.approved} />
      ) : null}
    </>
  );
}

type DoneProps = Pick<DialogsProps, 'finish' | 'close'> & { slip: Slip };

function Done({ finish, slip, close }: DoneProps) {
  const later = t('The server is not reached: the receipt stands and is sent later.');
  return (
    <DoneDialog
      slip={slip}
      waits={finish.later}
      note={finish.later ? <p className="k-warning">{later}</p> : null}
      close={() => {
        finish.clear();
        close();
      }}
    />
  );
}

type SaleAll = ReturnType<typeof useSale>;
