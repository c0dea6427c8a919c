import { Button, Menu, Select } from '@mantine/core';
import { t } from '../base/i18n.ts';
import type { Column, Table } from '../base/types.ts';
import { isNumeric } from '../field/cell.tsx';
import { parts, partWord, totalWord } from './groups.tsx';
import type { ListState } from './state.ts';

const isTime = ({ type }: Column) => type === 'date' || type === 'timestamp';

/** The columns by which rows can be grouped, days by their parts. */
function groupable(table: Table): { value: string; label: string }[] {
  const usable = table.columns.filter(({ type, name, hidden, refers_to }) => {
    return !hidden && name !== 'id' && type !== 'json' && (type !== 'uuid' || refers_to);
  });
  return usable.flatMap((column) =>
    isTime(column)
      ? parts.map((part) => ({
          value: `${column.name}:${part}`,
          label: `${column.label} ${partWord(part)}`,
        }))
      : [{ value: column.name, label: column.label }],
  );
}

/** Chooses what rows are grouped by, and which totals stand beside. */
export default function GroupForm({ table, state }: { table: Table; state: ListState }) {
  const { group, totals, set } = state;
  const data = groupable(table);
  const numbers = table.columns.filter(({ type, hidden }) => !hidden && isNumeric(type));
  const choose = (at: number, value: string | null) => {
    const next = group.filter((_, one) => one !== at);
    if (value) next.splice(at, 0, value);
    set({ group: next, totals: next.length ? totals : [] });
  };
  const toggle = (total: string) =>
    set({
      totals: totals.includes(total) ? totals.filter((t_) => t_ !== total) : [...totals, total],
    });
  return (
    <div className="k-stack">
      {[0, ...(group.length ? [1] : [])].map((at) => (
        <Select
          key={at}
          autoFocus={at === 0}
          label={at === 0 ? t('Group by') : t('Then by')}
          data={data.filter(({ value }) => value === group[at] || !group.includes(value))}
          value={group[at] ?? null}
          onChange={(value) => choose(at, value)}
          searchable
          clearable
          // Opened by itself it would hide what can be chosen below it.
          openOnFocus={group.length === 0}
          comboboxProps={{ withinPortal: false }}
        />
      ))}
      {group.length && numbers.length ? (
        <Menu position="bottom-start" withinPortal={false}>
          <Menu.Target>
            <Button variant="default" size="compact-sm">
              {t('Totals …')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={300} style={{ overflowY: 'auto' }}>
            {numbers.flatMap(({ name, label }) =>
              ['sum', 'avg', 'min', 'max'].map((fn) => (
                <Menu.CheckboxItem
                  key={`${fn}:${name}`}
                  checked={totals.includes(`${fn}:${name}`)}
                  onChange={() => toggle(`${fn}:${name}`)}
                >
                  {`${totalWord(fn)}: ${label}`}
                </Menu.CheckboxItem>
              )),
            )}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </div>
  );
}
