import { Button, Modal } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { Refusal } from '../base/states.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { Fields } from '../record/fields.tsx';
import { fieldsOf, useRecordForm } from '../record/form.ts';
import { useOnTop } from '../shell/on_top.ts';

type Props = {
  table: Table;
  name: string;
  close: () => void;
  made: (id: string, row: Row) => void;
};

/** Makes the record that a look-up didn't find, with what it needs and what it is called. */
export default function LookUpCreate({ table, name, close, made }: Props) {
  useOnTop();
  const [columns] = useState(() => askedOf(table));
  const form = useRecordForm(table, undefined, async () => undefined, { columns });
  const named = nameColumn(table, columns);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the dialog opens.
  useEffect(() => {
    if (named) form.set(named, name);
  }, []);
  const save = async (event?: FormEvent | KeyboardEvent) => {
    event?.preventDefault();
    // What lies under the dialog is a form, too, and must not be saved along.
    event?.stopPropagation();
    const saved = await form.save();
    if (!saved?.id) return;
    const { row } = await api.record(table.name, saved.id);
    made(saved.id, row);
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(event);
  };
  return (
    <Modal
      opened
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
      title={t('New: {label}', { label: table.label })}
    >
      <form className="k-stack k-small-form" onSubmit={save} onKeyDown={keys} noValidate>
        <Refusal text={form.problem} />
        <Fields form={form} focus={columns.find((column) => column !== named)?.name} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit" loading={form.busy} data-autofocus={columns.length === 1}>
            {t('Create')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const isName = ({ name, type, refers_to }: Column) =>
  type === 'text' && !refers_to && !/^(number|code|note|currency)$/.test(name);

/** What a record needs and its title; where that is put together from others, the first of those. */
function askedOf(table: Table): Column[] {
  const fields = fieldsOf(table);
  const asked = fields.filter(({ name, required }) => required || name === table.title);
  return asked.some(isName) ? asked : [...fields.filter(isName).slice(0, 3), ...asked];
}

const nameColumn = (table: Table, columns: Column[]) =>
  columns.find(({ name }) => name === table.title) ?? columns.find(isName);
