import { IconPencil } from '@tabler/icons-react';
import { A } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Column, Row } from '../base/types.ts';
import { Cell, isNumeric, shown } from '../field/cell.tsx';
import { isLong } from './groups.ts';

type Props = { columns: Column[]; row: Row; edit: (column: Column) => void };

/** The fields of a record to read; a click on one, or Enter, edits it. */
export function Values({ columns, row, edit }: Props) {
  return (
    <dl className="k-values">
      {columns.map((column) => (
        <div key={column.name} data-wide={isLong(column) || undefined}>
          <dt>{column.label}</dt>
          <dd>
            {column.refers_to && row[column.name] ? <Reference column={column} row={row} /> : null}
            <button
              type="button"
              className="k-value"
              data-field={column.name}
              onClick={() => edit(column)}
            >
              {column.refers_to && row[column.name] ? null : <Value column={column} row={row} />}
              <span className="k-hidden">{t('Edit {label}', { label: column.label })}</span>
              <IconPencil size={14} stroke={1.6} aria-hidden />
            </button>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A record that this one refers to: leads there; what lies beside it edits. */
function Reference({ column, row }: { column: Column; row: Row }) {
  const { company } = useSignedIn();
  const path = String(column.refers_to).replace('.', '/');
  return <A href={`/${path}/${row[column.name]}`}>{shown(column, row, company.decimals)}</A>;
}

function Value({ column, row }: { column: Column; row: Row }) {
  const { company } = useSignedIn();
  const value = row[column.name];
  if (value === null || value === undefined || value === '') {
    return (
      <span className="k-dim">
        <span aria-hidden>–</span>
        <span className="k-hidden">{t('empty')}</span>
      </span>
    );
  }
  const unit = column.unit ?? (column.type === 'money' ? company.currency : '');
  return (
    <span dir={isNumeric(column.type) ? undefined : 'auto'}>
      <Cell column={column} row={row} decimals={company.decimals} yesNo />
      {unit ? <small> {unit}</small> : null}
    </span>
  );
}
