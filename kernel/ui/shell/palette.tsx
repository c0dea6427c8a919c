import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useGo } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { titleOf } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { Icon } from '../base/icon.tsx';
import { useCatalogue, useSignedIn } from '../base/session.tsx';
import type { Catalogue, Me, Table } from '../base/types.ts';
import { areasOf, moduleLabel, newAt } from './menu.ts';
import { useLanguages, useSignOut, useThemes } from './person_choices.ts';
import { type Recent, recentOf } from './recent.ts';
import { useStore } from './store_switch.tsx';

/** Where it leads, or what it does. */
type Hit = { label: string; second?: string; icon?: string; href: string; run?: () => void };

/** Pages, lists, reports, and records of the tables that one looks up most. */
export default function Palette({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const go = useGo();
  const hits = useHits(text);
  const at = Math.min(active, Math.max(hits.length - 1, 0));
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    close();
    if (hit.run) hit.run();
    else go(hit.href);
  };
  const keys = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) setActive(Math.max(0, Math.min(hits.length - 1, at + step)));
    else if (event.key === 'Enter') open(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={600}
      yOffset="12vh"
      centered={false}
      attributes={{ content: { 'aria-label': t('Search') } }}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        className="k-palette-input"
        leftSection={<IconSearch size={16} stroke={1.8} />}
        placeholder={t('Page, list, customer, product …')}
        aria-label={t('Search')}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-hits"
        aria-activedescendant={hits[at] ? `palette-${at}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={keys}
      />
      <Hits hits={hits} at={at} setActive={setActive} open={open} keys={keys} />
      {hits.length === 0 ? <p className="k-palette-none">{t('Nothing found.')}</p> : null}
    </Modal>
  );
}

type HitsProps = {
  hits: Hit[];
  at: number;
  setActive: (at: number) => void;
  open: (hit: Hit) => void;
  keys: (event: KeyboardEvent) => void;
};

function Hits({ hits, at, setActive, open, keys }: HitsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <div
      className="k-palette-list"
      role="listbox"
      id="palette-hits"
      ref={list}
      aria-label={t('Found')}
    >
      {hits.map((hit, index) => (
        <div
          key={hit.href}
          id={`palette-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className="k-palette-hit"
          onMouseMove={() => setActive(index)}
          onClick={() => open(hit)}
          onKeyDown={keys}
        >
          <Icon name={hit.icon} size={16} />
          <span>{hit.label}</span>
          <small>{hit.second}</small>
        </div>
      ))}
    </div>
  );
}

function useHits(text: string): Hit[] {
  const me = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const pages = useMemo(() => {
    const menu = areasOf(me).flatMap(({ label: second, places }) =>
      places.map(({ label, href, icon }) => ({ label, href, icon, second })),
    );
    const known = new Set(menu.map(({ href }) => href));
    const rest = [...tablesOf(me, catalogue), ...reportsOf(catalogue)];
    return [...menu, ...rest.filter(({ href }) => !known.has(href))] as Hit[];
  }, [me, catalogue]);
  const [asked] = useDebouncedValue(text.trim(), 150);
  const records = useRecords(asked, catalogue);
  const choices = useChoices();
  const words = text.trim().toLowerCase();
  const named = ({ label }: Hit) => label.toLowerCase().includes(words);
  if (!words) return [...recentOf(me.user.id).map(again), ...pages];
  const found = [
    ...pages.filter(named).slice(0, 8),
    ...actionsOf(catalogue).filter(named).slice(0, 4),
    ...choices.filter(named).slice(0, 4),
  ];
  const known = new Set(found.map(({ href }) => href));
  return [...found, ...records.filter(({ href }) => !known.has(href))];
}

const again = (one: Recent): Hit => ({ ...one, icon: 'history' });

/** What one can have otherwise from anywhere. */
function useChoices(): Hit[] {
  const { stores } = useSignedIn();
  const [, setStore] = useStore();
  const signOut = useSignOut();
  const hit = (icon: string, label: string, run: () => void): Hit => {
    return { icon, label, second: t('Action'), href: label, run };
  };
  const free = <T extends { chosen: boolean }>(all: T[]) => all.filter(({ chosen }) => !chosen);
  const named = [{ id: '', name: t('All stores') }, ...stores];
  return [
    ...(stores.length > 1 ? named : []).map(({ id, name }) =>
      hit('store', t('Store: {name}', { name }), () => setStore(id)),
    ),
    ...free(useThemes()).map(({ label, choose }) =>
      hit('palette', t('Theme: {name}', { name: label }), choose),
    ),
    ...free(useLanguages()).map(({ label, choose }) =>
      hit('language', t('Language: {name}', { name: label }), choose),
    ),
    hit('logout', t('Sign out'), () => void signOut()),
  ];
}

/** What can be made from anywhere. */
const actionsOf = (catalogue: Catalogue | undefined): Hit[] =>
  (catalogue?.tables ?? [])
    .filter(({ may, module }) => may.create && !inner.includes(module))
    .map((table) => ({
      label: t('New: {table}', { table: table.label }),
      second: t('Action'),
      href: newAt(table),
      icon: 'plus',
    }));

// What the menu doesn't show is found all the same, except what only machines keep.
const inner = ['kernel', 'audit', 'identity'];

function tablesOf(me: Me, catalogue: Catalogue | undefined): Hit[] {
  const tables = (catalogue?.tables ?? []).filter(({ module }) => !inner.includes(module));
  return tables.map(({ label, module, table }) => ({
    label,
    second: moduleLabel(me, module),
    href: `/${module}/${table}`,
  }));
}

function reportsOf(catalogue: Catalogue | undefined): Hit[] {
  const reports = (catalogue?.reports ?? []).filter(({ page }) => !page);
  return reports.map(({ name, title }) => ({
    label: title,
    second: t('Report'),
    href: `/reports/${name}`,
    icon: 'chart',
  }));
}

function useRecords(asked: string, catalogue: Catalogue | undefined): Hit[] {
  const tables = (catalogue?.tables ?? []).filter(({ start }) => start?.lookUp);
  const query = useQuery({
    queryKey: ['palette', asked],
    enabled: asked.length > 1 && tables.length > 0,
    queryFn: async () => {
      const pages = await Promise.all(
        tables.map((table) => api.list(table.name, { q: asked, limit: 5 }).catch(() => null)),
      );
      return pages.flatMap((page, at) => (page?.rows ?? []).map((row) => hitOf(tables[at]!, row)));
    },
  });
  return asked.length > 1 ? (query.data ?? []) : [];
}

function hitOf(table: Table, row: Record<string, unknown>): Hit {
  const number = row.number && table.title !== 'number' ? ` ${row.number}` : '';
  return {
    label: titleOf(table, row),
    second: `${table.label}${number}`,
    href: `/${table.module}/${table.table}/${row.id}`,
  };
}
