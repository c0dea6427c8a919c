import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { api } from './api.ts';
import { t } from './i18n.ts';
import { Facts, PrintedFields, readOnly } from './record_facts.tsx';
import { Fields, SaveBar } from './record_fields.tsx';
import { conflictText, useRecordForm } from './record_form.ts';
import { useCatalogue } from './session.tsx';
import { Refusal, Waiting } from './states.tsx';
import type { Filter, Row, Table } from './types.ts';

/** The table that a side table adds to: its rows have the ids of that one's. */
export const extended = (table: Table): string | null =>
  table.columns.find(({ name }) => name === 'id')?.refers_to ?? null;

/** What other modules keep about this record, each in a section of its own. */
export function Sections({ table, id }: { table: Table; id: string }) {
  const { data } = useCatalogue();
  const sides = (data?.tables ?? []).filter((one) => extended(one) === table.name);
  return sides.map((side) => <Side key={side.name} side={side} id={id} />);
}

function Side({ side, id }: { side: Table; id: string }) {
  const filter: Filter[] = [['id', '=', id]];
  const { data, error, refetch } = useQuery({
    queryKey: ['list', side.name, 'section', id],
    queryFn: ({ signal }) => api.list(side.name, { limit: 1, filter }, signal),
  });
  const [adding, setAdding] = useState(false);
  const row = data?.rows[0];
  const mayWrite = row ? side.may.change && row.is_active !== false : side.may.create;
  if (data && !row && !side.may.create) return null;
  return (
    <section className="k-section" aria-labelledby={`section-${side.name}`}>
      <h2 id={`section-${side.name}`}>{side.label}</h2>
      {error ? <p className="k-problem">{error.message}</p> : null}
      {!data && !error ? <Waiting rows={2} /> : null}
      {data && !row && !adding ? (
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('Add')}
        </Button>
      ) : null}
      {data && (row || adding) && mayWrite ? (
        <SideForm
          key={String(row?.version ?? 'new')}
          side={side}
          id={id}
          row={row}
          reread={refetch}
          done={() => setAdding(false)}
        />
      ) : null}
      {row && !mayWrite ? <Facts columns={readOnly(side, false)} row={row} wide /> : null}
    </section>
  );
}

type SideFormProps = {
  side: Table;
  id: string;
  row?: Row;
  reread: () => Promise<unknown>;
  done: () => void;
};

function SideForm({ side, id, row, reread, done }: SideFormProps) {
  const form = useRecordForm(side, row, reread, row ? {} : { id });
  const save = async (event?: FormEvent | KeyboardEvent) => {
    event?.preventDefault();
    if (await form.save()) done();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.stopPropagation();
    void save(event);
  };
  return (
    <>
      {row ? <PrintedFields table={side} row={row} /> : null}
      <form className="k-form" onSubmit={save} onKeyDown={onKeyDown} noValidate>
        {form.conflict ? <p className="k-warning">{conflictText()}</p> : null}
        <Refusal text={form.problem} />
        <Fields form={form} row={row} />
        <SaveBar form={form} isNew={!row} cancel={done} />
      </form>
    </>
  );
}
