import { useMediaQuery } from '@mantine/hooks';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  Suspense,
  useEffect,
  useState,
} from 'react';
import { t } from '../base/i18n.ts';
import type { Column, Row, Table } from '../base/types.ts';
import { type Key, useKeys } from '../shell/keys.ts';
import { usePrinting } from '../shell/print.tsx';
import { useCells } from './cells.ts';
import { asTable, copyAs, useChoosing } from './choosing.ts';
import { Head, type Widths } from './head.tsx';
import { Line, leadingOf } from './line.tsx';
import { lastOpened, type Roaming, type Spot, spotOf, stepOf, useRoaming } from './roam.ts';
import { CellNotice } from './told.tsx';

const Peek = lazy(() => import('./peek.tsx'));

type Props = {
  table: Table;
  columns: Column[];
  rows: Row[];
  /** How many there are beyond those that are loaded, too; unknown it is -1. */
  count: number;
  /** How many there are at least: for so many there is room to scroll to. */
  total: number;
  /** What the rows answer, and whether they are being read. */
  question: string;
  reading: boolean;
  sort: string;
  onSort: (sort: string) => void;
  onOpen: (row: Row) => void;
  hrefOf: (row: Row) => string;
  onEnd: () => void;
  onMove: (name: string, to: number) => void;
  widths: Widths;
  onWidths: (widths: Widths) => void;
  rowHeight: number;
  decimals: number;
  currency: string;
  foot?: React.ReactNode;
  /** Whether what is asked for is still on its way, and this is what was before. */
  old: boolean;
  /** Whether boxes choose rows; by keys they are chosen anyhow, to be copied. */
  boxed: boolean;
  chosen: ReadonlySet<string>;
  setChosen: (ids: Set<string>) => void;
};

type Cells = ReturnType<typeof useCells>;
type Choosing = ReturnType<typeof useChoosing>;

/** The rows of a list as a spreadsheet; only those in sight are drawn. */
export function Grid(given: Props) {
  const props = { ...given, onOpen: opening(given) };
  const { table, rows, rowHeight, columns, boxed, chosen, decimals } = props;
  const [dragged, setDragged] = useState<Widths | null>(null);
  const [peeks, setPeeks] = useState(false);
  const [start] = useState(() =>
    table.name === lastOpened.table ? rows.findIndex(({ id }) => id === lastOpened.id) : -1,
  );
  const roaming = useRoaming({ ...props, columns: columns.length, start });
  const cells = useCells(table);
  const choosing = useChoosing(props);
  const { at, box } = roaming;
  const wide = useMediaQuery('(min-width: 761px)', true, { getInitialValueInEffect: false });
  const peeked = peeks && wide ? rows[at.row] : undefined;
  const keys = useGridKeys(props, { roaming, cells, choosing, peeks, setPeeks });
  const mouse = mouseOf(props, cells);
  const all = rows.length > 0 && rows.every(({ id }) => chosen.has(String(id)));
  const chooseAll = (on: boolean) =>
    props.setChosen(new Set(on ? rows.map(({ id }) => String(id)) : []));
  const widths = dragged ?? props.widths;
  // Paper has a width of its own.
  const sized = !usePrinting() && columns.some(({ name }) => widths[name]);
  const copy = (event: ClipboardEvent) => {
    if (cells.editing || String(getSelection() ?? '') || at.row < 0) return;
    const some = rows.filter(({ id }) => chosen.has(String(id)));
    const one = columns[at.col];
    if (some.length) copyAs(event, asTable(some, columns, decimals));
    else if (one && rows[at.row]) copyAs(event, asTable([rows[at.row]!], [one], decimals));
  };
  return (
    <div className="k-list-body">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and clicks are of the cells in it. */}
      <div
        className="k-grid"
        ref={box}
        onScroll={roaming.scrolled}
        onKeyDown={keys}
        {...mouse}
        onCopy={copy}
        onFocus={(event) => {
          roaming.onFocus(event);
          void cells.load();
        }}
        onBlur={roaming.onBlur}
        style={{ '--k-row': `${rowHeight}px` } as object}
        data-old={props.old || undefined}
        data-boxed={boxed || undefined}
      >
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells take keys.
          role="grid"
          aria-label={table.label}
          aria-rowcount={props.count < 0 ? -1 : props.count + 1}
          aria-colcount={columns.length + (boxed ? 1 : 0)}
          aria-multiselectable="true"
          aria-busy={props.old || undefined}
          data-sized={sized || undefined}
          style={sized ? { width: `max(100%, ${sumOf(columns, widths, boxed)}px)` } : undefined}
        >
          {sized ? <Sizes columns={columns} widths={widths} boxed={boxed} /> : null}
          <Head
            {...props}
            box={box}
            col={at.row === -1 ? at.col : null}
            all={boxed ? all : undefined}
            onAll={() => chooseAll(!all)}
            sized={sized}
            onWidths={(next, done) => {
              setDragged(done ? null : next);
              if (done) props.onWidths(next);
            }}
          />
          <Body {...props} {...{ roaming, cells, choosing, sized }} />
        </table>
        {props.foot ? <div className="k-grid-foot">{props.foot}</div> : null}
      </div>
      {peeked ? (
        <Suspense fallback={<aside className="k-peek" />}>
          <Peek
            table={table}
            row={peeked}
            href={props.hrefOf(peeked)}
            onOpen={() => props.onOpen(peeked)}
            close={() => setPeeks(false)}
          />
        </Suspense>
      ) : null}
      <CellNotice cells={cells} />
    </div>
  );
}

