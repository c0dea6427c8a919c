import './quick_keys.css';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { money } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { Shelf } from './known.ts';
import { OnHand } from './on_hand.tsx';
import type { Sellable } from './sale.ts';

type ShelvesProps = {
  shelves: Shelf[];
  chosen: string | null;
  choose: (id: string | null) => void;
  toFinder: () => void;
};

/** The categories that this store sells from, “All” first. */
export function Shelves({ shelves, chosen, choose, toFinder }: ShelvesProps) {
  const row = useRef<HTMLDivElement>(null);
  const all = [{ id: null, name: t('All') }, ...shelves];
  const at = all.findIndex(({ id }) => id === chosen);
  useEffect(() => {
    row.current?.children[at]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at]);
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = stepOf(event);
    const next = by === 0 ? undefined : all[at + by];
    if (!next) return;
    event.preventDefault();
    choose(next.id);
    (row.current?.children[at + by] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      ref={row}
      className="till-shelves"
      role="radiogroup"
      aria-label={t('Category')}
      onKeyDown={keys}
    >
      {all.map(({ id, name }, place) => (
        // biome-ignore lint/a11y/useSemanticElements: one choice that looks like keys.
        <button
          type="button"
          key={id ?? ''}
          role="radio"
          aria-checked={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          style={{ '--k-tint': tintOf(place - 1) } as CSSProperties}
          data-all={id === null || undefined}
          onClick={() => {
            choose(id);
            toFinder();
          }}
        >
          <bdi>{name}</bdi>
        </button>
      ))}
    </div>
  );
}

/** One step on where the arrow points in the direction of reading, one back against it. */
export function stepOf({ key }: { key: string }): number {
  const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return 0;
  return key === back ? -1 : 1;
}

/** The hue of a category by its place, far from those of its neighbours. */
export const tintOf = (place: number) => (place * 137 + 165) % 360;

type TileProps = {
  product: Sellable;
  index: number;
  marked: boolean;
  tint: number;
  add: (byTouch: boolean) => void;
};

/** A quick key: picture, name, price, and how many are here. */
export function Tile({ product, index, marked, tint, add }: TileProps) {
  const { company } = useSignedIn();
  const touched = useRef(false);
  const price = money(product.unit_price, company.decimals);
  return (
    <div
      id={`till-found-${index}`}
      className="till-tile"
      role="option"
      tabIndex={-1}
      aria-selected={marked}
      title={product.name}
      style={{ '--k-tint': tint } as CSSProperties}
      onPointerDown={(event) => {
        touched.current = event.pointerType === 'touch';
      }}
      onClick={() => add(touched.current)}
      onKeyDown={() => {}}
    >
      <Picture id={product.picture_id} name={product.name} />
      <span className="till-found-name" dir="auto">
        {product.name}
      </span>
      <span className="till-tile-foot">
        <span className="k-num" data-long={price.length > 11 || undefined}>
          {price}
        </span>
        <OnHand quantity={product.on_hand} />
      </span>
    </div>
  );
}

function Picture({ id, name }: { id: string | null | undefined; name: string }) {
  const [failed, setFailed] = useState('');
  if (!id || failed === id) {
    return (
      <span className="till-picture" aria-hidden="true">
        {initials(name)}
      </span>
    );
  }
  return (
    <span className="till-picture till-picture-drawn">
      <img
        src={`/api/v1/file/${id}/thumbnail`}
        alt=""
        width={160}
        height={160}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setFailed(id)}
      />
    </span>
  );
}

// Two letters where a script has letters that stand alone; in others the first says enough.
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word = '') => new Intl.Segmenter().segment(word.replace(/^[^\p{L}\p{N}]+/u, ''));
  const letters = words.slice(0, 2).map((word) => [...first(word)][0]?.segment ?? '');
  const alone = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
  return letters.every((letter) => alone.test(letter))
    ? letters.join('').toLocaleUpperCase()
    : (letters[0] ?? '');
}
