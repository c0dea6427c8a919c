import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBarcode } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { isReached, useReached } from '../../../../kernel/ui/connection.tsx';
import { decimal, money } from '../../../../kernel/ui/format.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/session.tsx';
import { Failed, Waiting } from '../../../../kernel/ui/states.tsx';
import { find, learn } from './known.ts';
import type { SaleState, Sellable } from './sale.ts';

type Props = {
  store: string;
  act: SaleState['act'];
  box: RefObject<HTMLInputElement | null>;
  say: (text: string) => void;
};

/** Finds what is sold: typed, or scanned, which is typing that ends with Enter. */
export function Finder(props: Props) {
  const { box } = props;
  const finding = useFinding(props);
  const { text, found, at, code } = finding;
  const reached = useReached();
  return (
    <section className="till-finder" aria-label={t('Find')}>
      <TextInput
        ref={box}
        size="md"
        autoFocus
        data-autofocus
        aria-label={t('Scan or search')}
        placeholder={t('Scan, or search by name or number; 3* for three')}
        leftSection={<IconBarcode size={18} stroke={1.6} />}
        rightSection={<kbd>F2</kbd>}
        rightSectionWidth={44}
        role="combobox"
        aria-expanded="true"
        aria-controls="till-found"
        aria-activedescendant={found[at] ? `till-found-${at}` : undefined}
        autoComplete="off"
        value={text}
        onChange={(event) => finding.type(event.currentTarget.value)}
        onKeyDown={finding.keys}
      />
      {finding.error ? <Failed error={finding.error} /> : null}
      {finding.pending ? <Waiting rows={10} /> : null}
      <div
        className="till-found"
        hidden={found.length === 0}
        role="listbox"
        id="till-found"
        aria-label={t('Found')}
      >
        {found.map((product, index) => (
          <Hit
            key={product.product_id}
            product={product}
            index={index}
            selected={index === at}
            add={() => finding.add(product)}
          />
        ))}
      </div>
      {!finding.pending && !finding.error && found.length === 0 ? (
        <p className="till-none">{nothing(code, reached)}</p>
      ) : null}
    </section>
  );
}

function useFinding({ store, act, box, say }: Props) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const { quantity, code } = parts(text);
  const [asked] = useDebouncedValue(code, 120);
  const { data, error, isPending, isPlaceholderData } = useQuery({
    queryKey: ['list', 'pos.sellable', store, asked],
    queryFn: ({ signal }) => find(store, asked, signal),
    placeholderData: keepPreviousData,
    networkMode: 'always',
  });
  useEffect(() => {
    const ended = new AbortController();
    void learn(store, ended.signal).catch(() => {});
    return () => ended.abort();
  }, [store]);
  // What found several stays, marked: the next scan replaces it, the next Enter takes the first.
  const replaceable = useRef(false);
  useEffect(() => {
    if (replaceable.current && text) box.current?.select();
    if (text) replaceable.current = false;
  }, [text, box]);
  const found = data ?? [];
  const at = Math.min(active, Math.max(0, found.length - 1));
  const type = (typed: string) => {
    setText(typed);
    setActive(0);
    say('');
  };
  const add = (product: Sellable | undefined, count = quantity) => {
    if (!product) return;
    act({ do: 'add', product, quantity: count });
    type('');
    box.current?.focus();
  };
  const enter = async () => {
    // A scanner is quicker than the list: what it typed is asked for at once, exactly.
    const typed = parts(box.current?.value ?? text);
    const shown = typed.code === asked && data && !isPlaceholderData;
    if (shown) return add(exact(found, typed.code) ?? found[at], typed.quantity);
    setText('');
    const hits = await find(store, typed.code).catch(() => []);
    const hit = exact(hits, typed.code) ?? (hits.length === 1 ? hits[0] : undefined);
    if (hit) return add(hit, typed.quantity);
    setText(typed.code);
    replaceable.current = true;
    if (hits.length === 0) say(nothing(typed.code, isReached()));
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const blank = event.currentTarget.value === '';
    if (event.key === 'ArrowDown' && !event.altKey) setActive(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp' && !event.altKey) setActive(Math.max(at - 1, 0));
    else if (event.key === 'Enter') {
      if (!blank || active > 0) void enter();
    } else if (event.key === 'Escape' && !blank) setText('');
    else if (blank && event.key === '+') act({ do: 'step', by: 1 });
    else if (blank && event.key === '-') act({ do: 'step', by: -1 });
    else return;
    event.preventDefault();
  };
  return { text, code, found, at, error, pending: isPending, type, add, keys };
}

const nothing = (code: string, reached: boolean) =>
  reached
    ? t('Nothing is sold here under “{code}”.', { code })
    : t('The server is not reached, and this till knows nothing under “{code}”.', { code });

type HitProps = { product: Sellable; index: number; selected: boolean; add: () => void };

function Hit({ product, index, selected, add }: HitProps) {
  const { company } = useSignedIn();
  return (
    <div
      id={`till-found-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onClick={add}
      onKeyDown={() => {}}
    >
      <span className="till-found-name">{product.name}</span>
      <span className="till-found-code">
        {[product.number, product.category].filter(Boolean).join(' · ')}
      </span>
      <span className="k-num">{money(product.unit_price, company.decimals)}</span>
      <OnHand quantity={product.on_hand} />
    </div>
  );
}

function OnHand({ quantity }: { quantity: string | null }) {
  if (quantity === null || quantity === undefined) return <small />;
  const low = Number(quantity) <= 0;
  return (
    <small className={low ? 'till-low' : undefined}>
      {low ? t('none left') : t('{n} here', { n: decimal(quantity) })}
    </small>
  );
}

const exact = (hits: Sellable[], code: string) =>
  hits.find(({ barcode, number }) => barcode === code || number === code);

// `3*trek` is three of what `trek` finds.
function parts(text: string): { quantity: string; code: string } {
  const found = /^\s*(\d{1,5}(?:\.\d{1,3})?)\s*[*×]\s*(.*)$/.exec(text);
  if (!found || Number(found[1]) === 0) return { quantity: '1', code: text.trim() };
  return { quantity: found[1]!, code: found[2]!.trim() };
}
