import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { t } from '../base/i18n.ts';
import type { Column, Table } from '../base/types.ts';
import { measured, within } from './head.tsx';
import { type ListState, pickable } from './state.ts';
import type { Stand } from './tools.tsx';

type Props = { table: Table; state: ListState; stand: Stand };

/** Which columns stand in a list, in which order, and how wide. */
export default function ColumnForm({ table, state, stand }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const names = state.columns.map(({ name }) => name);
  const rest = pickable(table).filter(({ name }) => !names.includes(name));
  const move = (name: string, by: number) => {
    const at = names.indexOf(name);
    if (at + by < 0 || at + by >= names.length) return;
    const next = names.filter((one) => one !== name);
    next.splice(at + by, 0, name);
    stand.setColumns(next);
  };
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
    if (next.length) stand.setColumns(next);
  };
  const widen = (name: string, px: number) => {
    const now = measured(document.querySelector('.k-list .k-grid'));
    stand.setWidths({ ...now, ...stand.widths, [name]: within(px) });
  };
  // Alt and an arrow move what the focus is on, as in other lists that can be put in order.
  const keys = (event: KeyboardEvent) => {
    const name = (event.target as HTMLElement).closest<HTMLElement>('li')?.dataset.name;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !name || !by) return;
    event.preventDefault();
    event.stopPropagation();
    move(name, by);
  };
  return (
    <div className="k-columns">
      <ul ref={box} onKeyDown={keys}>
        {state.columns.map((column, at) => (
          <Picked
            key={column.name}
            column={column}
            width={stand.widths[column.name]}
            first={at === 0}
            last={at === names.length - 1}
            toggle={() => toggle(column.name)}
            move={(by) => move(column.name, by)}
            widen={(px) => widen(column.name, px)}
          />
        ))}
        {rest.map(({ name, label }) => (
          <li key={name}>
            <Checkbox size="xs" label={label} checked={false} onChange={() => toggle(name)} />
          </li>
        ))}
      </ul>
      <div className="k-columns-foot">
        <span className="k-dim">{t('Alt ↑↓ moves a column')}</span>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={stand.reset}>
          {t('As at first')}
        </Button>
      </div>
    </div>
  );
}

type PickedProps = {
  column: Column;
  width?: number;
  first: boolean;
  last: boolean;
  toggle: () => void;
  move: (by: number) => void;
  widen: (px: number) => void;
};

function Picked({ column, width, first, last, toggle, move, widen }: PickedProps) {
  const { name, label } = column;
  const [typed, setTyped] = useState<string | null>(null);
  const keep = () => {
    const px = Number(typed);
    if (typed && Number.isFinite(px)) widen(px);
    setTyped(null);
  };
  return (
    <li data-name={name}>
      <Checkbox size="xs" label={label} checked onChange={toggle} />
      <input
        className="k-columns-width"
        inputMode="numeric"
        aria-label={t('Width of {label} in pixels', { label })}
        title={t('Width of {label} in pixels', { label })}
        placeholder={t('auto')}
        value={typed ?? width ?? ''}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === 'Enter' && keep()}
      />
      <ActionIcon
        size={22}
        disabled={first}
        aria-label={t('Move {label} before', { label })}
        onClick={() => move(-1)}
      >
        <IconChevronUp size={14} />
      </ActionIcon>
      <ActionIcon
        size={22}
        disabled={last}
        aria-label={t('Move {label} after', { label })}
        onClick={() => move(1)}
      >
        <IconChevronDown size={14} />
      </ActionIcon>
    </li>
  );
}
