import { Button, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { api } from '../../../../kernel/ui/base/api.ts';
import { nameOf } from '../../../../kernel/ui/base/catalogue.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Refusal, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Filter, Row } from '../../../../kernel/ui/base/types.ts';
import { roleName } from '../../../../kernel/ui/field/cell.tsx';
import { RowButton, useAct } from '../../../../kernel/ui/record/row_tools.tsx';
import { GivePassword } from './give_password.tsx';

/** Beside a user who signs in: what they are and where, and a new password. */
export function SignsIn({ row }: { row: Row }) {
  const { data } = useCatalogue();
  const username = String(row.username);
  if (!data || username === 'system' || username.startsWith('shell:')) return null;
  const may = (name: string) => data.operations.some((one) => one.name === `identity.user.${name}`);
  return (
    <>
      <Roles id={String(row.id)} choices={may('give_role') ? (data.roles ?? []) : []} />
      {may('give_password') ? <GivePassword row={row} /> : null}
    </>
  );
}

function Roles({ id, choices }: { id: string; choices: string[] }) {
  const client = useQueryClient();
  const filter: Filter[] = [['user_id', '=', id]];
  const { data, error } = useQuery({
    queryKey: ['list', 'identity.user_role', id],
    queryFn: ({ signal }) => api.list('identity.user_role', { filter, limit: 200 }, signal),
  });
  const { act, problem } = useAct('identity.user_role');
  const change = async (operation: string, role: string, store_id: string | null) => {
    await act(`identity.user.${operation}`, { id, role, store_id });
    await client.invalidateQueries({ queryKey: ['record', 'identity.user'] });
  };
  if (error) return <Failed error={error} page={false} />;
  if (!data) return <Waiting rows={2} />;
  return (
    <section className="k-beside k-roles" aria-labelledby="roles">
      <div className="k-head">
        <h2 id="roles">{t('Roles')}</h2>
        {choices.length ? <A href="/settings/roles">{t('What they permit')}</A> : null}
      </div>
      {data.rows.length === 0 ? (
        <p className="k-dim">{t('Without a role nothing can be opened.')}</p>
      ) : null}
      <ul>
        {data.rows.map((one) => {
          const role = String(one.role);
          const store = one.store_id ? String(one.store_id) : null;
          const where = store ? (nameOf(store) ?? '') : t('All stores');
          return (
            <li key={String(one.id)}>
              <span>
                <b>{roleName(role)}</b> <small>{where}</small>
              </span>
              {choices.length ? (
                <RowButton
                  label={t('Take away')}
                  of={`${roleName(role)}, ${where}`}
                  run={() => void change('take_role', role, store)}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
      <Refusal text={problem} />
      {choices.length ? (
        <Give choices={choices} give={(role, store) => change('give_role', role, store)} />
      ) : null}
    </section>
  );
}

type GiveProps = {
  choices: string[];
  give: (role: string, store: string | null) => Promise<void>;
};

function Give({ choices, give }: GiveProps) {
  const { stores } = useSignedIn();
  const [role, setRole] = useState<string | null>(null);
  const [store, setStore] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!role) return;
    setBusy(true);
    await give(role, store);
    setRole(null);
    setBusy(false);
  };
  return (
    <form onSubmit={submit}>
      <Select
        size="xs"
        aria-label={t('Role')}
        placeholder={t('Role')}
        data={choices.map((value) => ({ value, label: roleName(value) }))}
        value={role}
        onChange={setRole}
      />
      <Select
        size="xs"
        aria-label={t('Store')}
        placeholder={t('All stores')}
        clearable
        data={stores.map(({ id, name }) => ({ value: id, label: name }))}
        value={store}
        onChange={setStore}
      />
      <Button type="submit" size="xs" variant="default" loading={busy} disabled={!role}>
        {t('Give role')}
      </Button>
    </form>
  );
}
