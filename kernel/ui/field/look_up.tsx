import { Combobox, InputBase, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { api } from '../base/api.ts';
import { titleOf } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { useLabel } from '../base/label.ts';
import { useMe, useTable } from '../base/session.tsx';
import type { Filter, Row, Table } from '../base/types.ts';
import { usual } from '../list/state.ts';
import { shown } from './cell.tsx';

// Seldom needed: it is loaded once something is made.
const LookUpCreate = lazy(() => import('./look_up_create.tsx'));

type Props = {
  table: string;
  value: string | null;
  shown?: string | null;
  onChange: (id: string | null, row: Row | null) => void;
  label?: ReactNode;
  'aria-label'?: string;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  filter?: Filter[];
  autoFocus?: boolean;
  onBlur?: () => void;
  size?: 'xs' | 'sm';
  name?: string;
  /** Whether one who may can make what isn't found. */
  creates?: boolean;
  /** What asks for what it needs, where the table's own form asks for too little or too much. */
  createWith?: ComponentType<{
    name: string;
    close: () => void;
    made: (id: string, row: Row) => void;
  }>;
};

/** Picks a record of another table by its name or number, asked from the server while typing. */
export function LookUp(props: Props) {
  const { combobox, typed, setTyped, label, found, choose, making, setMaking } = useLookUp(props);
  const { createWith: CreateWith } = props;
  const close = () => {
    setTyped(null);
    combobox.closeDropdown();
    props.onBlur?.();
  };
  const clearable = props.value && !props.required && !props.disabled;
  const right = clearable ? <Clear onClick={() => choose(null)} /> : <Combobox.Chevron />;
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={choose}
      shadow="md"
      position="bottom-start"
      // What is found comes after it is open, and at the foot of a page needs the room above.
      preventPositionChangeWhenVisible={false}
    >
      <Combobox.Target withExpandedAttribute>
        <InputBase
          label={props.label}
          aria-label={props['aria-label']}
          description={props.description}
          error={props.error}
          required={props.required}
          disabled={props.disabled}
          size={props.size}
          name={props.name}
          placeholder={props.placeholder ?? t('Search …')}
          autoFocus={props.autoFocus}
          data-autofocus={props.autoFocus || undefined}
          role="combobox"
          value={typed ?? label}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={close}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          rightSection={found.isFetching ? <Loader size={14} /> : right}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {found.rows.map((row) => (
            <Combobox.Option key={String(row.id)} value={String(row.id)}>
              <div className="k-option">
                <span>{found.titleOf(row)}</span>
                <small>{found.secondLine(row)}</small>
              </div>
            </Combobox.Option>
          ))}
          {found.none ? <Combobox.Empty>{t('Nothing found.')}</Combobox.Empty> : null}
          {found.toMake ? (
            <Combobox.Option value={toMake} className="k-option-make">
              {t('Create “{name}”', { name: found.toMake })}
            </Combobox.Option>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
      {making !== null && found.table ? (
        <Suspense fallback={null}>
          {CreateWith ? (
            <CreateWith name={making} close={() => setMaking(null)} made={found.take} />
          ) : (
            <LookUpCreate
              table={found.table}
              name={making}
              close={() => setMaking(null)}
              made={found.take}
            />
          )}
        </Suspense>
      ) : null}
    </Combobox>
  );
}

// Not an id: what is chosen to make what isn’t found.
const toMake = 'make';

function useLookUp({ table: name, value, shown: said, filter, creates, onChange }: Props) {
  const { table } = useTable(name);
  const me = useMe().data;
  const [making, setMaking] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.selectFirstOption(),
  });
  const [asked] = useDebouncedValue((typed ?? '').trim(), 180);
  const known = useLabel(name, value && !said && !picked ? value : null);
  const label = value ? (picked ?? said ?? known ?? '') : '';
  const { data, isFetching, isPlaceholderData } = useQuery({
    queryKey: ['list', name, 'look-up', asked, filter ?? []],
    enabled: combobox.dropdownOpened,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.list(name, { q: asked, limit: 20, filter }, signal),
  });
  const rows = data?.rows ?? [];
  // Enter takes the first of what was found for all that is typed, never of what was found before.
  const settled = Boolean(data) && !isPlaceholderData && asked !== '' && asked === typed?.trim();
  const { selectFirstOption } = combobox;
  useEffect(() => {
    if (settled) selectFirstOption();
  }, [settled, selectFirstOption]);
  const nameOf = (row: Row) => (table ? titleOf(table, row) : String(row.name ?? row.id));
  const take = (id: string | null, row: Row | null) => {
    setPicked(row ? nameOf(row) : null);
    setTyped(null);
    setMaking(null);
    onChange(id, row);
    combobox.closeDropdown();
  };
  const choose = (id: string | null) => {
    if (id !== toMake) return take(id, rows.find((one) => one.id === id) ?? null);
    setMaking(asked);
    combobox.closeDropdown();
  };
  const none = Boolean(data) && rows.length === 0;
  const isThere = rows.some((row) => nameOf(row).toLowerCase() === asked.toLowerCase());
  const mayMake = creates && table?.may.create && !table.new_at && settled && !isThere;
  const found = {
    ...{ rows, none, isFetching, table, take, titleOf: nameOf },
    toMake: mayMake ? asked : '',
    secondLine: (row: Row) => (table ? secondLine(table, row, me?.company.decimals) : ''),
  };
  return { combobox, typed, setTyped, label, found, choose, making, setMaking };
}

function Clear({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      className="k-clear"
      aria-label={t('Clear')}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      <IconX size={14} />
    </button>
  );
}

/** What tells records of the same name apart: what their list shows first, besides the name. */
function secondLine(table: Table, row: Row, decimals = 2): string {
  return usual(table)
    .filter(({ name, type }) => name !== table.title && type !== 'boolean')
    .map((column) => ({ column, text: row[column.name] ? shown(column, row, decimals) : '' }))
    .filter(({ text }) => text && text !== titleOf(table, row))
    .slice(0, 3)
    .map(({ text }) => text)
    .join(' · ');
}
