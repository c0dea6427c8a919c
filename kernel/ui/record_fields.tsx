import { Button } from '@mantine/core';
import { Field } from './field.tsx';
import { t } from './i18n.ts';
import type { RecordForm } from './record_form.ts';
import type { Row } from './types.ts';

type FieldsProps = { form: RecordForm; row?: Row };

/** The fields of a record, each with what is wrong with it. */
export function Fields({ form, row }: FieldsProps) {
  return (
    <div className="k-fields">
      {form.columns.map((column, at) => (
        <Field
          key={column.name}
          column={column}
          value={form.typedIn(column)}
          label={labelOf(column.name, row, form.typedIn(column))}
          error={form.errors[column.name]}
          autoFocus={!row && at === 0}
          onChange={(value) => form.set(column, value)}
        />
      ))}
    </div>
  );
}

type SaveBarProps = { form: RecordForm; isNew: boolean; cancel: () => void };

/** Saves or gives up what is typed; it is there only while there is something to save. */
export function SaveBar({ form, isNew, cancel }: SaveBarProps) {
  if (!isNew && form.changed.length === 0) return null;
  return (
    <div className="k-save-bar">
      <span className="k-dim">{t('Ctrl Enter saves')}</span>
      <Button variant="default" onClick={isNew ? cancel : form.discard}>
        {isNew ? t('Cancel') : t('Discard changes')}
      </Button>
      <Button type="submit" loading={form.busy}>
        {isNew ? t('Create') : t('Save changes')}
      </Button>
    </div>
  );
}

// A label belongs to the value that came with it, not to one picked since.
const labelOf = (name: string, row: Row | undefined, value: unknown) =>
  row && row[name] === value ? (row[`${name}_label`] as string | null) : null;
