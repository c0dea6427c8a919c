import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { decimal } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { tableOf, useCatalogue, useSignedIn } from '../base/session.tsx';
import { Bone } from '../base/states.tsx';
import type { Figure, Filter, Table } from '../base/types.ts';
import { shown } from '../field/cell.tsx';
import { listAt } from '../list/at.ts';
import { useNotice } from '../shell/connection.tsx';

const atMostEvery = 10_000;

/**
 * What a record comes to, by the lists that each figure leads to: how much is on hand, what was sold.
 * It is asked for once the record itself is there.
 */
export default function Figures({ table, id }: { table: Table; id: string }) {
  const queryKey = useMemo(() => ['facts', table.name, id], [table.name, id]);
  const { data, isPending } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.facts(table.name, id, signal),
  });
  useFollow(queryKey, data?.facts ?? []);
  if (isPending) return <Coming rows={table.figures ?? 0} />;
  // A record without its figures is one all the same.
  if (!data?.facts.length) return null;
  return (
    <section aria-label={t('Figures')}>
      <dl className="k-record-figures">
        {data.facts.map((figure) => (
          <One key={`${figure.label} ${figure.list}`} figure={figure} />
        ))}
      </dl>
    </section>
  );
}

function Coming({ rows }: { rows: number }) {
  return (
    <div className="k-record-figures" role="status" aria-label={t('Loading')}>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row}>
          <Bone width="50%" />
          <Bone width={60} />
        </div>
      ))}
    </div>
  );
}

function One({ figure }: { figure: Figure }) {
  const { label, value, parts, filter, by } = figure;
  const said = useValue(figure);
  return (
    <>
      <div>
        <dt>{label}</dt>
        <dd>{value === null ? '–' : <A href={hrefOf(figure, filter, true)}>{said(value)}</A>}</dd>
      </div>
      {parts.length > 1
        ? parts.map(({ key, label: part, value: its }) => (
            <div key={key} className="k-record-part">
              <dt>{part}</dt>
              <dd>
                <A
                  href={hrefOf(
                    figure,
                    [...filter, key === null ? [by, 'is_null'] : [by, '=', key]],
                    false,
                  )}
                >
                  {said(its)}
                </A>
              </dd>
            </div>
          ))
        : null}
    </>
  );
}

/** A figure as its list writes it, money with its currency. */
function useValue({ list, total }: Figure): (value: string | null) => string {
  const { data } = useCatalogue();
  const { company } = useSignedIn();
  const [, of] = total.split(':');
  const column = tableOf(data, list)?.columns.find(({ name }) => name === of);
  return (value) => {
    if (!column) return decimal(value);
    const text = shown(column, { [column.name]: value }, company.decimals);
    return column.type === 'money' ? `${text} ${company.currency}` : text;
  };
}

/** The list that a figure is made of; a sum stands there in groups, the latest first where it is a latest. */
function hrefOf({ list, by, total }: Figure, filter: Filter[], whole: boolean): string {
  const [kind, column] = total.split(':');
  if (kind === 'max') return listAt(list, { filter, sort: `-${column}` });
  if (kind === 'sum' && whole) return listAt(list, { filter, group: by, totals: [total] });
  return listAt(list, { filter });
}

/** Asks again when a list that a figure is made of changes, but not for every sale of a busy hour. */
function useFollow(queryKey: string[], figures: Figure[]): void {
  const client = useQueryClient();
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useCallback(() => {
    const read = client.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
    due.current ??= setTimeout(
      () => {
        due.current = undefined;
        void client.invalidateQueries({ queryKey });
      },
      Math.max(0, read + atMostEvery - Date.now()),
    );
  }, [client, queryKey]);
  useEffect(() => () => clearTimeout(due.current), []);
  useNotice([...new Set(figures.map(({ list }) => list))], again);
}
