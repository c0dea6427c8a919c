import { Button, Popover, Select, TextInput } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { choiceLabel, choiceValue, shown } from './cell.tsx';
import { t } from './i18n.ts';
import { type ListState, operatorsFor } from './list_state.ts';
import { LookUp, useLabel } from './look_up.tsx';
import { useSignedIn } from './session.tsx';
import type { Column, Filter, Table } from './types.ts';

function operatorWords(operator: string, column: Column): string {
  const time = column.type === 'date' || column.type === 'timestamp';
  const words: Record<string, string> = {
    '=': t('is'),
    '!=': t('is not'),
    '<': time ? t('before') : t('under'),
    '<=': time ? t('until') : t('at most'),
    '>': time ? t('after') : t('over'),
    '>=': time ? t('from') : t('at least'),
    contains: t('contains'),
    starts: t('starts with'),
    in: t('is one of'),
    is_null: t('is empty'),
    not_null: t('is filled'),
  };
  return words[operator] ?? operator;
}

/** The filters of a list as sentences, and the builder for one more. */
export function Filters({ table, state }: { table: Table; state: ListState }) {
  const remove = (at: number) => state.set({ filter: state.filter.filter((_, one) => one !== at) });
  return (
    <div className="k-filters">
      {state.filter.map((filter, at) => (
        <Chip
          key={JSON.stringify(filter)}
          table={table}
          filter={filter}
          remove={() => remove(at)}
        />
      ))}
      <Builder table={table} add={(filter) => state.set({ filter: [...state.filter, filter] })} />
    </div>
  );
}

type ChipProps = { table: Table; filter: Filter; remove: () => void };

function Chip({ table, filter: [name, operator, value], remove }: ChipProps) {
  const { company } = useSignedIn();
  const column = table.columns.find((one) => one.name === name);
  const label = useLabel(column?.refers_to ?? '', column?.refers_to ? String(value ?? '') : null);
  if (!column) return null;
  const read =
    value === undefined ? '' : shown(column, { [name]: typed(column, value) }, company.decimals);
  const text = `${column.label} ${operatorWords(operator, column)}`;
  return (
    <span className="k-chip">
      {text} <b>{column.refers_to ? (label ?? '…') : read}</b>
      <button type="button" onClick={remove} aria-label={t('Remove the filter {text}', { text })}>
        <IconX size={13} />
      </button>
    </span>
  );
}

const typed = (column: Column, value: unknown) =>
  column.type === 'boolean' ? value === true || value === 'true' : value;

function Builder({ table, add }: { table: Table; add: (filter: Filter) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const [operator, setOperator] = useState('=');
  const [value, setValue] = useState('');
  const columns = table.columns.filter(({ type, name: of }) => type !== 'json' && of !== 'id');
  const column = columns.find((one) => one.name === name);
  const operators = column ? operatorsFor(column) : [];
  const needsValue = operators.find((one) => one.value === operator)?.needsValue ?? true;
  const choose = (next: string | null) => {
    const found = columns.find((one) => one.name === next);
    setName(next);
    setOperator(found ? operatorsFor(found)[0]!.value : '=');
    setValue(found?.type === 'boolean' ? 'true' : '');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!column || (needsValue && !value)) return;
    add(needsValue ? [column.name, operator, valueOf(column, value)] : [column.name, operator]);
    setOpen(false);
    choose(null);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus width={300}>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconFilter size={15} stroke={1.7} />}
          onClick={() => setOpen(!open)}
        >
          {t('Filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className="k-stack" onSubmit={submit}>
          <Select
            label={t('Column')}
            data={columns.map((one) => ({ value: one.name, label: one.label }))}
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
                label: operatorWords(one.value, column),
              }))}
              value={operator}
              onChange={(next) => setOperator(next ?? '=')}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
            />
          ) : null}
          {column && needsValue ? (
            <FilterValue column={column} value={value} onChange={setValue} />
          ) : null}
          <Button type="submit" disabled={!column || (needsValue && !value)}>
            {t('Add the filter')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

type ValueProps = { column: Column; value: string; onChange: (value: string) => void };

function FilterValue({ column, value, onChange }: ValueProps) {
  const label = t('Value');
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
  const number = ['number', 'money', 'quantity', 'fraction'].includes(column.type);
  return (
    <TextInput
      label={column.type === 'fraction' ? t('Value in per cent') : label}
      type={type}
      inputMode={number ? 'decimal' : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function valueOf(column: Column, value: string): unknown {
  if (column.type === 'boolean') return value === 'true';
  if (column.type === 'fraction') return String(Number(value.replace(',', '.')) / 100);
  if (column.type === 'timestamp') return new Date(value).toISOString();
  return value;
}
