import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import {
  IconColumns,
  IconDownload,
  IconFileImport,
  IconLineHeight,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { A, useGo, useParam } from './address.tsx';
import { api } from './api.ts';
import { keepList } from './came_from.ts';
import { decimal } from './format.ts';
import { t } from './i18n.ts';
import { useKeys } from './keys.ts';
import { ChangeBar, type Chosen } from './list_change.tsx';
import { Filters } from './list_filters.tsx';
import { Grid } from './list_grid.tsx';
import { Grouping, Groups } from './list_groups.tsx';
import { type ListState, pickable, useListState } from './list_state.ts';
import { Views } from './list_views.tsx';
import { listLabel } from './menu.ts';
import { useCompact } from './preferences.ts';
import { useCatalogue, useSignedIn, useTable } from './session.tsx';
import { Failed, Forbidden, Note, Waiting } from './states.tsx';
import { useStore } from './store_switch.tsx';
import type { Page, Row, Table } from './types.ts';

/** The list of a table, made from the catalogue. */
export default function ListPage() {
  const name = `${useParam('module')}.${useParam('table')}`;
  const { table, loading, error } = useTable(name);
  if (loading) return <Waiting />;
  if (error) return <Failed error={error} />;
  if (!table) return <Forbidden text={t('There is no such list, or you may not see it.')} />;
  return <List key={name} table={table} />;
}

function List({ table }: { table: Table }) {
  const me = useSignedIn();
  const go = useGo();
  const [store] = useStore();
  const state = useListState(table, store);
  const [compact, setCompact] = useCompact();
  const list = useRows(table, state);
  const { rows, count } = list;
  const { data: catalogue } = useCatalogue();
  const [chosen, setChosen] = useState<Chosen>({ ids: new Set(), all: false });
  const choosable = catalogue?.operations.some(({ name }) => name === `${table.name}.change_many`);
  const choose = (ids: string[], on: boolean) => {
    const next = new Set(chosen.ids);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    setChosen({ ids: next, all: false });
  };
  const grouped = state.group.length > 0;
  const home = `/${table.module}/${table.table}`;
  const hrefOf = (row: Row) => `${home}/${row.id}`;
  const open = (row: Row) => go(hrefOf(row));
  useEffect(() => {
    if (!grouped)
      keepList(
        table.name,
        rows.map(({ id }) => String(id)),
      );
  }, [table.name, rows, grouped]);
  const search = useListKeys(table);
  const narrowed = Boolean(state.q || state.filter.length);
  return (
    <div className="k-list">
      <div className="k-head k-list-head">
        <h1>
          {listLabel(me, table.name) ?? table.label}
          <small>{count}</small>
        </h1>
        <Tools table={table} state={state} compact={compact} setCompact={setCompact} />
        {table.may.create ? (
          <Button leftSection={<IconPlus size={15} />} onClick={() => go(newAt(table))}>
            {t('New')}
          </Button>
        ) : null}
      </div>
      <div className="k-list-bar">
        <Search state={state} box={search} />
        <Filters table={table} state={state} />
        <Grouping table={table} state={state} />
        <Views table={table} state={state} />
      </div>
      {list.error ? <Failed error={list.error} again={list.again} page={false} /> : null}
      {list.pending ? <Waiting rows={14} /> : null}
      {!list.error && !list.pending && rows.length === 0 ? (
        <Empty table={table} state={state} narrowed={narrowed} />
      ) : null}
      {rows.length > 0 && !list.error && grouped ? (
        <Groups table={table} state={state} pages={list.pages} more={list.further} />
      ) : null}
      {rows.length > 0 && !list.error && !grouped ? (
        <Grid
          table={table}
          columns={state.columns}
          rows={rows}
          sort={state.sort}
          onSort={(sort) => state.set({ sort })}
          onOpen={open}
          hrefOf={hrefOf}
          onEnd={list.more}
          rowHeight={compact ? 32 : 40}
          decimals={me.company.decimals}
          currency={me.company.currency}
          foot={list.loadingMore ? t('Loading more …') : undefined}
          chosen={choosable ? chosen.ids : undefined}
          onChoose={choose}
        />
      ) : null}
      {list.further ? (
        <p className="k-printed-note">
          {t('The first {n} rows of this list.', { n: decimal(rows.length) })}
        </p>
      ) : null}
      {choosable ? <ChangeBar {...{ table, state, chosen, setChosen, count }} /> : null}
    </div>
  );
}

function useRows(table: Table, state: ListState) {
  const { query } = state;
  const page = useInfiniteQuery({
    queryKey: ['list', table.name, query],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    getNextPageParam: (last: Page) => last.next ?? undefined,
    queryFn: ({ pageParam, signal }) =>
      api.list(table.name, { ...query, limit: 100, cursor: pageParam }, signal),
  });
  const counted = useQuery({
    queryKey: ['list', table.name, 'count', query.q, query.filter],
    queryFn: ({ signal }) =>
      api.list(
        table.name,
        { q: query.q, filter: query.filter, limit: 1, columns: ['id'], count: true },
        signal,
      ),
  });
  const rows = useMemo(() => page.data?.pages.flatMap((one) => one.rows) ?? [], [page.data]);
  const further = () => void page.fetchNextPage();
  return {
    rows,
    pages: page.data?.pages ?? [],
    further: page.hasNextPage ? further : undefined,
    count: countText(counted.data),
    error: page.error,
    pending: page.isPending,
    loadingMore: page.isFetchingNextPage,
    again: () => void page.refetch(),
    more: () => {
      if (page.hasNextPage && !page.isFetchingNextPage) void page.fetchNextPage();
    },
  };
}

function countText(page: Page | undefined): string {
  if (!page?.count) return '';
  const n = decimal(page.count.value);
  return page.count.more ? t('more than {n}', { n }) : n;
}

const newAt = ({ module, table, new_at }: Table) => new_at ?? `/${module}/${table}/new`;

type BoxRef = React.RefObject<HTMLInputElement | null>;

function useListKeys(table: Table): BoxRef {
  const box = useRef<HTMLInputElement>(null);
  const go = useGo();
  const create = table.may.create;
  useKeys([
    { keys: '/', label: t('Search in this list'), run: () => box.current?.focus() },
    ...(create ? [{ keys: 'n', label: t('New'), run: () => go(newAt(table)) }] : []),
  ]);
  return box;
}

function Search({ state, box }: { state: ListState; box: BoxRef }) {
  const [text, setText] = useState(state.q);
  const ask = useDebouncedCallback((q: string) => state.set({ q: q.trim() }), 220);
  return (
    <TextInput
      ref={box}
      className="k-list-search"
      size="xs"
      type="search"
      aria-label={t('Search in this list')}
      placeholder={t('Search')}
      leftSection={<IconSearch size={14} stroke={1.8} />}
      rightSection={text ? null : <kbd>/</kbd>}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key === 'ArrowDown')
          document.querySelector<HTMLElement>('.k-grid tr[tabindex="0"]')?.focus();
      }}
    />
  );
}

