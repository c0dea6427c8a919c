import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Row } from './types.ts';

/** A cell: row -1 is the head, column -1 the box that chooses the row. */
export type Spot = { row: number; col: number };

export type Roaming = ReturnType<typeof useRoaming>;

type Props = {
  rows: Row[];
  /** How many there are, as far as is known: those that are not loaded yet have their room, too. */
  total: number;
  rowHeight: number;
  /** How many columns there are, and whether boxes that choose rows stand before them. */
  columns: number;
  boxed: boolean;
  /** Where one comes back to: the row that was opened last. */
  start: number;
  onEnd: () => void;
};

/** The record that was opened from a list last: one comes back to its row. */
export const lastOpened = { table: '', id: '' };

const headHeight = 32;

/** Which rows are in sight, and the one cell that the keys are on. */
export function useRoaming(props: Props) {
  const { rows, total, rowHeight, columns, boxed, start, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [spot, setSpot] = useState<Spot>({ row: Math.max(start, 0), col: 0 });
  const [asked, setAsked] = useState(0);
  // A cell further on than what is loaded is gone to as its row comes.
  const at = {
    row: Math.min(spot.row, Math.max(0, rows.length - 1)),
    col: Math.min(spot.col, columns - 1),
  };
  const scrolled = () => {
    const view = box.current;
    if (!view) return;
    const top = view.scrollTop / rowHeight;
    setFirst(Math.max(0, Math.floor(top / 10) * 10 - 10));
    // Early enough that who scrolls seldom waits, and not before anybody does.
    if (top + view.clientHeight / rowHeight + 50 > rows.length) onEnd();
  };
  /** Goes to a cell, as near as there is one, and takes the focus there. */
  const go = (to: Spot) => {
    const row = Math.max(-1, Math.min(total - 1, to.row));
    const col = Math.max(boxed ? -1 : 0, Math.min(columns - 1, to.col));
    reveal(box.current, row, rowHeight);
    // Below the last row stands whether more are on their way.
    if (row === total - 1 && box.current) box.current.scrollTop = box.current.scrollHeight;
    scrolled();
    setSpot({ row, col });
    setAsked((n) => n + 1);
    return Math.min(row, rows.length - 1);
  };
  const loaded = useRef(rows.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as rows come, and not as others are asked for.
  useEffect(() => {
    // Who is further on than the rows that came waits for the next ones.
    if (rows.length > loaded.current) scrolled();
    loaded.current = rows.length;
  }, [rows.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one comes back to, once.
  useLayoutEffect(() => {
    if (start < 0) return;
    reveal(box.current, start, rowHeight, true);
    if (document.activeElement === document.body) setAsked(1);
  }, []);
  const cellAt = () =>
    box.current?.querySelector<HTMLElement>(`[data-at="${at.row}"] [data-col="${at.col}"]`);
  const latest = useRef(cellAt);
  latest.current = cellAt;
  const ahead = spot.row >= rows.length;
  const inside = useHeldFocus({
    box,
    rows,
    at,
    ahead,
    setSpot,
    onLost: () => setAsked((n) => n + 1),
  });
  useEffect(() => {
    // A cell that isn't there is not looked for again.
    if (asked > 0 && !focusOn(box.current, latest.current())) inside.current = false;
  }, [asked, inside]);
  const onFocus = (event: FocusEvent) => {
    inside.current = true;
    const found = spotOf(event.target);
    if (found && (found.row !== at.row || found.col !== at.col)) setSpot(found);
  };
  const onBlur = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget)) inside.current = false;
  };
  const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 2);
  return { box, first, at, go, scrolled, onFocus, onBlur, page };
}

type Held = {
  box: RefObject<HTMLDivElement | null>;
  rows: Row[];
  at: Spot;
  /** Whether the cell that was gone to is further on than the rows that are there. */
  ahead: boolean;
  setSpot: (spot: Spot) => void;
  onLost: () => void;
};

/**
 * Rows that come anew keep the cell on the record that it was on; and what had the focus has it
 * still, even where the browser took it away as rows moved.
 */
function useHeldFocus({ box, rows, at, ahead, setSpot, onLost }: Held) {
  const inside = useRef(false);
  const before = useRef({ rows, id: rows[at.row]?.id, ahead });
  useLayoutEffect(() => {
    const { rows: old, id, ahead: wasAhead } = before.current;
    const moved = old !== rows && id !== undefined && rows[at.row]?.id !== id;
    if (moved && !wasAhead) {
      const row = rows.findIndex((one) => one.id === id);
      if (row >= 0) setSpot({ ...at, row });
    }
    before.current = { rows, id: rows[at.row]?.id, ahead };
    const lost = !document.activeElement || document.activeElement === document.body;
    if (inside.current && box.current && (lost || (moved && wasAhead))) onLost();
  });
  return inside;
}

export function spotOf(target: EventTarget): Spot | undefined {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-col]');
  const line = cell?.closest<HTMLElement>('[data-at]');
  return line && cell ? { row: Number(line.dataset.at), col: Number(cell.dataset.col) } : undefined;
}

// All rows are equally high, so that a row need not be drawn to be scrolled to.
function reveal(view: HTMLElement | null, row: number, rowHeight: number, middle = false): void {
  if (!view || row < 0) return;
  const top = row * rowHeight;
  const end = headHeight + top + rowHeight - view.clientHeight;
  if (top < view.scrollTop) view.scrollTop = top;
  else if (end > view.scrollTop) view.scrollTop = middle ? (top + end) / 2 : end;
}

function focusOn(view: HTMLElement | null, cell: HTMLElement | null | undefined): boolean {
  if (!view || !cell) return false;
  const target = cell.querySelector<HTMLElement>('.k-reach') ?? cell;
  target.focus({ preventScroll: true });
  const stuck = view.querySelector<HTMLElement>('.k-first');
  // The columns that stay put would lie over what is scrolled to the edge.
  if (!stuck || Number(cell.dataset.col) <= 0) view.scrollLeft = 0;
  else {
    const edge = stuck.offsetWidth + (stuck.previousElementSibling ? 44 : 0);
    view.style.scrollPaddingInlineStart = `${edge}px`;
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  return true;
}

/** Where a key leads from a cell; nothing where it leads nowhere. */
export function stepOf(
  event: KeyboardEvent,
  { row, col }: Spot,
  page: number,
  last: Spot,
): Spot | undefined {
  if (event.altKey) return undefined;
  const all = event.ctrlKey || event.metaKey;
  const back = getComputedStyle(event.currentTarget).direction === 'rtl';
  const side = back ? -1 : 1;
  const steps: Record<string, Spot> = {
    ArrowDown: { row: all ? last.row : row + 1, col },
    ArrowUp: { row: all ? 0 : row - 1, col },
    ArrowRight: { row, col: all ? (back ? 0 : last.col) : col + side },
    ArrowLeft: { row, col: all ? (back ? last.col : 0) : col - side },
    PageDown: { row: Math.max(row, 0) + page, col },
    PageUp: { row: Math.max(0, row - page), col },
    Home: { row: all ? 0 : row, col: 0 },
    End: { row: all ? last.row : row, col: last.col },
  };
  return steps[event.key];
}
