import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { t } from '../base/i18n.ts';
import { Refusal } from '../base/states.tsx';
import type { Row, Table } from '../base/types.ts';
import { useKeys } from '../shell/keys.ts';
import { useUnsaved } from '../shell/leave.tsx';
import { usePrinting } from '../shell/print.tsx';
import { useDone } from '../shell/undo.tsx';
import { Facts } from './facts.tsx';
import { Fields, SaveBar } from './fields.tsx';
import { conflictText, type Reread, undoOf, useRecordForm } from './form.ts';
import type { Group } from './groups.ts';
import { Values } from './values.tsx';

type Props = { table: Table; row: Row; group: Group; reread: Reread; headed?: boolean };

/** Fields of a record that belong together: to read, and edited in place as one. */
export function FieldGroup({ table, row, group, reread, headed = true }: Props) {
  const { label, columns } = group;
  const form = useRecordForm(table, row, reread, { columns });
  const { at, edit, close, box } = useOpen();
  const printing = usePrinting();
  useUnsaved(form.changed.length > 0);
  const client = useQueryClient();
  const tell = useDone();
  const id = useId();
  const save = async (event?: FormEvent | KeyboardEvent) => {
    event?.preventDefault();
    if (form.changed.length === 0) return close();
    const saved = await form.save();
    if (!saved) return;
    close();
    const after = async () => {
      await client.invalidateQueries({ queryKey: ['list'] });
      await reread();
    };
    const labels = saved.columns.map((column) => column.label).join(', ');
    tell({
      text: t('Saved: {fields}.', { fields: labels }),
      undo: undoOf(table, row, saved, after),
      undone: t('Put back as it was: {fields}.', { fields: labels }),
    });
  };
  const cancel = () => {
    const field = at ?? '';
    const [dirty, again] = [form.changed.length > 0, form.drop()];
    close();
    if (!dirty) return;
    const undo = () => {
      again();
      edit(field);
    };
    tell({ text: t('Left without saving.'), undo });
  };
  const keys = (event: KeyboardEvent) => {
    const saves = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (!saves && !leaves(event)) return;
    event.stopPropagation();
    if (saves) void save(event);
    else cancel();
  };
  useKeys(
    at === null
      ? []
      : [
          { keys: 'mod+Enter', label: t('Save'), run: () => void save(), typing: true },
          { keys: 'Escape', label: t('Leave without saving'), run: cancel },
        ],
  );
  // Without a head of its own it stands in a section that names it.
  const name = headed ? { 'aria-labelledby': id } : {};
  if (printing) return <Printed headed={headed} label={label} columns={columns} row={row} />;
  return (
    <section className="k-group" ref={box} {...name}>
      {headed ? (
        <div className="k-group-head">
          <h2 id={id}>{label}</h2>
          {at === null ? <Edit label={label} edit={() => edit(columns[0]?.name ?? '')} /> : null}
        </div>
      ) : null}
      {at === null ? (
        <Values columns={columns} row={row} edit={({ name }) => edit(name)} />
      ) : (
        <form className="k-form" onSubmit={save} onKeyDown={keys} noValidate>
          {form.conflict ? (
            <p className="k-warning" role="alert">
              {conflictText()}
            </p>
          ) : null}
          <Refusal text={form.problem} />
          <Fields form={form} row={row} focus={at} />
          <SaveBar form={form} isNew={false} cancel={cancel} />
        </form>
      )}
    </section>
  );
}

/** Which field one began with while the group is edited, and the way back to it afterwards. */
function useOpen() {
  const box = useRef<HTMLElement>(null);
  const back = useRef('');
  const [at, setAt] = useState<string | null>(null);
  useEffect(() => {
    if (at !== null || !back.current || document.activeElement !== document.body) return;
    box.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(back.current)}"]`)?.focus();
  }, [at]);
  const edit = (name: string) => {
    back.current = name;
    setAt(name);
  };
  return { at, edit, close: () => setAt(null), box };
}

/** Whether a key leaves what is edited: Esc, once nothing of a field is open that it closes first. */
export const leaves = (event: KeyboardEvent): boolean =>
  event.key === 'Escape' && !(event.target as HTMLElement).closest('[data-expanded]');

function Edit({ label, edit }: { label: string; edit: () => void }) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      aria-label={t('Edit {label}', { label })}
      onClick={edit}
    >
      {t('Edit')}
    </Button>
  );
}

type PrintedProps = Omit<Group, 'key'> & { headed: boolean; row: Row };

/** On paper: what there is, without what is empty. */
function Printed({ headed, label, columns, row }: PrintedProps) {
  return (
    <section className="k-group">
      {headed ? <h2>{label}</h2> : null}
      <Facts columns={columns} row={row} wide />
    </section>
  );
}
