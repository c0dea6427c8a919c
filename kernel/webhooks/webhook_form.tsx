import { Button, Checkbox, Modal, MultiSelect, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api } from '../ui/base/api.ts';
import { t } from '../ui/base/i18n.ts';
import { problemText, Refusal } from '../ui/base/states.tsx';
import type { Row, Table } from '../ui/base/types.ts';

type Typed = { name: string; url: string; tables: string[]; verbs: string[]; with_row: boolean };
type FormProps = {
  row?: Row;
  tables: Table[];
  close: () => void;
  /** Told of the secret, where one was made. */
  saved: (secret?: Secret) => Promise<void>;
};
export type Secret = { name: string; secret: string; former_until?: string | null };

/** Makes a webhook, or changes what it is told of. */
export function WebhookForm(props: FormProps) {
  const { row, tables, close } = props;
  const { typed, set, save, errors, problem, busy } = useForm(props);
  const text = (name: 'name' | 'url') => ({
    value: typed[name],
    error: errors[name],
    name,
    required: true,
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  return (
    <Modal opened onClose={close} title={row ? t('Change webhook') : t('New webhook')}>
      <form className="k-stack" onSubmit={save} noValidate>
        <TextInput label={t('Name')} data-autofocus {...text('name')} />
        <TextInput
          label={t('Address')}
          description={t('Its address, such as https://shop.example/hook')}
          type="url"
          dir="ltr"
          {...text('url')}
        />
        <MultiSelect
          label={t('Records')}
          description={t('Changes to send')}
          required
          searchable
          hidePickedOptions
          data={tables.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))}
          value={typed.tables}
          error={errors.tables}
          onChange={(chosen) => set({ tables: chosen })}
        />
        <Checkbox.Group
          label={t('Told of')}
          required
          value={typed.verbs}
          error={errors.verbs}
          onChange={(verbs) => set({ verbs })}
        >
          <div className="k-filters">
            <Checkbox value="insert" label={t('New records')} />
            <Checkbox value="update" label={t('Changed records')} />
          </div>
        </Checkbox.Group>
        <Switch
          label={t('Send the record with it')}
          description={t('As far as you may see it; otherwise only the record’s id is sent.')}
          checked={typed.with_row}
          onChange={(event) => set({ with_row: event.currentTarget.checked })}
        />
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {row ? t('Save changes') : t('Make webhook')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useForm({ row, close, saved }: FormProps) {
  const [typed, setTyped] = useState<Typed>(() => ({
    name: String(row?.name ?? ''),
    url: String(row?.url ?? ''),
    tables: (row?.tables as string[] | undefined) ?? [],
    verbs: (row?.verbs as string[] | undefined) ?? ['insert', 'update'],
    with_row: row?.with_row === true,
  }));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (patch: Partial<Typed>) => setTyped((before) => ({ ...before, ...patch }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setProblem('');
    const missing = missingIn(typed);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      if (row) {
        const { id, version } = row;
        await api.call('webhooks.endpoint.change', { id, version, ...typed });
        await saved();
      } else {
        const made = await api.call('webhooks.endpoint.make', typed);
        await saved({ name: typed.name, secret: String(made.secret) });
      }
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

function missingIn({ name, url, tables, verbs }: Typed): Record<string, string> {
  const needed = { name: name.trim(), url: url.trim(), tables: tables[0], verbs: verbs[0] };
  const empty = Object.entries(needed).filter(([, value]) => !value);
  return Object.fromEntries(empty.map(([field]) => [field, t('This is needed.')]));
}

type RenewProps = { row: Row; close: () => void; saved: (secret: Secret) => Promise<void> };

/** Asks whether the secret before goes on for a day, then makes a new one. */
export function RenewSecret({ row, close, saved }: RenewProps) {
  const [atOnce, setAtOnce] = useState(false);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const renew = async () => {
    setBusy(true);
    setProblem('');
    try {
      const made = await api.call('webhooks.endpoint.renew', { id: row.id, at_once: atOnce });
      const { secret, former_until } = made as { secret: string; former_until: string | null };
      await saved({ name: String(row.name), secret, former_until });
      close();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={t('Renew secret of {name}', { name: row.name })}>
      <div className="k-stack">
        <p className="k-dim">
          {t(
            'For a day both secrets sign, so that the other side can change over in its own time.',
          )}
        </p>
        <Switch
          label={t('End the old one at once')}
          description={t(
            'Where somebody has it who shouldn’t: the other side takes nothing more until it has the new one.',
          )}
          checked={atOnce}
          onChange={(event) => setAtOnce(event.currentTarget.checked)}
        />
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button loading={busy} onClick={() => void renew()}>
            {t('Renew secret')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
