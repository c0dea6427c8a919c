import { useEffect, useRef } from 'react';
import { t } from '../../../../kernel/ui/i18n.ts';
import type { SaleState } from './sale.ts';

/** The dialog over the counter; '' is none. */
export type Open =
  | ''
  | 'customer'
  | 'discount'
  | 'cash'
  | 'card'
  | 'receipts'
  | 'drawer'
  | 'parked';

/** The keys of the counter, along its foot. */
export function Keys() {
  const keys = [
    ['F2', t('Search')],
    ['F3', t('Receipts')],
    ['F4', t('Customer')],
    ['F6', t('Discount')],
    ['F7', t('Drawer')],
    ['F8', t('Cash')],
    ['F9', t('Card')],
    ['F10', t('Park')],
    ['Alt ↑↓', t('Line')],
    ['+ \u2212', t('Quantity')],
    ['Alt Del', t('Remove')],
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
  park: () => void;
  sale: SaleState;
};

/** The whole counter without a mouse. */
export function useKeys(input: KeyInput) {
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { payable, busy, open, toFinder, park, sale } = latest.current;
      if (busy) return;
      const dialogs: Record<string, Open> = { F3: 'receipts', F4: 'customer', F7: 'drawer' };
      const paying: Record<string, Open> = { F6: 'discount', F8: 'cash', F9: 'card' };
      const what = dialogs[event.key] ?? (payable ? paying[event.key] : undefined);
      const { active } = sale.sale;
      if (what) open(what);
      else if (event.key === 'F10') park();
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