type ToolsProps = {
  table: Table;
  state: ListState;
  compact: boolean;
  setCompact: (compact: boolean) => void;
};

function Tools({ table, state, compact, setCompact }: ToolsProps) {
  const names = state.columns.map(({ name }) => name);
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
    if (next.length) state.set({ columns: next });
  };
  const density = compact ? t('Roomier rows') : t('Tighter rows');
  return (
    <div className="k-tools">
      <ActionIcon
        size={32}
        aria-label={density}
        title={density}
        onClick={() => setCompact(!compact)}
      >
        <IconLineHeight size={18} stroke={1.6} />
      </ActionIcon>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('Columns')} title={t('Columns')}>
            <IconColumns size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {pickable(table).map(({ name, label }) => (
            <Menu.CheckboxItem
              key={name}
              checked={names.includes(name)}
              onChange={() => toggle(name)}
            >
              {label}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('Export')} title={t('Export')}>
            <IconDownload size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'json'] as const).map((format) => (
            <Menu.Item
              key={format}
              component="a"
              download
              href={api.exportUrl(table.name, format, { ...state.query, columns: names })}
            >
              {t('Export this list as {format}', { format: format.toUpperCase() })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

type EmptyProps = { table: Table; state: ListState; narrowed: boolean };

function Empty({ table, state, narrowed }: EmptyProps) {
  const go = useGo();
  if (narrowed) {
    return (
      <Note title={t('Nothing matches')} text={t('No row has all that you asked for.')}>
        <Button variant="default" onClick={() => state.set({ q: '', filter: [] })}>
          {t('Show all')}
        </Button>
      </Note>
    );
  }
  return (
    <Note title={t('Nothing here yet')} text={table.help ?? undefined}>
      {table.may.create ? (
        <>
          <Button onClick={() => go(newAt(table))}>{t('Make the first')}</Button>
          <A href="/import" className="k-button-link">
            <IconFileImport size={15} /> {t('Import from files')}
          </A>
        </>
      ) : null}
    </Note>
  );
}
