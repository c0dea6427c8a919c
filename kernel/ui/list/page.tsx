import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { A, useGo, useParam } from '../base/address.tsx';
import { decimal } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { may, useCatalogue, useSignedIn, useTable } from '../base/session.tsx';
import { Bone, Failed, Forbidden, Note, problemText, Waiting } from '../base/states.tsx';
import type { Column, ListLayout, Page, Row, Table } from '../base/types.ts';
import { isNumeric } from '../field/cell.tsx';
import { keepList } from '../shell/came_from.ts';
import { useKeys } from '../shell/keys.ts';
import { listLabel, newAt } from '../shell/menu.ts';
import { useCompact, useLayout } from '../shell/preferences.ts';
import { useStore } from '../shell/store_switch.tsx';
import { ChangeBar, type Chosen } from './change.tsx';
import { Filters } from './filters.tsx';
import { Grid } from './grid.tsx';
import { Grouping } from './grouping.tsx';
import { useRows } from './rows.ts';
import { type ListState, useListState } from './state.ts';
import { type Stand, Tools } from './tools.tsx';
import { Views } from './views.tsx';

const loadGroups = () => import('./groups.tsx');
const Groups = lazy(loadGroups);

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
  const [layout, setLayout] = useLayout(table.name);
  const state = useListState(table, store, layout.columns);
  const stand = useStand(state, layout, setLayout);
  const list = useRows(table, state);
  const { rows, count } = list;
  const { data: catalogue } = useCatalogue();
  const [chosen, setChosen] = useState<Chosen>({ ids: new Set(), all: false });
  const choosable = Boolean(
    catalogue?.operations.some(({ name }) => name === `${table.name}.change_many`),
  );
  const grouped = state.group.length > 0;
  // It comes with the rows, not after them.
  if (grouped) void loadGroups();
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
  const rowHeight = stand.compact ? 32 : 40;
  // What is there stays where the next rows are not to be had.
  const lost = list.error && rows.length > 0 ? list.error : undefined;
  return (
    <div className="k-list" style={{ '--k-row': `${rowHeight}px` } as object}>
      <div className="k-head k-list-head">
        <h1>
          {listLabel(me, table)}
          <small>{countText(count)}</small>
        </h1>
        <Tools table={table} state={state} stand={stand} />
        {table.may.create ? (
          <Button leftSection={<IconPlus size={15} />} onClick={() => go(newAt(table))}>
            {t('New')}
          </Button>
        ) : null}
      </div>
      <Views table={table} state={state} />
      <div className="k-list-bar">
        <Search state={state} box={search} />
        <Filters table={table} state={state} />
        <Grouping table={table} state={state} />
      </div>
      {list.error && !lost ? <Failed error={list.error} again={list.again} page={false} /> : null}
      {list.pending ? <Shapes columns={state.columns} /> : null}
      {!list.error && !list.pending && rows.length === 0 ? (
        <Empty table={table} state={state} />
      ) : null}
      {rows.length > 0 && grouped ? (
        <Suspense fallback={<Shapes columns={state.columns} />}>
          <Groups table={table} state={state} pages={list.pages} more={list.further} />
        </Suspense>
      ) : null}
      {rows.length > 0 && !grouped ? (
        <Grid
          table={table}
          columns={state.columns}
          rows={rows}
          count={count && !count.more ? count.value : -1}
          total={Math.max(rows.length, list.further && !lost ? (count?.value ?? 0) : 0)}
          question={list.question}
          reading={list.reading}
          sort={state.sort}
          onSort={(sort) => state.set({ sort })}
          onOpen={open}
          hrefOf={hrefOf}
          onEnd={list.more}
          onMove={(name, to) => stand.setColumns(movedTo(state.columns, name, to))}
          widths={stand.widths}
          onWidths={stand.setWidths}
          rowHeight={rowHeight}
          decimals={me.company.decimals}
          currency={me.company.currency}
          foot={
            lost ? (
              <Lost error={lost} again={list.retry} />
            ) : (
              list.loadingMore && t('Loading more …')
            )
          }
          old={list.old}
          boxed={choosable}
          chosen={chosen.ids}
          setChosen={(ids) => setChosen({ ids, all: false })}
        />
      ) : null}
      {list.further ? (
        <p className="k-printed-note">
          {t('The first {n} rows of this list.', { n: decimal(rows.length) })}
        </p>
      ) : null}
      <ChangeBar
        {...{ table, state, chosen, setChosen }}
        count={countText(count)}
        changes={choosable}
      />
    </div>
  );
}

function movedTo(columns: Column[], name: string, to: number): string[] {
  const names = columns.map((column) => column.name).filter((one) => one !== name);
  names.splice(to, 0, name);
  return names;
}

/** How the person has this list, and ways to say it; with a view, columns are the view's. */
function useStand(state: ListState, layout: ListLayout, keep: (said: ListLayout) => void): Stand {
  const [everywhere, setEverywhere] = useCompact();
  return {
    compact: layout.density ? layout.density === 'compact' : everywhere,
    setCompact: (compact) => {
      if (compact !== null) return keep({ density: compact ? 'compact' : 'comfortable' });
      if (layout.density) setEverywhere(layout.density === 'compact');
      keep({ density: undefined });
    },
    widths: layout.widths ?? {},
    setWidths: (widths) => keep({ widths: { ...layout.widths, ...widths } }),
    setColumns: (columns) => {
      state.set({ columns });
      if (!state.view) keep({ columns });
    },
    reset: () => {
      state.set({ columns: [] });
      keep({ columns: undefined, widths: undefined });
    },
  };
}

function countText(count: Page['count']): string {
  if (!count) return '';
  const n = decimal(count.value);
  return count.more ? t('more than {n}', { n }) : n;
}

/** Rows as they will stand, while they are waited for. */
function Shapes({ columns }: { columns: Column[] }) {
  return (
    <Waiting>
      <div className="k-shapes">
        {Array.from({ length: 14 }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shapes without a thing of their own.
          <div className="k-skeleton-row" key={row}>
            {columns.slice(0, 8).map(({ name, type }, at) => (
              <span key={name} className={isNumeric(type) ? 'k-num' : undefined}>
                <Bone width={`${40 + ((row * 7 + at * 13) % 40)}%`} />
              </span>
            ))}
          </div>
        ))}
      </div>
    </Waiting>
  );
}

/** Below the rows that are there: why those that were to come are not. */
function Lost({ error, again }: { error: Error; again: () => void }) {
  return (
    <span className="k-bad" role="alert">
      {problemText(error)}{' '}
      <Button size="compact-sm" variant="default" onClick={again}>
        {t('Try again')}
      </Button>
    </span>
  );
}

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
          document.querySelector<HTMLElement>('.k-grid tbody [tabindex="0"]')?.focus();
      }}
    />
  );
}

function Empty({ table, state }: { table: Table; state: ListState }) {
  const go = useGo();
  const me = useSignedIn();
  if (state.q || state.filter.length) {
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
          {may(me, 'kernel.import') ? (
            <A href="/import" className="k-button-link">
              <IconFileImport size={15} /> {t('Import from files')}
            </A>
          ) : null}
        </>
      ) : null}
    </Note>
  );
}
