import { Combobox, InputBase, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from './api.ts';
import { t } from './i18n.ts';
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
};

/** Picks a record of another table by its name or number, asked from the server while typing. */
export function LookUp(props: Props) {
  const { table: name, value, onChange } = props;
  const { table } = useTable(name);
  const [typed, setTyped] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.selectFirstOption(),
  });
  const [asked] = useDebouncedValue((typed ?? '').trim(), 180);
  const known = useLabel(name, value && !props.shown && !picked ? value : null);
  const label = value ? (picked ?? props.shown ?? known ?? '') : '';
  const { data, isFetching } = useQuery({
    queryKey: ['list', name, 'look-up', asked, props.filter ?? []],
    enabled: combobox.dropdownOpened,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.list(name, { q: asked, limit: 20, filter: props.filter }, signal),
  });
  const rows = data?.rows ?? [];
  const titleOf = (row: Row) =>
    String(row[table?.title ?? 'name'] ?? row.name ?? row.number ?? row.id);
  const choose = (id: string | null) => {
    const row = rows.find((one) => one.id === id) ?? null;
    setPicked(row ? titleOf(row) : null);
    setTyped(null);
    onChange(id, row);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="md">
      <Combobox.Target>
        <InputBase
          label={props.label}
          aria-label={props['aria-label']}
          description={props.description}
          error={props.error}
          required={props.required}
          disabled={props.disabled}
          placeholder={props.placeholder ?? t('Search …')}
          autoFocus={props.autoFocus}
          role="combobox"
          aria-expanded={combobox.dropdownOpened}
          value={typed ?? label}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            setTyped(null);
            combobox.closeDropdown();
          }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          rightSection={
            isFetching ? (
              <Loader size={14} />
            ) : value && !props.required && !props.disabled ? (
              <Clear onClick={() => choose(null)} />
            ) : (
              <Combobox.Chevron />
            )
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {rows.map((row) => (
            <Combobox.Option key={String(row.id)} value={String(row.id)}>
              <div className="k-option">
                <span>{titleOf(row)}</span>
                <small>{secondLine(row, table?.title)}</small>
              </div>
            </Combobox.Option>
          ))}
          {data && rows.length === 0 ? (
            <Combobox.Empty>{t('Nothing found.')}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
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

/** The title of one record, for ids that come without their label. */
export function useLabel(name: string, id: string | null | undefined): string | undefined {
  const { table } = useTable(name);
  const { data } = useQuery({
    queryKey: ['record', name, id],
    enabled: Boolean(id),
    queryFn: () => api.record(name, id!),
  });
  if (!data) return undefined;
  return String(data.row[table?.title ?? 'name'] ?? data.row.name ?? data.row.number ?? id);
}
