import type { FocusEvent, KeyboardEvent } from 'react';
import type { Column } from '../base/types.ts';
import { Field, type Typed } from './field.tsx';

type Props = {
  column: Column;
  value: Typed;
  /** What a reference is called that came with the row. */
  label?: string | null;
  error?: string;
  autoFocus?: boolean;
  onChange: (value: Typed) => void;
  onBlur?: () => void;
};

/** The input of one cell, named by its column; what is wrong with it stands below. */
export function CellField(props: Props) {
  // What is typed replaces what stood there, unless one began by typing.
  const focus = (event: FocusEvent<HTMLInputElement>) => {
    const { value, type } = event.currentTarget;
    if (type !== 'text') return;
    event.currentTarget.setSelectionRange(value.length > 1 ? 0 : value.length, value.length);
  };
  return (
    <div className="k-cell-field">
      <Field {...props} bare onFocus={focus} />
    </div>
  );
}

/** What a key on a cell begins to type; undefined where it only opens it, or does something else. */
export function typedBy(column: Column, event: KeyboardEvent): string | undefined {
  const { key, ctrlKey, metaKey, altKey } = event;
  const plain = key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
  const picked = column.refers_to || column.choices?.length;
  const text = !picked && !/^(boolean|date|timestamp)$/.test(column.type);
  return plain && text ? key : undefined;
}

const steps: Record<string, [rows: number, cells: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Goes on by an arrow from one `[data-cell]` to the one beside, above or below it. */
export function moveByArrow(event: KeyboardEvent): void {
  const step = steps[event.key];
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
  const row = from?.closest('tr');
  if (!step || !from || !row || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const cellsOf = (of: Element | null) => [
    ...(of?.querySelectorAll<HTMLElement>('[data-cell]') ?? []),
  ];
  const [down, on] = step;
  const towards = getComputedStyle(row).direction === 'rtl' ? -on : on;
  const at = cellsOf(row).indexOf(from) + towards;
  const beside = down > 0 ? row.nextElementSibling : down < 0 ? row.previousElementSibling : row;
  const cells = cellsOf(beside);
  (down ? (cells[at] ?? cells.at(-1)) : cells[at])?.focus();
}
