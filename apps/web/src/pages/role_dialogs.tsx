import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import type { Role } from './roles.tsx';

/** What somebody wants to do with a role, or with a new one that begins as a copy. */
export type Wish =
  | { verb: 'make'; role?: Role }
  | { verb: 'change' | 'rename' | 'remove'; role: Role };

type Props = { roles: Role[]; wish: Wish; close: () => void; done: (name?: string) => void };

/** Makes, renames or removes a role. */
export function RoleDialog({ roles, wish, close, done }: Props) {
  const { role } = wish;
  const [label, setLabel] = useState(wish.verb === 'rename' ? wish.role.label : '');
  const [copies, setCopies] = useState(role?.name ?? null);
  const { act, busy, problem, error } = useAct(done);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wish.verb === 'make') return act('make', { label, ...(copies ? { copies } : {}) });
    const { name } = wish.role;
    return act(wish.verb, wish.verb === 'rename' ? { role: name, label } : { role: name });
  };
  const button = { make: t('Make role'), rename: t('Rename'), change: '', remove: t('Remove') };
  const title = {
    make: t('New role'),
    rename: t('Rename {role}', { role: role?.label }),
    change: '',
    remove: t('Remove {role}?', { role: role?.label }),
  };
  return (
    <Modal opened onClose={close} title={title[wish.verb]}>
      <form className="k-stack" onSubmit={(event) => void submit(event)} noValidate>
        {wish.verb === 'remove' ? (
          <p>{t('Nobody has this role. It can’t be brought back; the trail keeps it.')}</p>
        ) : (
          <TextInput
            label={t('Name')}
            data-autofocus
            autoComplete="off"
            maxLength={60}
            value={label}
            error={error}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
        )}
        {wish.verb === 'make' ? (
          <Select
            label={t('Begins as a copy of')}
            placeholder={t('Nothing is permitted yet')}
            clearable
            data={roles.map(({ name, label }) => ({ value: name, label }))}
            value={copies}
            onChange={setCopies}
          />
        ) : null}
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button
            type="submit"
            color={wish.verb === 'remove' ? 'red' : undefined}
            loading={busy}
            disabled={wish.verb !== 'remove' && !label.trim()}
          >
            {button[wish.verb]}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useAct(done: (name?: string) => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [error, setError] = useState('');
  const act = async (verb: 'make' | 'rename' | 'change' | 'remove', input: Row) => {
    setBusy(true);
    setProblem('');
    setError('');
    try {
      const made = await api.call(`identity.role.${verb}`, input);
      // First what the role is called, then where it stands.
      await client.invalidateQueries({ queryKey: ['catalogue'] });
      await client.invalidateQueries({ queryKey: ['list', 'identity.role_held'] });
      done(verb === 'make' ? String(made.role) : undefined);
    } catch (failed) {
      const fields = failed instanceof ApiProblem ? failed.errors : [];
      const own = fields.find(({ field }) => field === 'label');
      setError(own?.message ?? '');
      if (!own) setProblem(problemText(failed));
      setBusy(false);
    }
  };
  return { act, busy, problem, error };
}
