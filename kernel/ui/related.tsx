import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { A } from './address.tsx';
import { api } from './api.ts';
import { Cell, isNumeric } from './cell.tsx';
import { t } from './i18n.ts';
import { pickable } from './list_state.ts';
import { useCatalogue, useSignedIn } from './session.tsx';
import { Waiting } from './states.tsx';
import type { Column, Filter, Table } from './types.ts';

type Link = { table: Table; column: Column };

/** What refers to this record: its lines, moves, documents; the first rows of each. */
export function Related({ table, id }: { table: Table; id: string }) {
  const { data } = useCatalogue();
  const links = (data?.tables ?? []).flatMap((other) =>
    other.columns
      .filter(({ refers_to, hidden }) => refers_to === table.name && !hidden)
      .map((column) => ({ table: other, column })),
  );
  // Lines of this very document come before what merely mentions it.
  const own = (link: Link) => (link.table.table.startsWith(table.table) ? 0 : 1);
  const sorted = [...links].sort((a, b) => own(a) - own(b)).slice(0, 7);
  const [at, setAt] = useState(0);
  const link = sorted[at];
  if (!link) return null;
  return (
    <section className="k-related">
      <div role="tablist" className="k-tabs" aria-label={t('What belongs to it')}>
        {sorted.map((one, index) => (
          <button
            type="button"
            role="tab"
            key={`${one.table.name}.${one.column.name}`}
            id={`related-${index}`}
            aria-selected={index === at}
            aria-controls="related-panel"
            onClick={() => setAt(index)}
          >
            {one.table.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="related-panel" aria-labelledby={`related-${at}`}>
        <Rows key={`${link.table.name}.${link.column.name}`} link={link} id={id} />
      </div>
    </section>
  );
}

const most = 20;

function Rows({ link, id }: { link: Link; id: string }) {
  const { table, column } = link;
  const { company } = useSignedIn();
  const filter: Filter[] = [[column.name, '=', id]];
  const { data, error } = useQuery({
    queryKey: ['list', table.name, 'related', filter],
    queryFn: ({ signal }) => api.list(table.name, { limit: most, filter, count: true }, signal),
  });
  const dull = ['version', 'is_active', 'recorded_at', column.name];
  const columns = pickable(table)
    .filter(({ hidden, name }) => !hidden && !dull.includes(name))
    .slice(0, 7);
  const all = `/${table.module}/${table.table}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
  if (error) return <p className="k-dim k-related-none">{error.message}</p>;
  if (!data) return <Waiting rows={3} />;
  if (data.rows.length === 0) return <p className="k-dim k-related-none">{t('None.')}</p>;
  return (
    <div className="k-scroll">
      <table className="k-table">
        <thead>
          <tr>
            {columns.map(({ name, label, type }) => (
              <th key={name} scope="col" className={isNumeric(type) ? 'k-num' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row) => (
            <tr key={String(row.id)}>
              {columns.map((one, at) => {
                const cell = <Cell column={one} row={row} decimals={company.decimals} />;
                const href = `/${table.module}/${table.table}/${row.id}`;
                return (
                  <td key={one.name} className={isNumeric(one.type) ? 'k-num' : undefined}>
                    {at === 0 ? <A href={href}>{cell}</A> : cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {data.next ? (
        <p className="k-related-none">
          <A href={all}>{t('Show all in the list')}</A>
        </p>
      ) : null}
    </div>
  );
}
