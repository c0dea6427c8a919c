import { A } from '../base/address.tsx';
import { tableOf, useCatalogue, useSignedIn } from '../base/session.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { Cell, isNumeric, shown } from '../field/cell.tsx';
import { pickable } from '../list/state.ts';
import { fieldsOf } from './form.ts';

// Known from the head of the page or of no use to people.
const dull = ['version', 'currency', 'is_active', 'price_includes_tax', 'rate', 'till_claim_id'];

/** The columns of a record that nobody writes here; `writable` leaves out those that one may. */
export function readOnly(table: Table, writable: boolean): Column[] {
  const fields = new Set(fieldsOf(table).map(({ name }) => name));
  // What a list leaves out for its length stands on the record: the details of a finding.
  const told = table.columns.filter(({ name }) => name === 'params');
  const all = [...pickable(table), ...told].filter(
    ({ name, refers_to }) => !dull.includes(name) && (name !== table.title || Boolean(refers_to)),
  );
  return writable ? all.filter(({ name }) => !fields.has(name)) : all;
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
          // The head of the page shows how far it is; on paper it stands here.
          <div key={column.name} className={isState(column) ? 'k-on-paper' : undefined}>
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

/** Whether a column says how far a record is. */
export const isState = ({ name, choices, hidden }: Column): boolean =>
  name === 'state' && Boolean(choices?.length) && !hidden;

const isEmpty = (value: unknown) => value === null || value === undefined || value === '';
