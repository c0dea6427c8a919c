import { memo, type ReactNode } from 'react';
import { A } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import type { Column, Row } from '../base/types.ts';
import { Cell, isNumeric } from '../field/cell.tsx';

type Props = {
  row: Row;
  at: number;
  columns: Column[];
  href: string;
  decimals: number;
  title: string;
  /** The cell of this row that the keys are on; null where they are on another row. */
  col: number | null;
  /** Whether a box stands in front that chooses the row. */
  boxed: boolean;
  chosen: boolean;
  onChoose: (at: number, on: boolean, reach: boolean) => void;
  /** What a cell is typed over with, while it is. */
  editor?: ReactNode;
  /** Whether the columns have widths of their own, and what is left over stands empty at the end. */
  sized: boolean;
};

/** A row of a list; drawn anew only where something of it changed. */
export const Line = memo(function Line(props: Props) {
  const { row, at, columns, href, decimals, col, boxed, chosen, editor } = props;
  const leading = leadingOf(columns, props.title);
  const before = boxed ? 2 : 1;
  return (
    <tr data-at={at} aria-rowindex={at + 2} aria-selected={chosen}>
      {boxed ? (
        <td className="k-choose" data-col={-1} aria-colindex={1}>
          <input
            type="checkbox"
            className="k-reach"
            tabIndex={col === -1 ? 0 : -1}
            aria-label={t('Choose this row')}
            checked={chosen}
            onChange={() => {}}
            onClick={(event) => props.onChoose(at, !chosen, event.shiftKey)}
          />
        </td>
      ) : null}
      {columns.map((column, index) => {
        const value = <Cell column={column} row={row} decimals={decimals} />;
        // A name is cut at its own end, also where the page runs the other way.
        const own = column.type === 'text' || column.refers_to;
        const cell = own ? (
          <span className="k-text" dir="auto">
            {value}
          </span>
        ) : (
          value
        );
        const edited = editor !== undefined && col === index;
        return (
          <td
            key={column.name}
            data-col={index}
            aria-colindex={index + before}
            tabIndex={col === index ? 0 : -1}
            className={classOf(column, index, edited)}
          >
            {column.name === leading ? (
              <A href={href} tabIndex={-1}>
                {cell}
              </A>
            ) : (
              cell
            )}
            {edited ? editor : null}
          </td>
        );
      })}
      {props.sized ? <td className="k-fill" aria-hidden="true" /> : null}
    </tr>
  );
});

/** The column whose cell is the link to the record. */
export const leadingOf = (columns: Column[], title: string): string | undefined =>
  columns.some(({ name }) => name === title) ? title : columns[0]?.name;

export function classOf(column: Column, index: number, edited = false): string | undefined {
  const names = [
    isNumeric(column.type) ? 'k-num' : '',
    index === 0 ? 'k-first' : '',
    edited ? 'k-edited' : '',
  ];
  return names.filter(Boolean).join(' ') || undefined;
}
