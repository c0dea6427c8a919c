import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useGo } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Row, Table } from '../base/types.ts';
import { choiceValue, shown, toneOf } from '../field/cell.tsx';
import { idsOfList } from '../shell/came_from.ts';
import { useKeys } from '../shell/keys.ts';
import { keepRecent } from '../shell/recent.ts';
import { Actions } from './actions.tsx';
import { isState } from './facts.tsx';
import { useTitle } from './translations.tsx';

/** What a record is called, how far it is, and what can be done with it. */
export function Head({ table, row }: { table: Table; row?: Row }) {
  const title = useTitle(table, row);
  const code = row && table.title !== 'number' ? (row.number ?? row.code) : null;
  const archived = row?.is_active === false;
  const me = useSignedIn().user.id;
  const href = row ? `/${table.module}/${table.table}/${row.id}` : '';
  useEffect(() => {
    if (href) keepRecent(me, { label: title, second: table.label, href });
  }, [me, title, table.label, href]);
  return (
    <>
      <div className="k-head">
        <h1>
          {title}
          {code && typeof code === 'string' && !title.includes(code) ? <small>{code}</small> : null}
          {archived ? <span className="k-tag">{t('Archived')}</span> : null}
        </h1>
        {row ? <Neighbours table={table} row={row} /> : null}
        {row ? <Actions table={table} row={row} title={title} /> : null}
      </div>
      {row ? <States table={table} row={row} /> : null}
      {archived && table.may.archive && table.may.change ? (
        <p className="k-dim">{t('It is archived. Bring it back to change it.')}</p>
      ) : null}
    </>
  );
}

/** The states that a record goes through, in their order; a way out of them only once it is taken. */
function States({ table, row }: { table: Table; row: Row }) {
  const { company } = useSignedIn();
  const column = table.columns.find(isState);
  if (!column) return null;
  const now = String(row[column.name]);
  const all = (column.choices ?? []).map(choiceValue);
  const steps = all.filter((state) => state === now || toneOf(state, column) !== 'bad');
  const at = steps.indexOf(now);
  return (
    <ol className="k-states" aria-label={column.label}>
      {steps.map((state, place) => (
        <li
          key={state}
          aria-current={place === at ? 'step' : undefined}
          data-tone={place === at ? toneOf(state, column) : undefined}
          data-past={place < at || undefined}
        >
          {shown(column, { [column.name]: state }, company.decimals)}
        </li>
      ))}
    </ol>
  );
}

/** On to the record before and after in the list that one came from. */
function Neighbours({ table, row }: { table: Table; row: Row }) {
  const go = useGo();
  const ids = idsOfList(table.name);
  const at = ids.indexOf(String(row.id));
  const known = at >= 0 && ids.length > 1;
  const to = (step: number) => {
    const id = ids[at + step];
    if (id) go(`/${table.module}/${table.table}/${id}`);
  };
  const keys = [
    { keys: 'alt+ArrowUp', label: t('Record before'), run: () => to(-1), typing: true },
    { keys: 'alt+ArrowDown', label: t('Next record'), run: () => to(1), typing: true },
  ];
  useKeys(known ? keys : []);
  if (!known) return null;
  return (
    <div className="k-tools">
      <ActionIcon
        size={32}
        disabled={at === 0}
        aria-label={t('Record before (Alt ↑)')}
        title={t('Record before (Alt ↑)')}
        onClick={() => to(-1)}
      >
        <IconArrowUp size={18} stroke={1.6} />
      </ActionIcon>
      <ActionIcon
        size={32}
        disabled={at === ids.length - 1}
        aria-label={t('Next record (Alt ↓)')}
        title={t('Next record (Alt ↓)')}
        onClick={() => to(1)}
      >
        <IconArrowDown size={18} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}
