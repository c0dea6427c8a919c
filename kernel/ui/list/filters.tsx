import { Button, Popover } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '../base/i18n.ts';
import { useLabel } from '../base/label.ts';
import { useCatalogue, useSignedIn } from '../base/session.tsx';
import type { Column, Filter, Table } from '../base/types.ts';
import { shown } from '../field/cell.tsx';
import { usePrinting } from '../shell/print.tsx';
import { columnAt, type ListState } from './state.ts';

const load = () => import('./filter_form.tsx');
const FilterForm = lazy(load);

export function operatorWords(operator: string, column: Column): string {
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
export function timeWords(time: string): string {
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

function Builder({ table, add }: { table: Table; add: (filter: Filter) => void }) {
  const [open, setOpen] = useState(false);
  const done = (filter: Filter) => {
    add(filter);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus width={300}>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconFilter size={15} stroke={1.7} />}
          onPointerEnter={() => void load()}
          onClick={() => setOpen(!open)}
        >
          {t('Filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={null}>
          <FilterForm table={table} add={done} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
