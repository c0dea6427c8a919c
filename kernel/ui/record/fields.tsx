import { Button } from '@mantine/core';
import { t } from '../base/i18n.ts';
import type { Column, Row } from '../base/types.ts';
import { Field } from '../field/field.tsx';
import type { RecordForm } from './form.ts';
import { isLong } from './groups.ts';

type FieldsProps = { form: RecordForm; columns?: Column[]; row?: Row; focus?: string };

/** The fields of a record, each with what is wrong with it as one leaves it. */
export function Fields({ form, columns = form.columns, row, focus }: FieldsProps) {
  return (
    <div className="k-fields">
      {columns.map((column) => (
        <div key={column.name} data-wide={isLong(column) || undefined}>
          <Field
            column={column}
            value={form.typedIn(column)}
            label={labelOf(column.name, row, form.typedIn(column))}
            error={form.errors[column.name]}
            autoFocus={column.name === focus}
            onChange={(value) => form.set(column, value)}
            onBlur={() => form.look(column)}
          />
        </div>
      ))}
    </div>
  );
}

type SaveBarProps = { form: RecordForm; isNew: boolean; cancel: () => void };

/** Saves what is typed, or leaves it. */
export function SaveBar({ form, isNew, cancel }: SaveBarProps) {
  return (
    // A press on a button must not leave the field first: what would then be said of that field
    // could move the button away from under the pointer.
    // biome-ignore lint/a11y/noStaticElementInteractions: it takes nothing, it keeps the focus.
    <div className="k-save-bar" onMouseDown={(event) => event.preventDefault()}>
      <span className="k-dim">
        {isNew ? t('Ctrl Enter saves') : t('Ctrl Enter saves, Esc leaves')}
      </span>
      <Button variant="default" onClick={cancel}>
        {t('Cancel')}
      </Button>
      <Button type="submit" loading={form.busy}>
        {isNew ? t('Create') : t('Save')}
      </Button>
    </div>
  );
}

// A label belongs to the value that came with it, not to one picked since.
export const labelOf = (name: string, row: Row | undefined, value: unknown) =>
  row && row[name] === value ? (row[`${name}_label`] as string | null) : null;
