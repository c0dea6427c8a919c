import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ClipboardEvent, lazy, Suspense, useState } from 'react';
import { isField } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { isNumeric } from '../field/cell.tsx';
import { moveByArrow } from '../field/cell_field.tsx';
import { isSheet } from '../field/csv.ts';
import { usual } from '../list/state.ts';
import { isKernel } from '../shell/menu.ts';
import { Scroll } from '../shell/scroll.tsx';
import { fieldsOf } from './form.ts';
import { TypedRow } from './typed_row.tsx';

// Seldom needed, with what reads a spreadsheet's cells.
const PasteRows = lazy(() => import('../field/paste_rows.tsx'));

/** Whether rows of a table are typed where they are shown: it has made operations, and one may. */
export const isTyped = ({ module, may, new_at }: Table): boolean =>
  (may.change || may.create) && !isKernel(module) && !new_at;

type Props = {
  table: Table;
  /** The column that refers to the record that the rows belong to, and that record. */
  column: Column;
  id: string;
  rows: Row[];
  reread: () => Promise<Row[]>;
};

/** The rows that belong to a record, typed like a small spreadsheet; each row is saved as one. */
export function TypedRows({ table, column, id, rows, reread }: Props) {
  const { company } = useSignedIn();
  const [adding, setAdding] = useState(false);
  const [pasted, setPasted] = useState<{ text: string; columns: Column[] } | null>(null);
  const columns = cellsOf(table, column);
  const fields = columns.filter(isField);
  // Cells of a spreadsheet become rows, from the field on that they were pasted into.
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!table.may.create || !isSheet(text)) return;
    const row = (event.target as HTMLElement).closest('tr');
    // Where rows are added, not where one that is there is typed over.
    if (!row?.matches(':last-child')) return;
    event.preventDefault();
    const inputs = [...row.querySelectorAll('input')];
    const at = Math.max(0, inputs.indexOf(event.target as HTMLInputElement));
    setPasted({ text, columns: fields.slice(at) });
  };
  const one = { table, columns, given: { [column.name]: id } };
  const rereadOne = (of: string) => async () =>
    (await reread()).find((row) => String(row.id) === of);
  return (
    <Scroll>
      <table className="k-table k-typed" onPaste={paste}>
        <thead>
          <tr>
            {columns.map(({ name, label, type, unit }) => (
              <th key={name} scope="col" className={isNumeric(type) ? 'k-num' : undefined}>
                {label}
                {unit || type === 'money' ? <small>{unit ?? company.currency}</small> : null}
              </th>
            ))}
            <th scope="col">
              <span className="k-hidden">{t('Actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <TypedRow
              key={String(row.id)}
              {...one}
              row={row}
              first={at === 0}
              reread={rereadOne(String(row.id))}
            />
          ))}
          {adding ? (
            <TypedRow {...one} reread={async () => undefined} done={() => setAdding(false)} />
          ) : null}
          {table.may.create && !adding ? (
            <tr onKeyDown={moveByArrow}>
              <td colSpan={columns.length + 1}>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconPlus size={14} stroke={1.8} />}
                  data-cell
                  onClick={() => setAdding(true)}
                >
                  {t('Add a row')}
                </Button>
                <small className="k-dim k-typed-hint">
                  {t('or paste rows from a spreadsheet')}
                </small>
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {pasted ? (
        <Suspense>
          <PasteRows
            {...{ table, ...pasted }}
            given={{ [column.name]: id }}
            close={() => setPasted(null)}
          />
        </Suspense>
      ) : null}
    </Scroll>
  );
}

/** What the table's list shows first, and what a new row can't be without. */
function cellsOf(table: Table, column: Column): Column[] {
  const first = usual(table).filter(({ name }) => name !== column.name);
  const needed = fieldsOf(table).filter(
    (one) => one.required && one.name !== column.name && !first.includes(one),
  );
  return [...first, ...needed];
}
