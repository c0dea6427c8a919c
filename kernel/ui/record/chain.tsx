import { useQuery } from '@tanstack/react-query';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Filter, Row, Table } from '../base/types.ts';
import { shown, words } from '../field/cell.tsx';

/** The documents that follow from one another, the first one first: a sale, and what came back of it. */
export function Chain({ table, row }: { table: Table; row: Row }) {
  const { company } = useSignedIn();
  const { data } = useQuery({
    queryKey: ['list', table.name, 'chain', row.id],
    queryFn: ({ signal }) => chainOf(table, row, signal),
  });
  if (!data || data.length < 2) return null;
  const amount = table.columns.find(({ name }) => name === 'gross_amount');
  return (
    <section className="k-chain" aria-labelledby="chain">
      <h2 id="chain">{t('Documents')}</h2>
      <ol>
        {data.map((one) => (
          <li key={String(one.id)}>
            <A
              href={`/${table.module}/${table.table}/${one.id}`}
              aria-current={one.id === row.id ? 'page' : undefined}
            >
              <small>{one.kind ? words(String(one.kind)) : table.label}</small>
              <b>{String(one[table.title ?? 'id'])}</b>
              {amount ? <span>{shown(amount, one, company.decimals)}</span> : null}
            </A>
          </li>
        ))}
      </ol>
    </section>
  );
}

// A sale, its return, that return voided: no chain is longer.
const most = 4;

/** All that the first document led to, found along the columns that refer to the table itself. */
async function chainOf(table: Table, row: Row, signal: AbortSignal): Promise<Row[]> {
  const links = table.columns
    .filter(({ refers_to, hidden }) => refers_to === table.name && !hidden)
    .map(({ name }) => name);
  const ask = async (name: string, ids: unknown[]) => {
    const filter: Filter[] = [[name, 'in', ids]];
    return (await api.list(table.name, { filter, sort: 'id', limit: 50 }, signal)).rows;
  };
  let first = row;
  for (let steps = 0; steps < most; steps += 1) {
    const before = links.map((name) => first[name]).find(Boolean);
    const [found] = before ? await ask('id', [before]) : [];
    if (!found) break;
    first = found;
  }
  const chain = new Map([[first.id, first]]);
  let last = [first];
  for (let steps = 0; steps < most && last.length > 0; steps += 1) {
    const ids = last.map(({ id }) => id);
    const next = (await Promise.all(links.map((name) => ask(name, ids)))).flat();
    last = next.filter(({ id }) => !chain.has(id));
    for (const one of last) chain.set(one.id, one);
  }
  return [...chain.values()];
}
