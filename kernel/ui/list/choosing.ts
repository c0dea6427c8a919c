import { type ClipboardEvent, useCallback, useRef } from 'react';
import { fractionToPercent } from '../base/format.ts';
import type { Column, Row } from '../base/types.ts';
import { shown } from '../field/cell.tsx';

type Props = {
  rows: Row[];
  chosen: ReadonlySet<string>;
  setChosen: (ids: Set<string>) => void;
};

/** Which rows are chosen: one by one, or all between two as Shift reaches. */
export function useChoosing(props: Props) {
  const latest = useRef(props);
  latest.current = props;
  /** Where Shift reaches from, and what was chosen before it did. */
  const anchor = useRef<{ row: number; before: ReadonlySet<string> } | null>(null);
  const between = (from: number, to: number): string[] =>
    latest.current.rows
      .slice(Math.min(from, to), Math.max(from, to) + 1)
      .map(({ id }) => String(id));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it needs is read when called.
  const toggle = useCallback((at: number, on: boolean, reach: boolean) => {
    const { rows, chosen, setChosen } = latest.current;
    const from = anchor.current?.row;
    const ids = reach && from !== undefined ? between(from, at) : [String(rows[at]?.id)];
    const next = new Set(chosen);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    anchor.current = { row: at, before: next };
    setChosen(next);
  }, []);
  const reach = (from: number, to: number) => {
    const { chosen, setChosen } = latest.current;
    anchor.current ??= { row: from, before: chosen };
    setChosen(new Set([...anchor.current.before, ...between(anchor.current.row, to)]));
  };
  const rest = () => {
    anchor.current = null;
  };
  return { toggle, reach, rest };
}

/** Rows as a spreadsheet takes them: a tab between cells, numbers and days as it can reckon them. */
export function asTable(rows: Row[], columns: Column[], decimals: number): string {
  const line = (row: Row) => columns.map((column) => plainText(column, row, decimals)).join('\t');
  return rows.map(line).join('\n');
}

function plainText(column: Column, row: Row, decimals: number): string {
  const value = row[column.name];
  if (value === null || value === undefined) return '';
  if (column.type === 'fraction') return `${fractionToPercent(String(value))}%`;
  if (['number', 'money', 'quantity', 'date'].includes(column.type)) return String(value);
  return shown(column, row, decimals).replace(/[\t\r\n]+/g, ' ');
}

/** Puts a text into what is copied; also where the page is not reached by https. */
export function copyAs(event: ClipboardEvent, text: string): void {
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}
