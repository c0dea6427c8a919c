import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { A, useGo } from './address.tsx';
import { Cell, isNumeric, shown } from './cell.tsx';
import { t } from './i18n.ts';
import { useKeys } from './keys.ts';
import { lastList } from './list_page.tsx';
import { pickable } from './list_state.ts';
import { usePrinting } from './print.tsx';
import { fieldsOf } from './record_form.ts';
import { tableOf, useCatalogue, useSignedIn } from './session.tsx';
import type { Column, Row, Table } from './types.ts';

// Known from the head of the page or of no use to people.
const dull = ['version', 'currency', 'is_active', 'price_includes_tax', 'rate', 'till_claim_id'];

/** The columns of a record that its form doesn't hold. */
export function readOnly(table: Table, writable: boolean): Column[] {
  const fields = new Set(fieldsOf(table).map(({ name }) => name));
  // What a list leaves out for its length stands on the record: the details of a finding.
  const told = table.columns.filter(({ name }) => name === 'params');
  const all = [...pickable(table), ...told].filter(({ name }) => !dull.includes(name));
  return writable ? all.filter(({ name }) => !fields.has(name)) : all;
}

/** On paper, in place of a form: what it holds. */
export function PrintedFields({ table, row }: { table: Table; row: Row }) {
  if (!usePrinting()) return null;
  return (
    <div className="k-printed-fields">
      <Facts columns={fieldsOf(table)} row={row} wide />
    </div>
  );
}

/** What is known of a record, to read; references lead on. */
export function Facts({ columns, row, wide }: { columns: Column[]; row: Row; wide?: boolean }) {
  const { company } = useSignedIn();
  const filled = columns.filter(({ name }) => !isEmpty(row[name]));
  if (filled.length === 0) return null;
  return (
    <dl className={wide ? 'k-facts k-facts-wide' : 'k-facts'}>
      {filled.map((column) => {
        const text = shown(column, row, company.decimals);
        const [module, name] = (column.refers_to ?? '').split('.');
        return (
          <div key={column.name}>
            <dt>{column.label}</dt>
            <dd className={isNumeric(column.type) ? 'k-facts-number' : undefined}>
              {column.name === 'source_table' ? (
                <Source row={row} />
              ) : column.refers_to ? (
                <A href={`/${module}/${name}/${row[column.name]}`}>{text}</A>
              ) : (
                <Cell column={column} row={row} decimals={company.decimals} yesNo />
              )}
              {column.type === 'money' ? <small> {company.currency}</small> : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The document that a row comes from, or the record that a finding is about. */
function Source({ row }: { row: Row }) {
  const { data } = useCatalogue();
  const table = tableOf(data, String(row.source_table));
  if (!table) return String(row.source_table);
  return <A href={`/${table.module}/${table.table}/${row.source_id}`}>{table.label}</A>;
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === '';

/** On to the record before and after in the list that one came from. */
export function Steps({ table, row }: { table: Table; row: Row }) {
  const go = useGo();
  const ids = lastList.table === table.name ? lastList.ids : [];
  const at = ids.indexOf(String(row.id));
  const to = (step: number) => {
    const id = ids[at + step];
    if (at >= 0 && id) go(`/${table.module}/${table.table}/${id}`);
  };
  useKeys([
    { keys: 'alt+ArrowUp', label: t('Record before'), run: () => to(-1), typing: true },
    { keys: 'alt+ArrowDown', label: t('Next record'), run: () => to(1), typing: true },
  ]);
  if (at < 0 || ids.length < 2) return null;
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