const opening =
  ({ table, onOpen }: Props) =>
  (row: Row) => {
    keepOpened(table, row);
    onOpen(row);
  };

const keepOpened = (table: Table, row: Row) =>
  Object.assign(lastOpened, { table: table.name, id: String(row.id) });

type SizesProps = { columns: Column[]; widths: Widths; boxed: boolean };

function Sizes({ columns, widths, boxed }: SizesProps) {
  return (
    <colgroup>
      {boxed ? <col style={{ width: boxWidth }} /> : null}
      {columns.map(({ name }) => (
        <col key={name} style={{ width: widths[name] ?? usualWidth }} />
      ))}
      <col />
    </colgroup>
  );
}

const boxWidth = 44;
// Of a column that was picked since the others were given their widths.
const usualWidth = 140;
const sumOf = (columns: Column[], widths: Widths, boxed: boolean): number =>
  columns.reduce((sum, { name }) => sum + (widths[name] ?? usualWidth), boxed ? boxWidth : 0);

type BodyProps = Props & {
  roaming: Roaming;
  cells: Cells;
  choosing: Choosing;
  sized: boolean;
};

// So many stand above what is in sight at most, and as many are ready below it.
const beside = 20;

/** How many rows are drawn: first what the window holds, and those beside it once that is seen. */
function useDrawn(rowHeight: number, first: number): number {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), 100);
    return () => clearTimeout(timer);
  }, []);
  return Math.ceil(innerHeight / rowHeight) + (seen || first > 0 ? 2 * beside : 0);
}

