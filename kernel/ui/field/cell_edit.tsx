import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { titleOf } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { useTable } from '../base/session.tsx';
import type { Column, Row } from '../base/types.ts';
import { choiceLabel, choiceValue, isNumeric } from './cell.tsx';
import { complaintAbout, readOf, type Typed, typedOf } from './field.tsx';
import { LookUp } from './look_up.tsx';

/** Where one goes on after a cell: down or up a row, to the next cell or the one before. */
export type CellStep = 'down' | 'up' | 'next' | 'before' | 'stay';

/** A cell's new value, with the label of what it refers to, and as it was typed. */
export type Written = { value: unknown; label?: string | null; typed?: string };

export type CellEditProps = {
  column: Column;
  row: Row;
  /** What was typed over the cell already; without it, its value is typed on. */
  text?: string;
  onSave: (written: Written, step: CellStep) => void;
  onLeave: () => void;
};

/** A cell that is typed in: Enter keeps it and goes down, Tab to the side, Esc leaves it. */
export default function CellEdit(props: CellEditProps) {
  const { column, row, text, onSave, onLeave } = props;
  const [value, setValue] = useState<Typed>(text ?? typedOf(column, row));
  const [problem, setProblem] = useState('');
  const gone = useRef(false);
  const id = useId();
  const { table: other } = useTable(column.refers_to ?? '');
  const save = (typed: Typed, step: CellStep, label?: string | null) => {
    if (gone.current) return;
    const complaint = complaintAbout(column, typed);
    if (complaint && step !== 'stay') return setProblem(complaint);
    gone.current = true;
    if (complaint) onLeave();
    else onSave({ value: readOf(column, typed), label, ...asTyped(column, typed) }, step);
  };
  const leave = () => {
    gone.current = true;
    onLeave();
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    const steps: Record<string, CellStep> = {
      Enter: event.shiftKey ? 'up' : 'down',
      Tab: event.shiftKey ? 'before' : 'next',
    };
    const step = steps[event.key];
    // In a list of what can be picked Enter picks.
    if (event.key === 'Escape') leave();
    else if (!step || (column.refers_to && event.key === 'Enter')) return;
    else save(fromOption(column, value), step, kept(column, row));
    event.preventDefault();
  };
  const common = {
    'aria-label': column.label,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': problem ? id : undefined,
  };
  const typed = (next: string) => {
    setValue(next);
    setProblem('');
  };
  const options = optionsOf(column);
  const left = (event: FocusEvent) => {
    if (column.refers_to && !event.currentTarget.contains(event.relatedTarget)) leave();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are of the field in it.
    <div className="k-cell-edit" onKeyDown={keys} onBlur={left}>
      {column.refers_to ? (
        <LookUp
          autoFocus
          aria-label={column.label}
          table={column.refers_to}
          value={typeof value === 'string' && value ? value : null}
          shown={kept(column, row)}
          required={column.required}
          onChange={(picked, found) =>
            save(picked, 'down', found && other ? titleOf(other, found) : null)
          }
        />
      ) : options ? (
        <select
          {...common}
          // biome-ignore lint/a11y/noAutofocus: the person asked to type here.
          autoFocus
          value={String(value ?? '')}
          onChange={(event) => typed(event.currentTarget.value)}
          onBlur={() => save(fromOption(column, value), 'stay')}
        >
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          // biome-ignore lint/a11y/noAutofocus: the person asked to type here.
          autoFocus
          type={inputs[column.type] ?? 'text'}
          inputMode={isNumeric(column.type) ? 'decimal' : undefined}
          value={String(value ?? '')}
          onFocus={(event) => text === undefined && event.currentTarget.select()}
          onChange={(event) => typed(event.currentTarget.value)}
          onBlur={() => save(value, 'stay')}
        />
      )}
      {problem ? (
        <p className="k-cell-problem" id={id} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

const asTyped = (column: Column, typed: Typed) =>
  typeof typed === 'string' && !column.refers_to ? { typed } : {};

const inputs: Partial<Record<Column['type'], string>> = {
  date: 'date',
  timestamp: 'datetime-local',
};

// A label belongs to the value that came with it.
const kept = (column: Column, row: Row) =>
  column.refers_to ? (row[`${column.name}_label`] as string | null) : undefined;

/** What a value is one of; a list of the browser's own, for it is small and typed in by its words. */
function optionsOf(column: Column): { value: string; label: string }[] | undefined {
  if (column.type === 'boolean')
    return [
      { value: 'true', label: t('Yes') },
      { value: 'false', label: t('No') },
    ];
  const choices = column.choices?.map((choice) => ({
    value: choiceValue(choice),
    label: choiceLabel(choice),
  }));
  if (!choices?.length) return undefined;
  return column.required ? choices : [{ value: '', label: '–' }, ...choices];
}

const fromOption = (column: Column, value: Typed): Typed =>
  column.type === 'boolean' ? String(value) === 'true' : value;
