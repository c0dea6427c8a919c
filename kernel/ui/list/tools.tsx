import { ActionIcon, Menu, Popover } from '@mantine/core';
import { IconCheck, IconColumns, IconDownload, IconLineHeight } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import type { Table } from '../base/types.ts';
import type { Widths } from './head.tsx';
import type { ListState } from './state.ts';

const load = () => import('./columns.tsx');
const ColumnForm = lazy(load);

/** How a list stands: the person's own, for this table. */
export type Stand = {
  compact: boolean;
  /** For this list, or with null for every one that is not said otherwise. */
  setCompact: (compact: boolean | null) => void;
  widths: Widths;
  setWidths: (widths: Widths) => void;
  setColumns: (names: string[]) => void;
  reset: () => void;
};

type Props = { table: Table; state: ListState; stand: Stand };

/** Columns, density and export of a list. */
export function Tools({ table, state, stand }: Props) {
  const names = state.columns.map(({ name }) => name);
  return (
    <div className="k-tools">
      <Density {...stand} />
      <Popover position="bottom-end" width={340} trapFocus>
        <Popover.Target>
          <ActionIcon
            size={32}
            aria-label={t('Columns')}
            title={t('Columns')}
            onPointerEnter={() => void load()}
          >
            <IconColumns size={18} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <Suspense fallback={null}>
            <ColumnForm table={table} state={state} stand={stand} />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('Export')} title={t('Export')}>
            <IconDownload size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(['xlsx', 'csv', 'json'] as const).map((format) => (
            <Menu.Item
              key={format}
              component="a"
              download
              href={api.exportUrl(table.name, format, { ...state.query, columns: names })}
            >
              {t('Export this list as {format}', {
                format: format === 'xlsx' ? 'Excel' : format.toUpperCase(),
              })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Density({ compact, setCompact }: Stand) {
  const done = <IconCheck size={14} />;
  const label = t('Height of the rows');
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size={32} aria-label={label} title={label}>
          <IconLineHeight size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('In this list')}</Menu.Label>
        <Menu.Item rightSection={compact ? done : null} onClick={() => setCompact(true)}>
          {t('Tighter rows')}
        </Menu.Item>
        <Menu.Item rightSection={compact ? null : done} onClick={() => setCompact(false)}>
          {t('Roomier rows')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => setCompact(null)}>{t('Use in every list')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
