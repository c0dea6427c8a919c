import { NativeSelect, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { FocusEvent } from 'react';
import { fractionToPercent, percentToFraction, plainNumber } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Column, Row } from '../base/types.ts';
import { fromTheWall, onTheWall } from '../base/zone.ts';
import { choiceLabel, choiceValue, isNumeric } from './cell.tsx';
import { LookUp } from './look_up.tsx';

/** What stands in a form: text as typed, whether yes or no, or nothing. */
export type Typed = string | boolean | null;

type Props = {
  column: Column;
  value: Typed;
  label?: string | null;
  error?: string;
  autoFocus?: boolean;
  /** In a cell, whose head says what it is: no label, no help. */
  bare?: boolean;
  onChange: (value: Typed) => void;
  onBlur?: () => void;
  onFocus?: (event: FocusEvent<HTMLInputElement>) => void;
};

/** The input that fits the type of a column. */
export function Field(props: Props) {
  const { column, value, label, error, autoFocus, bare, onChange, onBlur } = props;
  const { company } = useSignedIn();
  const text = typeof value === 'string' ? value : '';
  const required = column.required && column.type !== 'boolean';
  const description = column.help || undefined;
  const said = bare
    ? { 'aria-label': column.label, size: 'xs' as const }
    : { label: column.label, description };
  const common = { ...said, error, required, autoFocus, name: column.name, onBlur };
  if (column.refers_to) {
    return (
      <LookUp
        {...common}
        table={column.refers_to}
        value={text || null}
        shown={label}
        onChange={onChange}
        creates
      />
    );
  }
  if (column.type === 'boolean') return <YesNo {...props} />;
  if (column.choices?.length) {
    const data = column.choices.map((choice) => ({
      value: choiceValue(choice),
      label: choiceLabel(choice),
    }));
    // In a cell the browser's own: letters choose without opening it, and Enter is the row's.
    if (bare) {
      const none = column.required && text ? [] : [{ value: '', label: '' }];
      return (
        <NativeSelect
          {...common}
          data={[...none, ...data]}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    }
    return (
      <Select
        {...common}
        data={data}
        value={text || null}
        onChange={onChange}
        clearable={!column.required}
      />
    );
  }
  const typed = (event: { currentTarget: { value: string } }) =>
    onChange(event.currentTarget.value);
  if (
    !bare &&
    column.type === 'text' &&
    /^(notes?|description|remarks?|reason)$/.test(column.name)
  ) {
    return <Textarea {...common} value={text} onChange={typed} autosize minRows={2} />;
  }
  const number = isNumeric(column.type);
  const unit = column.unit ?? (column.type === 'money' ? company.currency : '');
  return (
    <TextInput
      {...common}
      onFocus={props.onFocus}
      type={
        column.type === 'date' ? 'date' : column.type === 'timestamp' ? 'datetime-local' : 'text'
      }
      inputMode={number ? 'decimal' : undefined}
      className={number ? 'k-number-field' : undefined}
      value={text}
      onChange={typed}
      rightSection={column.type === 'fraction' ? '%' : unit || null}
      rightSectionWidth={unit.length > 2 ? 46 : 30}
    />
  );
}

function YesNo({ column, value, error, autoFocus, bare, onChange }: Props) {
  return (
    <Switch
      {...(bare
        ? { 'aria-label': column.label, size: 'xs' as const }
        : { label: column.label, description: column.help || undefined })}
      error={error}
      name={column.name}
      checked={value === true}
      autoFocus={autoFocus}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** The value of a row as it stands in the form. */
export function typedOf(column: Column, row: Row | undefined): Typed {
  const value = row ? row[column.name] : column.default;
  if (column.type === 'boolean') return row ? value === true : column.name === 'is_customer';
  if (value === null || value === undefined) return '';
  if (column.type === 'fraction') return fractionToPercent(String(value));
  if (column.type === 'timestamp') return localTime(String(value));
  return String(value);
}

/** What was typed, as the server reads it; '' is no value. */
export function readOf(column: Column, value: Typed): unknown {
  if (typeof value === 'boolean') return value;
  const text = value?.trim() ?? '';
  if (text === '') return null;
  if (column.type === 'fraction') return percentToFraction(text);
  if (column.type === 'money' || column.type === 'quantity') return plainNumber(text);
  if (column.type === 'number') return Number(plainNumber(text));
  if (column.type === 'timestamp') return fromTheWall(text).toISOString();
  return text;
}

/** What can be said about a value before the server is asked. */
export function complaintAbout(column: Column, value: Typed): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  if (column.required && column.type !== 'boolean' && text === '') {
    return t('{label} is needed.', { label: column.label });
  }
  if (text && isNumeric(column.type) && !/^-?\d*\.?\d+$/.test(plainNumber(text))) {
    return t('{label} must be a number, such as 12.50.', { label: column.label });
  }
  return undefined;
}

function localTime(value: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return '';
  return onTheWall(date);
}
