import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBarcode } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Failed, Waiting } from '../../../kernel/ui/base/states.tsx';
import { isReached, useNotice, useReached } from '../../../kernel/ui/shell/connection.tsx';
import { find, findQuick, findShelves, learn } from './known.ts';
import { OnHand } from './on_hand.tsx';
import { Shelves, stepOf, Tile, tintOf } from './quick_keys.tsx';
import type { SaleState, Sellable } from './sale.ts';

type Props = {
  store: string;
  act: SaleState['act'];
  box: RefObject<HTMLInputElement | null>;
  say: (text: string) => void;
};

/** Finds what is sold: typed, scanned, which is typing that ends with Enter, or a quick key. */
export function Finder(props: Props) {
  const { box } = props;
  const finding = useFinding(props);
  const { text, found, at, code, quick, shelves, shelf } = finding;
  const reached = useReached();
  const placeOf = ({ category_id }: Sellable) => shelves.findIndex(({ id }) => id === category_id);
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
        // Who taps quick keys wants no keyboard drawn over them, until the box itself is tapped.
        inputMode={finding.touched ? 'none' : undefined}
        onPointerDown={() => finding.setTouched(false)}
        value={text}
        onChange={(event) => finding.type(event.currentTarget.value)}
        onKeyDown={finding.keys}
      />
      {quick && shelves.length > 0 ? (
        <Shelves
          shelves={shelves}
          chosen={shelf}
          choose={finding.setShelf}
          toFinder={() => box.current?.focus()}
        />
      ) : null}
      {finding.error ? <Failed error={finding.error} /> : null}
      {finding.pending ? <Waiting rows={10} /> : null}
      <div
        className={quick ? 'till-found till-tiles' : 'till-found'}
        hidden={found.length === 0}
        role="listbox"
        id="till-found"
        aria-label={quick ? t('Quick keys') : t('Found')}
      >
        {found.map((product, index) =>
          quick ? (
            <Tile
              key={product.product_id}
              product={product}
              index={index}
              marked={index === at}
              tint={tintOf(placeOf(product))}
              add={(byTouch) => {
                finding.setTouched(byTouch);
                finding.add(product);
              }}
            />
          ) : (
            <Hit
              key={product.product_id}
              product={product}
              index={index}
              selected={index === at}
              add={() => finding.add(product)}
            />
          ),
        )}
      </div>
      {!finding.pending && !finding.error && found.length === 0 ? (
        <p className="till-none">
          {code ? nothing(code, reached) : t('Nothing is sold here yet.')}
        </p>
      ) : null}
    </section>
  );
}

/** What shows before anything is typed. */
function useQuick(store: string) {
  const client = useQueryClient();
  const [shelf, setShelf] = useState<string | null>(null);
  const shelves = useQuery({
    queryKey: ['list', 'pos.sellable_category', store],
    queryFn: ({ signal }) => findShelves(store, signal),
    staleTime: 300_000,
  });
  const { data, error, isPending } = useQuery({
    queryKey: ['list', 'pos.quick_sellable', store, shelf],
    queryFn: ({ signal }) => findQuick(store, shelf, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchInterval: 300_000,
  });
  useNotice(
    ['pos.quick_key', 'catalog.product', 'files.attachment'],
    () => void client.invalidateQueries({ queryKey: ['list', 'pos.quick_sellable'] }),
  );
  return { shelf, setShelf, shelves: shelves.data ?? [], tiles: data ?? [], error, isPending };
}

function useSearch(store: string, code: string) {
  const [asked] = useDebouncedValue(code, 120);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['list', 'pos.sellable', store, asked],
    queryFn: ({ signal }) => find(store, asked, signal),
    enabled: asked !== '',
    // What was found for a part of it, or for more, stands until there is better.
    placeholderData: (before, query) => {
      const last = String(query?.queryKey[3] ?? '');
      return last && (asked.startsWith(last) || last.startsWith(asked)) ? before : undefined;
    },
  });
  return { asked, hits: code && asked ? data : undefined, error, isPlaceholderData };
}

function useFinding({ store, act, box, say }: Props) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const [touched, setTouched] = useState(false);
  const { quantity, code } = parts(text);
  const { asked, hits, isPlaceholderData, ...search } = useSearch(store, code);
  const { tiles, isPending, ...first } = useQuick(store);
  const { shelf, setShelf, shelves } = first;
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
  const quick = !hits;
  const found = hits ?? tiles;
  // Of quick keys none is marked before an arrow was pressed: Enter alone sells nothing.
  const at = Math.min(text ? Math.max(active, 0) : active, found.length - 1);
  useEffect(() => {
    document.getElementById(`till-found-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const type = (typed: string) => {
    setText(typed);
    setActive(-1);
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
    if (!typed.code) return add(tiles[Math.max(at, 0)], typed.quantity);
    const shown = typed.code === asked && hits && !isPlaceholderData;
    if (shown) return add(exact(hits, typed.code) ?? hits[at], typed.quantity);
    setText('');
    const known = await find(store, typed.code).catch(() => []);
    const hit = exact(known, typed.code) ?? (known.length === 1 ? known[0] : undefined);
    if (hit) return add(hit, typed.quantity);
    setText(typed.code);
    replaceable.current = true;
    if (known.length === 0) say(nothing(typed.code, isReached()));
  };
  const move = (by: number) => setActive(Math.max(0, Math.min(at + by, found.length - 1)));
  const turn = (by: number) => {
    const all = [null, ...shelves.map(({ id }) => id)];
    const next = all[all.indexOf(shelf) + by];
    if (next !== undefined) setShelf(next);
    setActive(-1);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const blank = event.currentTarget.value === '';
    const sideways = quick && blank && !event.altKey ? stepOf(event) : 0;
    // A row of quick keys is one step down; the first step marks the first of them.
    const row = quick && at >= 0 ? columns() : 1;
    if (event.key === 'ArrowDown' && !event.altKey) move(row);
    else if (event.key === 'ArrowUp' && !event.altKey) move(-row);
    else if (sideways) move(sideways);
    else if (blank && event.key === 'PageDown') turn(1);
    else if (blank && event.key === 'PageUp') turn(-1);
    else if (event.key === 'Enter') {
      if (!blank || active >= 0) void enter();
    } else if (event.key === 'Escape' && !blank) setText('');
    else if (blank && event.key === '+') act({ do: 'step', by: 1 });
    else if (blank && event.key === '-') act({ do: 'step', by: -1 });
    else return;
    event.preventDefault();
  };
  return {
    ...{ text, code, found, at, quick, shelf, shelves, type, add, keys, touched, setTouched },
    setShelf: (id: string | null) => {
      setShelf(id);
      setActive(-1);
    },
    error: code ? search.error : first.error,
    pending: quick && isPending,
  };
}

function columns(): number {
  const tiles = document.getElementById('till-found');
  return tiles ? getComputedStyle(tiles).gridTemplateColumns.split(' ').length : 1;
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
      <span className="till-found-name" dir="auto">
        {product.name}
      </span>
      <span className="till-found-code">
        {[product.number, product.category].filter(Boolean).join(' · ')}
      </span>
      <span className="k-num">{money(product.unit_price, company.decimals)}</span>
      <OnHand quantity={product.on_hand} />
    </div>
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
