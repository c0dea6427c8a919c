import { ActionIcon, Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { IconBookmark, IconCheck, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from './api.ts';
import { t } from './i18n.ts';
import { type ListState, patchOf, specOf } from './list_state.ts';
import { may, useSignedIn } from './session.tsx';
import { problemText, Refusal } from './states.tsx';
import type { Table, ViewSpec } from './types.ts';

type View = {
  id: string;
  version: number;
  name: string;
  spec: ViewSpec;
  owner_id: string;
  shared: boolean;
};

/** The saved views of a list, one's own and those that are shared, and keeping this one. */
export function Views({ table, state }: { table: Table; state: ListState }) {
  const me = useSignedIn();
  const client = useQueryClient();
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState('');
  const { data } = useQuery({
    queryKey: ['list', 'kernel.saved_view', table.name],
    queryFn: ({ signal }) => {
      const filter: [string, string, unknown][] = [
        ['table_name', '=', table.name],
        ['is_active', '=', true],
      ];
      return api.list('kernel.saved_view', { filter, sort: 'name', limit: 100 }, signal);
    },
  });
  const views = (data?.rows ?? []) as unknown as View[];
  const now = views.find(({ id }) => id === state.view);
  const remove = async ({ id, version }: View) => {
    try {
      await api.call('kernel.saved_view.archive', { id, version });
      if (state.view === id) state.set({ view: '' });
      await client.invalidateQueries({ queryKey: ['list', 'kernel.saved_view'] });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const save = may(me, 'kernel.save_views');
  if (views.length === 0 && !save) return null;
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconBookmark size={15} stroke={1.7} />}
          >
            {now?.name ?? t('Views')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              leftSection={view.id === state.view ? <IconCheck size={14} /> : null}
              onClick={() => state.set(patchOf(view.id, view.spec))}
            >
              {view.name}
              {view.shared ? <small className="k-dim"> {t('shared')}</small> : null}
            </Menu.Item>
          ))}
          {views.length > 0 && save ? <Menu.Divider /> : null}
          {save ? (
            <Menu.Item onClick={() => setSaving(true)}>{t('Save this list as a view …')}</Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {now && now.owner_id === me.user.id ? (
        <ActionIcon
          size={26}
          aria-label={t('Remove the view {name}', { name: now.name })}
          title={t('Remove the view {name}', { name: now.name })}
          onClick={() => void remove(now)}
        >
          <IconTrash size={15} stroke={1.7} />
        </ActionIcon>
      ) : null}
      <Refusal text={problem} />
      {saving ? <SaveView table={table} state={state} close={() => setSaving(false)} /> : null}
    </>
  );
}

type SaveProps = { table: Table; state: ListState; close: () => void };

function SaveView({ table, state, close }: SaveProps) {
  const me = useSignedIn();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const wish = { table_name: table.name, name: name.trim(), spec: specOf(state), shared };
      const { id } = await api.call('kernel.saved_view.save', wish);
      await client.invalidateQueries({ queryKey: ['list', 'kernel.saved_view'] });
      state.set({ view: String(id) });
      close();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Modal opened onClose={close} title={t('Save this list as a view')}>
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
