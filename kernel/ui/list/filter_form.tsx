import { Button, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { t } from '../base/i18n.ts';
import { tableOf, useCatalogue } from '../base/session.tsx';
import type { Catalogue, Column, Filter, Table } from '../base/types.ts';
import { choiceLabel, choiceValue, isNumeric } from '../field/cell.tsx';
import { readOf } from '../field/field.tsx';
import { LookUp } from '../field/look_up.tsx';
import { operatorWords, timeWords } from './filters.tsx';
import { columnAt, operatorsFor, times, type Wants } from './state.ts';

/** Columns of the table, then those of what it refers to, as a select shows them. */
function choicesOf(catalogue: Catalogue | undefined, table: Table) {
  const own = table.columns.filter(({ type, name, hidden }) => {
    return !hidden && name !== 'id' && type !== 'bytea';
  });
  const beyond = own.filter(({ refers_to }) => refers_to && tableOf(catalogue, refers_to));
  const groups = beyond.map((reference) => ({
    group: reference.label,
    items: (tableOf(catalogue, reference.refers_to ?? '')?.columns ?? [])
      .filter(
        ({ type, name, hidden }) => !hidden && name !== 'id' && type !== 'uuid' && type !== 'json',
      )
      .map(({ name, label }) => ({ value: `${reference.name}.${name}`, label })),
  }));
  return [
    { group: table.label, items: own.map(({ name, label }) => ({ value: name, label })) },
    ...groups.filter(({ items }) => items.length > 0),
  ];
}

type Props = { table: Table; add: (filter: Filter) => void };

/** One more filter: a column, how, and what with. */
export default function FilterForm({ table, add }: Props) {
  const [name, setName] = useState<string | null>(null);
  const [operator, setOperator] = useState('=');
  const [value, setValue] = useState('');
  const [until, setUntil] = useState('');
  const { data: catalogue } = useCatalogue();
  const column = name ? columnAt(catalogue, table, name) : undefined;
  const operators = column ? operatorsFor(column) : [];
  const wants = operators.find((one) => one.value === operator)?.wants ?? 'one';
  const ready = column && (wants === 'none' || value) && (wants !== 'two' || until);
  const choose = (next: string | null) => {
    const found = next ? columnAt(catalogue, table, next) : undefined;
    setName(next);
    setOperator(found ? operatorsFor(found)[0]!.value : '=');
    setValue(found?.type === 'boolean' ? 'true' : '');
    setUntil('');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!column || !ready) return;
    add(filterOf(column, operator, wants, value, until));
  };
  return (
    <form className="k-stack" onSubmit={submit}>
      <Select
        autoFocus
        label={t('Column')}
        data={choicesOf(catalogue, table)}
        value={name}
        onChange={choose}
        searchable
        comboboxProps={{ withinPortal: false }}
      />
      {column ? (
        <Select
          label={t('Condition')}
          data={operators.map((one) => ({
            value: one.value,
            label: one.wants === 'time' ? t('is in the time') : operatorWords(one.value, column),
          }))}
          value={operator}
          onChange={(next) => {
            setOperator(next ?? '=');
            setValue(column.type === 'boolean' ? 'true' : '');
          }}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
        />
      ) : null}
      {column && wants !== 'none' ? (
        <FilterValue column={column} wants={wants} value={value} onChange={setValue} />
      ) : null}
      {column && wants === 'two' ? (
        <FilterValue column={column} wants="one" value={until} onChange={setUntil} until />
      ) : null}
      <Button type="submit" disabled={!ready}>
        {t('Add the filter')}
      </Button>
    </form>
  );
}

function filterOf(
  column: Column,
  operator: string,
  wants: Wants,
  value: string,
  until: string,
): Filter {
  if (wants === 'none') return [column.name, operator];
  if (wants === 'time') return [column.name, operator, value];
  if (wants === 'two') return [column.name, operator, [read(column, value), read(column, until)]];
  if (wants === 'one') return [column.name, operator, read(column, value)];
  const all = value.split(',').map((one) => one.trim());
  return [column.name, operator, all.filter(Boolean).map((one) => read(column, one))];
}

type ValueProps = {
  column: Column;
  wants: Wants;
  value: string;
  until?: boolean;
  onChange: (value: string) => void;
};

function FilterValue({ column, wants, value, until, onChange }: ValueProps) {
  const label = until ? t('Until') : wants === 'two' ? t('From') : t('Value');
  if (wants === 'time') {
    return (
      <Select
        label={t('Time')}
        data={times.map((one) => ({ value: one, label: timeWords(one) }))}
        value={value || null}
        onChange={(next) => onChange(next ?? '')}
        comboboxProps={{ withinPortal: false }}
      />
    );
  }
  if (wants === 'many') {
    return (
      <TextInput
        label={t('Values, between commas')}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (column.refers_to) {
    return (
      <LookUp
        table={column.refers_to}
        label={label}
        value={value || null}
        onChange={(id) => onChange(id ?? '')}
      />
    );
  }
  const yesNo = [
    { value: 'true', label: t('Yes') },
    { value: 'false', label: t('No') },
  ];
  const choices = column.choices?.map((choice) => ({
    value: choiceValue(choice),
    label: choiceLabel(choice),
  }));
  if (column.type === 'boolean' || choices?.length) {
    return (
      <Select
        label={label}
        data={column.type === 'boolean' ? yesNo : choices}
        value={value || null}
        onChange={(next) => onChange(next ?? '')}
        comboboxProps={{ withinPortal: false }}
      />
    );
  }
  const type =
    column.type === 'date' ? 'date' : column.type === 'timestamp' ? 'datetime-local' : 'text';
  return (
    <TextInput
      label={column.type === 'fraction' ? t('Value in per cent') : label}
      type={type}
      inputMode={isNumeric(column.type) ? 'decimal' : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function read(column: Column, value: string): unknown {
  if (column.type === 'boolean') return value === 'true';
  const said = readOf(column, value);
  // What is no number is refused by the server, in its words.
  return Number.isNaN(said) ? value : said;
}
