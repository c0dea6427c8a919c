import { Button, Popover } from '@mantine/core';
import { IconStackBackward } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { t } from '../base/i18n.ts';
import type { Table } from '../base/types.ts';
import type { ListState } from './state.ts';

const load = () => import('./group_form.tsx');
const GroupForm = lazy(load);

/** Opens what rows are grouped by. */
export function Grouping({ table, state }: { table: Table; state: ListState }) {
  return (
    <Popover position="bottom-start" width={280} trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconStackBackward size={15} stroke={1.7} />}
          onPointerEnter={() => void load()}
        >
          {state.group.length ? t('Grouped') : t('Group')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={null}>
          <GroupForm table={table} state={state} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
