import { Combobox, InputBase, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { api } from './api.ts';
import { titleOf } from './catalogue.ts';
import { t } from './i18n.ts';
import { useLabel } from './label.ts';
import { useTable } from './session.tsx';
import type { Filter, Row } from './types.ts';

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
};

/** Picks a record of another table by its name or number, asked from the server while typing. */
export function LookUp(props: Props) {
  const { combobox, typed, setTyped, label, found, choose } = useLookUp(props);
  const close = () => {
    setTyped(null);
    combobox.closeDropdown();
    props.onBlur?.();
  };
  const clearable = props.value && !props.required && !props.disabled;
  const right = clearable ? <Clear onClick={() => choose(null)} /> : <Combobox.Chevron />;
  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="md">
      <Combobox.Target withExpandedAttribute>
        <InputBase
          label={props.label}
          aria-label={props['aria-label']}
          description={props.description}
          error={props.error}
          required={props.required}
          disabled={props.disabled}
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
                <small>{secondLine(row, found.title)}</small>
              </div>
            </Combobox.Option>
          ))}
          {found.none ? <Combobox.Empty>{t('Nothing found.')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function useLookUp({ table: name, value, shown, filter, onChange }: Props) {
  const { table } = useTable(name);
  const [typed, setTyped] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.selectFirstOption(),
  });
  const [asked] = useDebouncedValue((typed ?? '').trim(), 180);
  const known = useLabel(name, value && !shown && !picked ? value : null);
  const label = value ? (picked ?? shown ?? known ?? '') : '';
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
  const choose = (id: string | null) => {
    const row = rows.find((one) => one.id === id) ?? null;
    setPicked(row ? nameOf(row) : null);
    setTyped(null);
    onChange(id, row);
    combobox.closeDropdown();
  };
  const none = Boolean(data) && rows.length === 0;
  const found = { rows, none, isFetching, titleOf: nameOf, title: table?.title };
  return { combobox, typed, setTyped, label, found, choose };
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

function secondLine(row: Row, title = 'name'): string {
  const parts = ['number', 'code', 'city', 'phone', 'email'].filter((name) => name !== title);
  return parts
    .map((name) => row[name])
    .filter(Boolean)
    .slice(0, 2)
    .join(' · ');
}
