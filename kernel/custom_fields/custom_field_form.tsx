import { Button, Modal, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api } from '../ui/base/api.ts';
import { t } from '../ui/base/i18n.ts';
import { permissionGroups } from '../ui/base/permissions.ts';
import { useCatalogue } from '../ui/base/session.tsx';
import { problemText, Refusal } from '../ui/base/states.tsx';
import type { Row, Table } from '../ui/base/types.ts';

export const typeLabels = (): Record<string, string> => ({
  text: t('Text'),
  number: t('Number'),
  quantity: t('Quantity'),
  money: t('Amount of money'),
  date: t('Date'),
  boolean: t('Yes or no'),
  choice: t('Choice from a list'),
  reference: t('Another record'),
});

type Typed = {
  label: string;
  name: string;
  type: string;
  choices: string;
  refers_to: string | null;
  help: string;
  required: boolean;
  searchable: boolean;
  permission: string | null;
};

type FormProps = {
  table: Table;
  row?: Row;
  tables: Table[];
  close: () => void;
  saved: () => Promise<void>;
};

/** Adds a field to a table, or changes one. */
export function CustomFieldForm(props: FormProps) {
  const { table, row, tables, close } = props;
  const { typed, set, save, errors, problem, busy } = useForm(props);
  const title = row ? t('Change field') : t('Add field to {table}', { table: table.label });
  const text = (name: 'label' | 'name' | 'help' | 'choices') => ({
    value: typed[name],
    error: errors[name],
    name,
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  const toggle = (name: 'required' | 'searchable') => ({
    checked: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      set({ [name]: event.currentTarget.checked }),
  });
  return (
    <Modal opened onClose={close} title={title}>
      <form className="k-stack" onSubmit={save} noValidate>
        <TextInput label={t('Label')} required data-autofocus {...text('label')} />
        <TextInput
          label={t('Name')}
          description={t('For files and programs, behind “custom.”')}
          required
          {...text('name')}
        />
        <Select
          label={t('Type')}
          required
          allowDeselect={false}
          data={Object.entries(typeLabels()).map(([value, label]) => ({ value, label }))}
          value={typed.type}
          error={errors.type}
          onChange={(type) => type && set({ type })}
        />
        {typed.type === 'choice' ? (
          <Textarea
            label={t('Choices')}
            description={t('One on each line')}
            required
            autosize
            minRows={3}
            {...text('choices')}
          />
        ) : null}
        {typed.type === 'reference' ? (
          <Select
            label={t('Refers to')}
            required
            searchable
            data={tables.filter(canBeMeant).map(({ name, label }) => ({ value: name, label }))}
            value={typed.refers_to}
            error={errors.refers_to}
            onChange={(refers_to) => set({ refers_to })}
          />
        ) : null}
        <TextInput label={t('Help')} description={t('Stands below the field')} {...text('help')} />
        <WhoMaySee typed={typed} error={errors.permission} set={set} />
        <Switch label={t('Required')} {...toggle('required')} />
        <Switch
          label={t('Searchable')}
          description={t('Makes an index: also large lists are searched and sorted by it.')}
          {...toggle('searchable')}
        />
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {row ? t('Save changes') : t('Add field')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

// Rows that one can name, of tables that are no view and no machinery.
const canBeMeant = ({ title, module, columns }: Table) =>
  Boolean(title) &&
  module !== 'audit' &&
  columns.some(({ name, type }) => name === 'id' && type === 'uuid');

type WhoProps = { typed: Typed; error?: string; set: (patch: Partial<Typed>) => void };

function WhoMaySee({ typed, error, set }: WhoProps) {
  const { data } = useCatalogue();
  return (
    <Select
      label={t('Who may see it')}
      description={t('Whoever has this permission also fills it.')}
      placeholder={t('All who see the record')}
      searchable
      clearable
      data={permissionGroups(data?.permissions ?? []).map(({ group, permissions }) => ({
        group,
        items: permissions.map(({ name, allows }) => ({ value: name, label: allows })),
      }))}
      value={typed.permission}
      error={error}
      onChange={(permission) => set({ permission })}
    />
  );
}

function useForm({ table, row, close, saved }: FormProps) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(row));
  const [named, setNamed] = useState(Boolean(row));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (patch: Partial<Typed>) => {
    if (patch.name !== undefined) setNamed(true);
    // Until somebody names it, a field's name follows its label.
    const name = patch.label !== undefined && !named ? { name: nameFrom(patch.label) } : {};
    setTyped((before) => ({ ...before, ...patch, ...name }));
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setErrors({});
    setProblem('');
    try {
      const body = bodyOf(typed);
      if (row) {
        const { id, version } = row;
        await api.call('kernel.custom_field.change', { id, version, ...body });
      } else await api.call('kernel.custom_field.create', { table_name: table.name, ...body });
      await saved();
      close();
    } catch (error) {
      const told = error instanceof ApiProblem ? error.errors : [];
      setErrors(Object.fromEntries(told.map((one) => [one.field.split(/[./]/)[0], one.message])));
      if (told.length === 0) setProblem(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return { typed, set, save, errors, problem, busy };
}

function typedOf(row: Row | undefined): Typed {
  const text = (name: string) => String(row?.[name] ?? '');
  return {
    ...{ label: text('label'), name: text('name'), help: text('help') },
    type: text('type') || 'text',
    choices: ((row?.choices as string[] | null) ?? []).join('\n'),
    refers_to: text('refers_to') || null,
    permission: text('permission') || null,
    required: row?.required === true,
    searchable: row?.searchable === true,
  };
}

function bodyOf({ choices, refers_to, ...typed }: Typed): Row {
  const lines = choices.split('\n').map((line) => line.trim());
  return {
    ...typed,
    choices: typed.type === 'choice' ? lines.filter(Boolean) : null,
    refers_to: typed.type === 'reference' ? refers_to : null,
  };
}

/** `Größe (cm)` as `grosse_cm`: small letters, digits and _, a letter first. */
function nameFrom(label: string): string {
  return label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
}
