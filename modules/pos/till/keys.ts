import { type RefObject, useEffect } from 'react';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { type Key, useKeys } from '../../../kernel/ui/shell/keys.ts';
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

type KeyInput = {
  payable: boolean;
  busy: boolean;
  open: (what: Open) => void;
  toFinder: () => void;
  box: RefObject<HTMLInputElement | null>;
  park: () => void;
  sale: SaleState;
};

/** The whole counter without a mouse; answers its keys, which stand along its foot and in the help. */
export function useCounterKeys({
  payable,
  busy,
  open,
  toFinder,
  box,
  park,
  sale,
}: KeyInput): Key[] {
  const { active } = sale.sale;
  const pay = (what: Open) => () => payable && open(what);
  const all: [keys: string, label: string, run?: () => void][] = [
    ['F2', t('Search'), toFinder],
    ['F3', t('Receipts'), () => open('receipts')],
    ['F4', t('Customer'), () => open('customer')],
    ['F6', t('Discount'), pay('discount')],
    ['F7', t('Drawer'), () => open('drawer')],
    ['F8', t('Cash'), pay('cash')],
    ['F9', t('Card'), pay('card')],
    ['F10', t('Park'), park],
    ['alt+ArrowUp', t('Line above'), () => sale.act({ do: 'activate', at: active - 1 })],
    ['alt+ArrowDown', t('Line below'), () => sale.act({ do: 'activate', at: active + 1 })],
    // The finder's box takes these, so that a code can begin with them.
    ['Plus Minus', t('Quantity')],
    ['PageUp PageDown', t('Category')],
    ['alt+Delete', t('Remove'), () => sale.act({ do: 'remove', at: active })],
  ];
  const keys = all.map(([key, label, run]) => ({
    ...{ keys: key, label, typing: true },
    ...(run ? { run: () => void (busy || run()) } : {}),
  }));
  useKeys([
    ...keys,
    { keys: 'Escape', label: t('Back to the search'), run: toFinder, typing: !busy },
  ]);
  useEffect(() => {
    const type = (event: KeyboardEvent) => typeOn(event, box.current);
    window.addEventListener('keydown', type);
    return () => window.removeEventListener('keydown', type);
  }, [box]);
  return keys;
}

// A scan that begins while nothing is being typed in belongs to the finder.
function typeOn(event: KeyboardEvent, box: HTMLInputElement | null): void {
  const element = event.target as HTMLElement;
  const typing = element.closest('input, textarea, [role=dialog], [role=menu]');
  // A space is what a button or a category is pressed with.
  const pressing = event.key === ' ' && element.closest('button, a');
  const one = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  // At once, so that the first letter is typed there, too.
  if (one && !typing && !pressing) box?.focus();
}