function Body(props: BodyProps) {
  const { rows, rowHeight, roaming, cells, choosing } = props;
  const { first, at } = roaming;
  const printing = usePrinting();
  const few = useDrawn(rowHeight, first);
  const drawn = printing ? rows.length : few;
  const from = Math.max(0, Math.min(first, Math.max(0, rows.length - drawn)));
  const until = Math.min(rows.length, from + drawn);
  const line = (index: number) => {
    const row = rows[index]!;
    const id = String(row.id);
    const { editing, Editor } = cells;
    const edited = editing?.id === id && Editor ? editing : undefined;
    const col = props.columns.findIndex(({ name }) => name === edited?.column.name);
    const go = (step: string) => roaming.go(after({ row: index, col }, step));
    return (
      <Line
        key={id}
        row={row}
        at={index}
        columns={props.columns}
        href={props.hrefOf(row)}
        decimals={props.decimals}
        title={props.table.title}
        col={edited ? col : at.row === index ? at.col : null}
        boxed={props.boxed}
        chosen={props.chosen.has(id)}
        onChoose={choosing.toggle}
        sized={props.sized}
        editor={
          edited && Editor ? (
            <Editor
              column={edited.column}
              row={edited.row}
              text={edited.text}
              onSave={(written, step) => {
                cells.save(edited, written);
                if (step !== 'stay') go(step);
              }}
              onLeave={() => {
                cells.leave();
                go('stay');
              }}
            />
          ) : undefined
        }
      />
    );
  };
  const gap = (key: string, count: number) =>
    count > 0 ? <tr key={key} style={{ height: count * rowHeight }} /> : null;
  // Paper shows what is loaded.
  const coming = printing ? 0 : props.total - rows.length;
  const across = props.columns.length + (props.boxed ? 1 : 0) + (props.sized ? 1 : 0);
  // The row that has the focus stays drawn wherever one scrolls, or the keys would be lost.
  const above = at.row >= 0 && at.row < from ? at.row : -1;
  const below = at.row >= until && at.row < rows.length ? at.row : -1;
  return (
    <tbody>
      {above < 0 ? gap('above', from) : gap('above', above)}
      {above < 0 ? null : line(above)}
      {above < 0 ? null : gap('above 2', from - above - 1)}
      {rows.slice(from, until).map((_, index) => line(from + index))}
      {below < 0 ? gap('below', rows.length - until) : gap('below', below - until)}
      {below < 0 ? null : line(below)}
      {below < 0 ? null : gap('below 2', rows.length - below - 1)}
      {coming > 0 ? (
        <tr>
          <td className="k-coming" colSpan={across} style={{ height: coming * rowHeight }} />
        </tr>
      ) : null}
    </tbody>
  );
}

function after({ row, col }: Spot, step: string): Spot {
  if (step === 'down') return { row: row + 1, col };
  if (step === 'up') return { row: Math.max(0, row - 1), col };
  if (step === 'next') return { row, col: col + 1 };
  return step === 'before' ? { row, col: Math.max(0, col - 1) } : { row, col };
}

