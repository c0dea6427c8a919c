import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGo } from '../../../../kernel/ui/base/address.tsx';
import { ApiProblem, api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Forbidden, problemText, Refusal, Waiting } from '../../../../kernel/ui/base/states.tsx';
import { roleName } from '../../../../kernel/ui/field/cell.tsx';
import { isGoodPassword, NewPassword } from '../../../../kernel/ui/shell/password.tsx';

type Typed = {
  username: string;
  name: string;
  email: string;
  password: string;
  role: string | null;
  store_id: string | null;
  must_change_password: boolean;
};
type Errors = Partial<Record<keyof Typed, string>>;

/** Invites a person: a name to sign in with, a first password, a role, in one store or in all. */
export default function NewUser() {
  const { data } = useCatalogue();
  if (!data) return <Waiting rows={4} />;
  const may = data.operations.some(({ name }) => name === 'identity.user.make');
  return may ? <Form roles={data.roles ?? []} /> : <Forbidden />;
}

function Form({ roles }: { roles: string[] }) {
  const { stores } = useSignedIn();
  const go = useGo();
  const { typed, set, save, errors, problem, busy } = useNewUser();
  const text = (name: 'username' | 'name' | 'email') => ({
    value: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  return (
    <form className="k-page k-narrow k-new-user" onSubmit={save} noValidate>
      <div className="k-head">
        <h1>{t('New user')}</h1>
      </div>
      <TextInput label={t('Name')} required autoFocus autoComplete="off" {...text('name')} />
      <TextInput
        label={t('Username')}
        description={t('To sign in with, without spaces')}
        required
        autoCapitalize="none"
        autoComplete="off"
        {...text('username')}
      />
      <TextInput label={t('E-mail')} type="email" autoComplete="off" {...text('email')} />
      <Select
        label={t('Role')}
        description={roleText(typed.role)}
        required
        data={roles.map((value) => ({ value, label: roleName(value) }))}
        allowDeselect={false}
        value={typed.role}
        error={errors.role}
        onChange={(role) => set({ role })}
      />
      <Select
        label={t('Store')}
        placeholder={t('All stores')}
        clearable
        data={stores.map(({ id, name }) => ({ value: id, label: name }))}
        value={typed.store_id}
        error={errors.store_id}
        onChange={(store_id) => set({ store_id })}
      />
      <NewPassword
        label={t('First password')}
        value={typed.password}
        username={typed.username}
        error={errors.password}
        onChange={(password) => set({ password })}
      />
      <Checkbox
        label={t('The user chooses another one at the first sign-in')}
        checked={typed.must_change_password}
        onChange={(event) => set({ must_change_password: event.currentTarget.checked })}
      />
      <Refusal text={problem} />
      <div className="k-actions">
        <Button variant="default" onClick={() => go('/identity/user')}>
          {t('Cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('Make user')}
        </Button>
      </div>
    </form>
  );
}

function useNewUser() {
  const go = useGo();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed>({
    ...{ username: '', name: '', email: '', password: '' },
    ...{ role: 'cashier', store_id: null, must_change_password: true },
  });
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (patch: Partial<Typed>) => setTyped((before) => ({ ...before, ...patch }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const found = complaints(typed);
    setErrors(found);
    setProblem('');
    if (Object.keys(found).length) return;
    setBusy(true);
    try {
      const made = await api.call('identity.user.make', inputOf(typed));
      await client.invalidateQueries({ queryKey: ['catalogue'] });
      await client.invalidateQueries({ queryKey: ['list', 'identity.user'] });
      go(`/identity/user/${made.id}`, { replace: true });
    } catch (error) {
      const fields = error instanceof ApiProblem ? error.errors : [];
      setErrors(Object.fromEntries(fields.map((one) => [one.field, one.message])));
      if (fields.length === 0) setProblem(problemText(error));
      setBusy(false);
    }
  };
  return { typed, set, save, errors, problem, busy };
}

function complaints(typed: Typed): Errors {
  const found: Errors = {};
  if (!typed.name.trim()) found.name = t('This is needed.');
  if (!typed.username.trim()) found.username = t('This is needed.');
  if (!typed.role) found.role = t('Choose a role.');
  if (!isGoodPassword(typed.password, typed.username))
    found.password = t('It does not keep all the rules yet.');
  return found;
}

function inputOf({ email, store_id, ...rest }: Typed) {
  return {
    ...rest,
    username: rest.username.trim(),
    name: rest.name.trim(),
    ...(email.trim() && { email: email.trim() }),
    ...(store_id && { store_id }),
  };
}

function roleText(role: string | null): string {
  const known: Record<string, string> = {
    cashier: t('Sells at the till; sees customers and stock, no costs'),
    manager: t('Also takes back, voids, counts, imports, and sees the books of a store'),
    administrator: t('Everything, with users, periods and the whole company’s books'),
  };
  return known[role ?? ''] ?? '';
}
