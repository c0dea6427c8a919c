import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Row } from '../base/types.ts';

/** A cell: row -1 is the head, column -1 the box that chooses the row. */
export type Spot = { row: number; col: number };

export type Roaming = ReturnType<typeof useRoaming>;

type Props = {
  rows: Row[];
  /** How many there are, as far as is known: those that are not loaded yet have their room, too. */
  total: number;
  /** What the rows answer: who asks for others begins on top. */
  question: string;
  /** Whether rows are being read. */
  reading: boolean;
  rowHeight: number;
  /** How many columns there are, and whether boxes that choose rows stand before them. */
  columns: number;
  boxed: boolean;
  /** Where one comes back to: the row that was opened last. */
  start: number;
  /** Asks for the next rows. */
  onEnd: () => void;
};

/** The record that was opened from a list last: one comes back to its row. */
export const lastOpened = { table: '', id: '' };

const headHeight = 32;
// Early enough that who scrolls seldom waits.
const ahead = 50;

/** Which rows are in sight, and the one cell that the keys are on. */
export function useRoaming(props: Props) {
  const { rows, total, rowHeight, columns, boxed, start } = props;
  const box = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot>({ row: Math.max(start, 0), col: 0 });
  /** A cell that one goes to whose row is not loaded yet. */
  const [goal, setGoal] = useState<Spot | null>(null);
  const [asked, setAsked] = useState(0);
  const at = {
    row: Math.min(spot.row, Math.max(0, rows.length - 1)),
    col: Math.min(spot.col, columns - 1),
  };
  const { first, look } = useInSight(box, props, goal);
  const scrolled = () => {
    look();
    // Who looks elsewhere meanwhile stays there.
    if (goal && !isInSight(box.current, goal.row, rowHeight)) setGoal(null);
  };
  /** Goes to a cell, as near as there is one, and takes the focus there; where it is not loaded, later. */
  const go = (to: Spot) => {
    const row = Math.max(-1, Math.min(total - 1, to.row));
    const col = Math.max(boxed ? -1 : 0, Math.min(columns - 1, to.col));
    reveal(box.current, row, rowHeight);
    // Below the last row stands whether more are on their way.
    if (row === total - 1 && box.current) box.current.scrollTop = box.current.scrollHeight;
    look();
    if (row >= rows.length) setGoal({ row, col });
    else reach({ row, col });
    return row;
  };
  const reach = (to: Spot) => {
    setGoal(null);
    setSpot(to);
    setAsked((n) => n + 1);
  };
  const comes = goal && (goal.row < rows.length || total <= rows.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once its row is there, or none is to come.
  useEffect(() => {
    if (comes) reach({ ...goal, row: Math.min(goal.row, rows.length - 1) });
  }, [comes]);
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
  const inside = useHeldFocus(box, rows, at, setSpot, () => setAsked((n) => n + 1));
  useEffect(() => {
    // A cell that isn't there is not looked for again.
    if (asked > 0 && !focusOn(box.current, latest.current())) inside.current = false;
  }, [asked, inside]);
  const onFocus = (event: FocusEvent) => {
    inside.current = true;
    const found = spotOf(event.target);
    if (!found || (found.row === at.row && found.col === at.col)) return;
    setGoal(null);
    setSpot(found);
  };
  const onBlur = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget)) inside.current = false;
  };
  const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 2);
  const stay = () => setGoal(null);
  return { box, first, at, goal, go, stay, scrolled, onFocus, onBlur, page };
}

type InSight = Pick<Props, 'rows' | 'question' | 'reading' | 'rowHeight' | 'onEnd'>;

/** Where the rows in sight begin; asks for those that come into sight, and never before one scrolls. */
function useInSight(box: RefObject<HTMLDivElement | null>, props: InSight, goal: Spot | null) {
  const { rows, question, reading, rowHeight, onEnd } = props;
  const [first, setFirst] = useState(0);
  const begun = useRef(false);
  const look = () => {
    const view = box.current;
    if (!view) return;
    begun.current = true;
    const top = view.scrollTop / rowHeight;
    setFirst(Math.max(0, Math.floor(top / 10) * 10 - 10));
    const wanted = Math.max(top + view.clientHeight / rowHeight + ahead, (goal?.row ?? -1) + 1);
    if (wanted > rows.length) onEnd();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is further on than the rows that came waits for the next ones.
  useEffect(() => {
    if (begun.current && !reading) look();
  }, [rows, reading, goal]);
  const before = useRef(question);
  useLayoutEffect(() => {
    if (before.current === question) return;
    before.current = question;
    begun.current = false;
    box.current?.scrollTo({ top: 0 });
    setFirst(0);
  }, [question, box]);
  return { first, look };
}

/**
 * Rows that come anew keep the cell on the record that it was on; and what had the focus has it
 * still, even where the browser took it away as rows moved.
 */
function useHeldFocus(
  box: RefObject<HTMLDivElement | null>,
  rows: Row[],
  at: Spot,
  setSpot: (spot: Spot) => void,
  focusAgain: () => void,
) {
  const inside = useRef(false);
  const before = useRef({ rows, id: rows[at.row]?.id });
  useLayoutEffect(() => {
    const { rows: old, id } = before.current;
    if (old !== rows && id !== undefined && rows[at.row]?.id !== id) {
      const row = rows.findIndex((one) => one.id === id);
      if (row >= 0) setSpot({ ...at, row });
    }
    before.current = { rows, id: rows[at.row]?.id };
    const lost = !document.activeElement || document.activeElement === document.body;
    if (inside.current && lost && box.current) focusAgain();
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

function isInSight(view: HTMLElement | null, row: number, rowHeight: number): boolean {
  if (!view) return false;
  const top = row * rowHeight;
  return top + rowHeight >= view.scrollTop && top <= view.scrollTop + view.clientHeight;
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
    // To the side alone: which rows are in sight is said by who goes there.
    const top = view.scrollTop;
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    view.scrollTop = top;
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
