import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { t } from '../base/i18n.ts';
import type { Column } from '../base/types.ts';
import { classOf } from './line.tsx';
import { sortedBy, sortTerms } from './state.ts';

export type Widths = Record<string, number>;
export const narrowest = 48;
export const widest = 900;

type Props = {
  box: RefObject<HTMLDivElement | null>;
  columns: Column[];
  sort: string;
  currency: string;
  onSort: (sort: string) => void;
  /** The cell of the head that the keys are on. */
  col: number | null;
  /** Without boxes undefined; else whether all rows are chosen. */
  all?: boolean;
  onAll: () => void;
  sized: boolean;
  /** Widths as they are dragged, then as they were let go. */
  onWidths: (widths: Widths, done: boolean) => void;
  onMove: (name: string, to: number) => void;
};

/** The heads of a list: a click sorts, dragging one moves it, dragging its edge makes it wider. */
export function Head(props: Props) {
  const { columns, sort, col, all, sized, currency } = props;
  const terms = sortTerms(sort);
  const drag = useDrag(props);
  const before = all === undefined ? 1 : 2;
  return (
    <thead>
      <tr data-at={-1} aria-rowindex={1}>
        {all === undefined ? null : (
          <th className="k-choose" scope="col" data-col={-1} aria-colindex={1}>
            <input
              type="checkbox"
              className="k-reach"
              tabIndex={col === -1 ? 0 : -1}
              aria-label={t('Choose all rows shown')}
              checked={all}
              onChange={props.onAll}
            />
          </th>
        )}
        {columns.map((column, at) => {
          const place = terms.findIndex(([name]) => name === column.name);
          const down = terms[place]?.[1] === 'desc';
          const direction = place < 0 ? undefined : down ? 'descending' : 'ascending';
          const Arrow = down ? IconArrowDown : IconArrowUp;
          const unit = column.unit ?? (column.type === 'money' ? currency : '');
          const text = (
            <>
              <span className="k-head-text">{column.label}</span>
              {unit ? <small>{unit}</small> : null}
            </>
          );
          const sorts = column.sortable || place >= 0 || terms.length > 0;
          const reach = col === at ? 0 : -1;
          return (
            <th
              key={column.name}
              scope="col"
              data-col={at}
              data-name={column.name}
              data-drop={drag.drop === at ? 'before' : drag.drop === at + 1 ? 'after' : undefined}
              data-dragged={drag.dragged === column.name || undefined}
              aria-colindex={at + before}
              aria-sort={direction}
              className={classOf(column, at)}
              title={column.help ?? undefined}
              tabIndex={sorts ? undefined : reach}
              {...drag.on(column.name)}
            >
              {sorts ? (
                <button
                  type="button"
                  className="k-reach"
                  tabIndex={reach}
                  title={t('Sort; hold Shift to add it to the sort')}
                  onClick={(event) => {
                    // By the keys it is no drag, whatever was dragged before.
                    if (event.detail === 0 || !drag.moved.current)
                      props.onSort(sortedBy(sort, column.name, event.shiftKey));
                  }}
                >
                  {text}
                  {place >= 0 ? <Arrow size={13} aria-label={t('sorted')} /> : null}
                  {place >= 0 && terms.length > 1 ? <small>{place + 1}</small> : null}
                </button>
              ) : (
                text
              )}
              <span
                className="k-resize"
                aria-hidden="true"
                title={t('Drag for another width; a double click fits it')}
                onDoubleClick={() => drag.fit(column.name)}
              />
            </th>
          );
        })}
        {sized ? <td className="k-fill" aria-hidden="true" /> : null}
      </tr>
    </thead>
  );
}

type Dragged = { name: string; x: number; widths?: Widths };

/**
 * Drags a head to another place, or its edge to another width; from then on every column keeps the
 * width that it has. By touch, too, for sideways the page doesn't move there.
 */