/** Where cells can be typed in a click goes to the cell; else, and by touch, it opens the record. */
function mouseOf({ columns, rows, table, onOpen }: Props, cells: Cells) {
  const leading = leadingOf(columns, table.title);
  const spotAt = (event: MouseEvent) => {
    const inner = (event.target as HTMLElement).closest('a, input, select, .k-choose, .k-edited');
    const spot = inner ? undefined : spotOf(event.target);
    const row = spot && rows[spot.row];
    const column = spot && columns[spot.col];
    return row && column ? { row, column } : undefined;
  };
  return {
    onClick: (event: MouseEvent) => {
      const at = spotAt(event);
      const link = (event.target as HTMLElement).closest('td a') && spotOf(event.target);
      if (link && rows[link.row]) keepOpened(table, rows[link.row]!);
      if (!at || String(getSelection() ?? '')) return;
      const touched = (event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch';
      if (touched || !cells.editable || at.column.name === leading) onOpen(at.row);
    },
    onDoubleClick: (event: MouseEvent) => {
      const at = spotAt(event);
      if (!at) return;
      getSelection()?.removeAllRanges();
      if (cells.may(at.column, at.row)) void cells.begin(at.row, at.column);
      else onOpen(at.row);
    },
  };
}

type Parts = {
  roaming: Roaming;
  cells: Cells;
  choosing: Choosing;
  peeks: boolean;
  setPeeks: (peeks: boolean) => void;
};

function useGridKeys(props: Props, parts: Parts) {
  const { rows, columns, chosen, setChosen, onOpen } = props;
  const { roaming, cells, choosing, peeks, setPeeks } = parts;
  useKnownKeys(cells, roaming);
  const pressed = (event: KeyboardEvent, spot: Spot): boolean => {
    const row = rows[spot.row];
    const column = columns[spot.col];
    const mod = event.ctrlKey || event.metaKey;
    const id = String(row?.id);
    if (event.key === 'Escape') {
      if (peeks) setPeeks(false);
      else if (chosen.size) setChosen(new Set());
      else return false;
      return true;
    }
    if (mod && event.key.toLowerCase() === 'a') {
      setChosen(new Set(rows.map((one) => String(one.id))));
      return true;
    }
    if (!row || mod || event.altKey) return false;
    if (event.key === 'Enter') onOpen(row);
    else if (event.key === ' ' && event.shiftKey) choosing.toggle(spot.row, !chosen.has(id), false);
    else if (!column) return false;
    else if (event.key === ' ') setPeeks(!peeks);
    else if (event.key === 'F2' && cells.may(column, row)) void cells.begin(row, column);
    else if (startsWith(event.key, column) !== undefined && cells.may(column, row))
      void cells.begin(row, column, startsWith(event.key, column));
    else if (event.key === 'x') choosing.toggle(spot.row, !chosen.has(id), false);
    else return false;
    return true;
  };
  // On the way to a row that is not there yet no key is meant for the one that is left.
  const acts = (event: KeyboardEvent, spot: Spot): boolean => {
    if (!roaming.goal) return pressed(event, spot);
    if (event.key === 'Escape') roaming.stay();
    // Space alone would scroll; the keys of the page and of the browser stay theirs.
    return event.key === 'Escape' || event.key === ' ';
  };
  return (event: KeyboardEvent) => {
    const spot = spotOf(event.target);
    if (!spot || event.defaultPrevented) return;
    if (cells.editing) {
      // What is typed before the editor is loaded is not lost; and not there twice, as it were where
      // the key's own writing meets the editor that stands there by then.
      if (cells.Editor || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
      cells.type(event.key);
      event.preventDefault();
      return;
    }
    // Rows are chosen as far as they are there; one goes as far as there are any.
    const rowCount = event.shiftKey ? rows.length : props.total;
    const last = { row: rowCount - 1, col: columns.length - 1 };
    const step = stepOf(event, roaming.goal ?? spot, roaming.page, last);
    if (step) {
      const to = roaming.go({ ...step, row: Math.min(step.row, last.row) });
      if (!event.shiftKey) choosing.rest();
      else if (to !== spot.row && to >= 0) choosing.reach(Math.max(spot.row, 0), to);
    }
    if (step || acts(event, spot)) event.preventDefault();
  };
}

/** What a key begins to type in a cell of a column; the keys of the page stay what they are. */
function startsWith(key: string, column: Column): string | undefined {
  if (key === 'Backspace' || key === 'Delete') return column.type === 'boolean' ? undefined : '';
  if (key.length !== 1 || column.refers_to || column.choices?.length) return undefined;
  if (column.type === 'text') return /[\s/?]/.test(key) ? undefined : key;
  return /^(number|money|quantity|fraction)$/.test(column.type) && /[\d.,-]/.test(key)
    ? key
    : undefined;
}

/** The keys of the grid in the help; most are heard where the focus is. */
function useKnownKeys(cells: Cells, { go, at }: Roaming) {
  const edits: Key[] = [
    { keys: 'F2', label: t('Edit the cell, or just type') },
    { keys: 'mod+z', label: t('Undo the last change of a cell'), run: cells.undo },
  ];
  useKeys([
    { keys: 'Enter', label: t('Open the record') },
    { keys: 'Space', label: t('Look at the record beside the list') },
    { keys: 'shift+ArrowDown', label: t('Choose rows') },
    { keys: 'mod+a', label: t('Choose all rows shown') },
    { keys: 'mod+c', label: t('Copy the chosen rows, or the cell') },
    { keys: 'mod+Home', label: t('To the first row') },
    ...(cells.editable ? edits : []),
  ]);
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const free = event.target === document.body && !event.defaultPrevented;
      if (!free || event.key !== 'ArrowDown' || event.altKey) return;
      event.preventDefault();
      go(at);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  });
}
