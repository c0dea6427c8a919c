import { Button, Popover, Select, TextInput } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { choiceLabel, choiceValue, shown } from './cell.tsx';
import { t } from './i18n.ts';
import { useLabel } from './label.ts';
import { columnAt, type ListState, operatorsFor, times, type Wants } from './list_state.ts';
import { LookUp } from './look_up.tsx';
import { usePrinting } from './print.tsx';
import { tableOf, useCatalogue, useSignedIn } from './session.tsx';
import type { Catalogue, Column, Filter, Table } from './types.ts';

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
    not_contains: t('does not contain'),
    in: t('is one of'),
    not_in: t('is none of'),
    between: t('is between'),
    within: t('is'),
    has: t('has'),
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
      {usePrinting() && state.q ? (
        <span className="k-chip">
          {t('Search')} <b>{state.q}</b>
        </span>
      ) : null}
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
  const { data: catalogue } = useCatalogue();
  const column = columnAt(catalogue, table, name);
  const label = useLabel(column?.refers_to ?? '', column?.refers_to ? String(value ?? '') : null);
  if (!column) return null;
  const text = `${column.label} ${operatorWords(operator, column)}`;
  const read =
    operator === 'within' ? timeWords(String(value)) : valueText(column, value, company.decimals);
  return (
    <span className="k-chip">
      {text} <b>{column.refers_to && value !== undefined ? (label ?? '…') : read}</b>
      <button type="button" onClick={remove} aria-label={t('Remove the filter {text}', { text })}>
        <IconX size={13} />
      </button>
    </span>
  );
}

function valueText(column: Column, value: unknown, decimals: number): string {
  if (value === undefined) return '';
  const all = Array.isArray(value) ? value : [value];
  return all
    .map((one) => shown(column, { [column.name]: typed(column, one) }, decimals))
    .join(' – ');
}

const typed = (column: Column, value: unknown) =>
  column.type === 'boolean' ? value === true || value === 'true' : value;

/** `last 30 days` in the language of the page. */
function timeWords(time: string): string {
  const words: Record<string, string> = {
    today: t('today'),
    yesterday: t('yesterday'),
    'this week': t('this week'),
    'last week': t('last week'),
    'last 7 days': t('in the last 7 days'),
    'this month': t('this month'),
    'last month': t('last month'),
    'last 30 days': t('in the last 30 days'),
    'this quarter': t('this quarter'),
    'this year': t('this year'),
    'last year': t('last year'),
    'last 12 months': t('in the last 12 months'),
  };
  return words[time] ?? time;
}

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

function Builder({ table, add }: { table: Table; add: (filter: Filter) => void }) {
  const [open, setOpen] = useState(false);
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
                label:
                  one.wants === 'time' ? t('is in the time') : operatorWords(one.value, column),
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
      </Popover.Dropdown>
    </Popover>
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

function read(column: Column, value: string): unknown {
  if (column.type === 'boolean') return value === 'true';
  if (column.type === 'fraction') return String(Number(value.replace(',', '.')) / 100);
  if (column.type === 'timestamp') return new Date(value).toISOString();
  return value;
}
