import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { may, useSignedIn } from '../base/session.tsx';
import { problemText } from '../base/states.tsx';
import type { Table } from '../base/types.ts';
import { type ListState, specOf } from './state.ts';
import type { View } from './views.tsx';

type Props = { table: Table; state: ListState; view?: View; close: () => void };

/** Names what a list shows as a view, or a view anew, and says who sees it. */
export default function ViewForm({ table, state, view, close }: Props) {
  const me = useSignedIn();
  const client = useQueryClient();
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.shared ?? false);
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wish = { name: name.trim(), shared };
    try {
      const { id } = view
        ? await api.call('kernel.saved_view.change', {
            ...{ id: view.id, version: view.version },
            ...wish,
          })
        : await api.call('kernel.saved_view.save', {
            ...{ table_name: table.name, spec: specOf(state) },
            ...wish,
          });
      await client.invalidateQueries({ queryKey: ['list', 'kernel.saved_view'] });
      if (!view) state.set({ view: String(id) });
      close();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const title = view ? t('Name and who sees it') : t('Save this list as a view');
  return (
    <Modal opened onClose={close} title={title}>
      <form className="k-stack" onSubmit={submit}>
        <TextInput
          label={t('Name')}
          value={name}
          maxLength={100}
          required
          data-autofocus
          error={problem}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {may(me, 'kernel.share_views') ? (
          <Checkbox
            label={t('Everybody sees it')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        ) : null}
        <div className="k-actions">
          <Button type="submit" disabled={!name.trim()}>
            {t('Save view')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
