import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue } from '../base/session.tsx';
import { Refusal, Waiting } from '../base/states.tsx';
import type { Filter, Table } from '../base/types.ts';
import { useUnsaved } from '../shell/leave.tsx';
import { Facts, readOnly } from './facts.tsx';
import { Fields, SaveBar } from './fields.tsx';
import { fieldsOf, type Reread, useRecordForm } from './form.ts';
import { FieldGroup } from './group.tsx';

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
  const reread = async () => (await refetch()).data?.rows[0];
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
      {data && !row && adding ? (
        <Adding side={side} id={id} reread={reread} done={() => setAdding(false)} />
      ) : null}
      {row && mayWrite ? (
        <FieldGroup
          table={side}
          row={row}
          group={{ key: side.name, label: side.label, columns: fieldsOf(side) }}
          reread={reread}
          headed={false}
        />
      ) : null}
      {row && !mayWrite ? <Facts columns={readOnly(side, false)} row={row} wide /> : null}
    </section>
  );
}

type AddingProps = { side: Table; id: string; reread: Reread; done: () => void };

function Adding({ side, id, reread, done }: AddingProps) {
  const form = useRecordForm(side, undefined, reread, { given: { id } });
  useUnsaved(form.changed.length > 0);
  const save = async (event?: FormEvent | KeyboardEvent) => {
    event?.preventDefault();
    if (await form.save()) done();
  };
  const keys = (event: KeyboardEvent) => {
    const saves = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (!saves) return;
    event.stopPropagation();
    void save(event);
  };
  return (
    <form className="k-form" onSubmit={save} onKeyDown={keys} noValidate>
      <Refusal text={form.problem} />
      <Fields form={form} focus={form.columns[0]?.name} />
      <SaveBar form={form} isNew cancel={done} />
    </form>
  );
}