function useDrag({ box, columns, onMove, onWidths }: Props) {
  const from = useRef<Dragged | null>(null);
  const moved = useRef(false);
  const [dragged, setDragged] = useState<string | null>(null);
  const [drop, setDrop] = useState<number | null>(null);
  const heads = () => [...(box.current?.querySelectorAll<HTMLElement>('th[data-name]') ?? [])];
  const back = () => (box.current ? getComputedStyle(box.current).direction === 'rtl' : false);
  const end = () => {
    from.current = null;
    setDragged(null);
    setDrop(null);
  };
  // Found by where it is: a browser takes a finger near an edge for one on the head beside it.
  const edgeAt = (name: string, { clientX, pointerType }: PointerEvent): string | undefined => {
    const near = pointerType === 'touch' ? 14 : 6;
    const at = columns.findIndex((column) => column.name === name);
    const found = heads().filter((head, index) => {
      const { left, right } = head.getBoundingClientRect();
      const beside = index === at || index === at - 1;
      return beside && Math.abs(clientX - (back() ? left : right)) <= near;
    });
    return found[0]?.dataset.name;
  };
  const placeAt = (x: number): number =>
    heads().filter((head) => {
      const { left, width } = head.getBoundingClientRect();
      return back() ? x < left + width / 2 : x > left + width / 2;
    }).length;
  const widthsAt = ({ name, x, widths }: Dragged, to: number): Widths => {
    const by = back() ? x - to : to - x;
    return { ...widths, [name]: within((widths?.[name] ?? 0) + by) };
  };
  const on = (name: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      moved.current = false;
      if (event.button !== 0) return;
      const edge = edgeAt(name, event);
      const widths = edge ? measured(box.current) : undefined;
      from.current = { name: edge ?? name, x: event.clientX, widths };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const start = from.current;
      if (!start) return;
      if (!moved.current && Math.abs(event.clientX - start.x) < (start.widths ? 2 : 6)) return;
      if (!moved.current) event.currentTarget.setPointerCapture(event.pointerId);
      moved.current = true;
      if (start.widths) return onWidths(widthsAt(start, event.clientX), false);
      setDragged(start.name);
      setDrop(placeAt(event.clientX));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const start = from.current;
      if (start?.widths && moved.current) onWidths(widthsAt(start, event.clientX), true);
      else if (start && moved.current) {
        const was = columns.findIndex((column) => column.name === start.name);
        const to = placeAt(event.clientX);
        onMove(start.name, to > was ? to - 1 : to);
      }
      end();
    },
    onPointerCancel: end,
  });
  const fit = (name: string) => {
    const widths = measured(box.current);
    onWidths({ ...widths, [name]: fitting(box.current, name) ?? widths[name] ?? 0 }, true);
  };
  return { on, fit, moved, dragged, drop };
}

export const within = (px: number) => Math.round(Math.max(narrowest, Math.min(widest, px)));

/** How wide each column is drawn now. */
export function measured(view: HTMLElement | null): Widths {
  const heads = [...(view?.querySelectorAll<HTMLElement>('th[data-name]') ?? [])];
  return Object.fromEntries(
    heads.map((head) => [head.dataset.name ?? '', within(head.offsetWidth)]),
  );
}

/** The width that shows whole what of a column is in sight. */
export function fitting(view: HTMLElement | null, name: string): number | undefined {
  const head = view?.querySelector<HTMLElement>(`th[data-name="${CSS.escape(name)}"]`);
  if (!view || !head) return undefined;
  const cells = [...view.querySelectorAll(`[data-col="${head.dataset.col}"]`)];
  const range = document.createRange();
  const wide = cells.map((cell) => {
    range.selectNodeContents(cell.querySelector('.k-head-text, .k-text') ?? cell);
    const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(cell);
    // A head has its unit and its arrow beside its text.
    const beside = cell === head ? 36 : 2;
    const pad = Number.parseFloat(paddingInlineStart) + Number.parseFloat(paddingInlineEnd);
    return range.getBoundingClientRect().width + pad + beside;
  });
  return within(Math.max(...wide));
}
