import { useQueries, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { decimal } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue, useSignedIn } from '../base/session.tsx';
import { Waiting } from '../base/states.tsx';
import type { Column, Filter, Me, Page, Table } from '../base/types.ts';
import { Cell, isNumeric } from '../field/cell.tsx';
import { listAt } from '../list/at.ts';
import { usual } from '../list/state.ts';
import { listLabel, menuLabel } from '../shell/menu.ts';
import { usePrinting } from '../shell/print.tsx';
import { Scroll } from '../shell/scroll.tsx';
import { isTyped, TypedRows } from './related_edit.tsx';

type Link = { table: Table; column: Column };

/** What refers to this record: its lines, moves, documents; the first rows of each. */
export function Related({ table, id }: { table: Table; id: string }) {
  const me = useSignedIn();
  const { data } = useCatalogue();
  // What follows from a document is drawn as its chain.
  const isDocument = data?.documents.some(({ name }) => name === table.name);
  const links = (data?.tables ?? []).flatMap((other) =>
    other.columns
      .filter(({ refers_to, hidden, name }) => {
        // Roles stand on the page itself, with the way to give and take them.
        if (other.name === 'identity.user_role') return false;
        if (other.name === table.name && isDocument) return false;
        // Only rows with a key of their own can be listed.
        if (!other.columns.some((column) => column.name === 'id')) return false;
        return refers_to === table.name && !hidden && !/_by$|^(actor_)?id$/.test(name);
      })
      .map((column) => ({ table: other, column })),
  );
  // Lines of this very document come first, then documents that have a list in the menu, which are
  // what one looks for; lines of other documents and what merely mentions it come last.
  const own = ({ table: of, column }: Link) => {
    if (of.name === table.name) return of.may.create ? 2 : 4;
    if (/^(approval|audit)/.test(of.table)) return 4;
    if (of.table.startsWith(`${table.table}_`)) return 0;
    if (isTyped(of) && !menuLabel(me, of.name) && column.name === `${table.table}_id`) return 0;
    if (column.name !== `${table.table}_id`) return 3;
    return menuLabel(me, of.name) ? 1 : 2;
  };
  const sorted = [...links].sort((a, b) => own(a) - own(b)).slice(0, 7);
  const [at, setAt] = useState(0);
  // One stop for Tab, then by arrows, as tabs are everywhere.
  const turn = (event: KeyboardEvent<HTMLElement>) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || event.altKey) return;
    event.preventDefault();
    const beside = getComputedStyle(event.currentTarget).direction === 'rtl' ? -way : way;
    const next = (at + beside + sorted.length) % sorted.length;
    setAt(next);
    document.getElementById(`related-${next}`)?.focus();
  };
  const link = sorted[at];
  // The others come once the first is there, so that it waits for none of them.
  const { isFetched } = useQuery({ ...rowsOf(sorted[0], id), enabled: Boolean(sorted[0]) });
  const all = useQueries({
    queries: sorted.map((one) => ({ ...rowsOf(one, id), enabled: isFetched })),
  });
  if (usePrinting())
    return <Printed {...{ id }} links={sorted.filter((_, n) => all[n]?.data?.rows.length)} />;
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
            tabIndex={index === at ? 0 : -1}
            onClick={() => setAt(index)}
            onKeyDown={turn}
          >
            <span>{linkLabel(one, sorted, me)}</span> <small>{countText(all[index]?.data)}</small>
          </button>
        ))}
      </div>
      <div role="tabpanel" id="related-panel" aria-labelledby={`related-${at}`}>
        <Rows key={`${link.table.name}.${link.column.name}`} link={link} id={id} />
      </div>
    </section>
  );
}

// Twice the same table is told apart by the column that refers here.
function linkLabel(link: Link, all: Link[], me: Me): string {
  const label = listLabel(me, link.table);
  if (link.column.name !== `${link.column.refers_to?.split('.')[1]}_id`)
    return `${label}: ${link.column.label}`;
  const twice = all.filter(({ table }) => table.name === link.table.name).length > 1;
  return twice ? `${label}: ${link.column.label}` : label;
}

/** On paper: what there is, one below the other. */
function Printed({ links, id }: { links: Link[]; id: string }) {
  const me = useSignedIn();
  return links.map((link) => (
    <section key={`${link.table.name}.${link.column.name}`} className="k-section">
      <h2>{linkLabel(link, links, me)}</h2>
      <Rows link={link} id={id} />
    </section>
  ));
}

const countText = (page: Page | undefined): string =>
  page?.count ? `${decimal(page.count.value)}${page.count.more ? '+' : ''}` : '';

const most = 20;

function rowsOf(link: Link | undefined, id: string) {
  const name = link?.table.name ?? '';
  const filter: Filter[] = [[link?.column.name ?? '', '=', id]];
  return {
    queryKey: ['list', name, 'related', filter],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.list(name, { limit: most, filter, count: true }, signal),
  };
}

function Rows({ link, id }: { link: Link; id: string }) {
  const { table, column } = link;
  const { company } = useSignedIn();
  const filter: Filter[] = [[column.name, '=', id]];
  const { data, error, refetch } = useQuery(rowsOf(link, id));
  const printing = usePrinting();
  const columns = usual(table).filter(({ name }) => name !== column.name);
  const all = listAt(table.name, { filter });
  if (error) return <p className="k-dim k-related-none">{error.message}</p>;
  if (!data) return <Waiting rows={3} />;
  const reread = async () => (await refetch()).data?.rows ?? [];
  const more = data.next ? (
    <>
      <p className="k-printed-note">
        {t('The first {n} rows of this list.', { n: decimal(most) })}
      </p>
      <p className="k-related-none">
        <A href={all}>{t('Show all in the list')}</A>
      </p>
    </>
  ) : null;
  if (isTyped(table) && !printing) {
    return (
      <>
        <TypedRows {...{ table, column, id, rows: data.rows, reread }} />
        {more}
      </>
    );
  }
  if (data.rows.length === 0) return <p className="k-dim k-related-none">{t('None.')}</p>;
  return (
    <Scroll>
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
                const value = <Cell column={one} row={row} decimals={company.decimals} />;
                const own = one.type === 'text' || one.refers_to;
                const cell = own ? <span dir="auto">{value}</span> : value;
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
      {more}
    </Scroll>
  );
}
