import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { A } from './address.tsx';
import { Cell, isNumeric } from './cell.tsx';
import { t } from './i18n.ts';
import { sortedBy, sortTerms } from './list_state.ts';
import { usePrinting } from './print.tsx';
import type { Column, Row, Table } from './types.ts';

type Props = {
  table: Table;
  columns: Column[];
  rows: Row[];
  sort: string;
  onSort: (sort: string) => void;
  onOpen: (row: Row) => void;
  hrefOf: (row: Row) => string;
  onEnd: () => void;
  rowHeight: number;
  decimals: number;
  currency: string;
  foot?: string;
  /** The rows that are chosen, by id; without it none can be. */
  chosen?: ReadonlySet<string>;
  onChoose?: (ids: string[], on: boolean) => void;
};

const inSight = 60;

/** The rows of a list; only those in sight are drawn, so that a long list stays as quick. */
export function Grid(props: Props) {
  const { rows, rowHeight, columns } = props;
  const { box, first, active, scrolled, keys } = useRoaming(props);
  const drawn = usePrinting() ? rows.length : inSight;
  const from = Math.max(0, Math.min(first, Math.max(0, rows.length - drawn)));
  const after = rows.length - from - drawn;
  return (
    <section
      className="k-grid"
      ref={box}
      onScroll={scrolled}
      onKeyDown={keys}
      style={{ '--k-row': `${rowHeight}px` } as object}
      aria-label={props.table.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys.
      tabIndex={0}
    >
      <table aria-rowcount={rows.length}>
        <Head {...props} />
        <tbody>
          {from > 0 ? <tr style={{ height: from * rowHeight }} /> : null}
          {rows.slice(from, from + drawn).map((row, at) => (
            <Line
              key={String(row.id)}
              row={row}
              at={from + at}
              columns={columns}
              href={props.hrefOf(row)}
              decimals={props.decimals}
              title={props.table.title}
              onOpen={props.onOpen}
              chosen={props.chosen?.has(String(row.id))}
              onChoose={props.onChoose}
              reachable={from + at === Math.max(active, 0)}
            />
          ))}
          {after > 0 ? <tr style={{ height: after * rowHeight }} /> : null}
        </tbody>
      </table>
      {props.foot ? <p className="k-grid-foot">{props.foot}</p> : null}
    </section>
  );
}

/** Which rows are in sight, and which one the keys are on. */
function useRoaming({ rows, rowHeight, onEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [active, setActive] = useState(-1);
  const scrolled = () => {
    const at = box.current;
    if (!at) return;
    setFirst(Math.max(0, Math.floor(at.scrollTop / rowHeight / 10) * 10 - 10));
    if (at.scrollHeight - at.scrollTop - at.clientHeight < 600) onEnd();
  };
  const move = (to: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, to));
    const view = box.current;
    if (!view || rows.length === 0) return;
    const top = at * rowHeight;
    if (top < view.scrollTop) view.scrollTop = top;
    const space = view.clientHeight - rowHeight * 2;
    if (top > view.scrollTop + space) view.scrollTop = top - space;
    setActive(at);
  };
  useEffect(() => {
    if (active >= 0) box.current?.querySelector<HTMLElement>(`[data-at="${active}"]`)?.focus();
  }, [active]);
  const keys = (event: KeyboardEvent) => {
    const page = Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 2;
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  return { box, first, active, scrolled, keys };
}

function Head({ columns, sort, onSort, currency, rows, chosen, onChoose }: Props) {
  const terms = sortTerms(sort);
  const all = rows.length > 0 && rows.every(({ id }) => chosen?.has(String(id)));
  const ids = () => rows.map(({ id }) => String(id));
  return (
    <thead>
      <tr>
        {chosen ? (
          <th className="k-choose" scope="col">
            <input
              type="checkbox"
              aria-label={t('Choose all rows shown')}
              checked={all}
              onChange={() => onChoose?.(ids(), !all)}
            />
          </th>
        ) : null}
        {columns.map((column) => {
          const place = terms.findIndex(([name]) => name === column.name);
          const down = terms[place]?.[1] === 'desc';
          const direction = place < 0 ? undefined : down ? 'descending' : 'ascending';
          const Arrow = down ? IconArrowDown : IconArrowUp;
          const unit = column.unit ?? (column.type === 'money' ? currency : '');
          const text = (
            <>
              {column.label}
              {unit ? <small>{unit}</small> : null}
            </>
          );
          return (
            <th
              key={column.name}
              scope="col"
              aria-sort={direction}
              className={isNumeric(column.type) ? 'k-num' : undefined}
              title={column.help ?? undefined}
            >
              {column.sortable || place >= 0 || terms.length > 0 ? (
                <button
                  type="button"
                  title={t('Sort; with Shift beside what is sorted already')}
                  onClick={(event) => onSort(sortedBy(sort, column.name, event.shiftKey))}
                >
                  {text}
                  {place >= 0 ? <Arrow size={13} aria-label={t('sorted')} /> : null}
                  {place >= 0 && terms.length > 1 ? <small>{place + 1}</small> : null}
                </button>
              ) : (
                text
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

type LineProps = {
  row: Row;
  at: number;
  columns: Column[];
  href: string;
  decimals: number;
  title: string;
  reachable: boolean;
  onOpen: (row: Row) => void;
  chosen?: boolean;
  onChoose?: (ids: string[], on: boolean) => void;
};

const Line = memo(function Line(props: LineProps) {
  const { row, at, columns, href, decimals, onOpen, chosen, onChoose } = props;
  const leading = columns.some(({ name }) => name === props.title) ? props.title : columns[0]?.name;
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') onOpen(row);
    if (event.key !== 'x' || chosen === undefined) return;
    event.preventDefault();
    onChoose?.([String(row.id)], !chosen);
  };
  return (
    <tr
      data-at={at}
      tabIndex={props.reachable ? 0 : -1}
      onKeyDown={keys}
      onClick={(event) => {
        const selecting = String(getSelection() ?? '').length > 0;
        if (!selecting && !(event.target as HTMLElement).closest('a, input, .k-choose'))
          onOpen(row);
      }}
    >
      {chosen === undefined ? null : (
        <td className="k-choose">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('Choose this row')}
            checked={chosen}
            onChange={() => onChoose?.([String(row.id)], !chosen)}
          />
        </td>
      )}
      {columns.map((column) => {
        const cell = <Cell column={column} row={row} decimals={decimals} />;
        return (
          <td key={column.name} className={isNumeric(column.type) ? 'k-num' : undefined}>
            {column.name === leading ? (
              <A href={href} tabIndex={-1}>
                {cell}
              </A>
            ) : (
              cell
            )}
          </td>
        );
      })}
    </tr>
  );
});
