import { Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiProblem, api, hooks } from './api.ts';
import { readCatalogue } from './catalogue.ts';
import { moment } from './format.ts';
import { t } from './i18n.ts';
import type { Catalogue, Me, Table } from './types.ts';

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: api.me,
  retry: (count: number, error: Error) =>
    error instanceof ApiProblem && error.status === 0 && count < 3,
  staleTime: 300_000,
});

/** What there is to see and to do; asked for beside who one is, not after it. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: ({ client }) => readCatalogue(client.ensureQueryData(meQuery)),
  staleTime: 300_000,
});

export const useMe = () => useQuery(meQuery);

/** The signed-in person; only for pages inside the frame, which waits for it. */
export function useSignedIn(): Me {
  const me = useMe().data;
  if (!me) throw new Error('This page needs a signed-in person.');
  return me;
}

export function useCatalogue() {
  return useQuery({ ...catalogueQuery, enabled: Boolean(useMe().data) });
}

export function useTable(name: string): { table?: Table; loading: boolean; error: Error | null } {
  const { data, isPending, error } = useCatalogue();
  return { table: tableOf(data, name), loading: isPending, error };
}

export function tableOf(catalogue: Catalogue | undefined, name: string): Table | undefined {
  return catalogue?.tables.find((table) => table.name === name);
}

export function may(me: Me, permission: string, store?: string | null): boolean {
  const stores = me.permissions[permission];
  return Boolean(stores && (!store || stores.includes(store)));
}

type Waiting = (signedIn: boolean) => void;

const warnMs = 10 * 60_000;

/** Whether the session ends within ten minutes. */
function useEndsSoon(at: string | undefined): boolean {
  const [soon, setSoon] = useState(false);
  useEffect(() => {
    const look = () => setSoon(Boolean(at) && Date.parse(at ?? '') - Date.now() < warnMs);
    look();
    const timer = setInterval(look, 30_000);
    return () => clearInterval(timer);
  }, [at]);
  return soon;
}

/** A session that ends in the middle of work: sign in again over the page, which stays as it is. */
export function SessionEnded() {
  const client = useQueryClient();
  const me = useMe().data;
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const waiting = useRef<Waiting[]>([]);
  const known = useRef<Me | undefined>(undefined);
  if (me) known.current = me;
  useEffect(() => {
    hooks.signInAgain = () => {
      if (!known.current) return Promise.resolve(false);
      setOpen(true);
      return new Promise<boolean>((resolve) => waiting.current.push(resolve));
    };
  }, []);
  const soon = useEndsSoon(me?.session_ends_at);
  const settle = (signedIn: boolean) => {
    setOpen(false);
    setPassword('');
    setProblem('');
    for (const resolve of waiting.current.splice(0)) resolve(signedIn);
  };
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const again = await api.signIn(known.current?.user.username ?? '', password);
      client.setQueryData(['me'], again);
      settle(true);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
  };
  const leave = () => {
    settle(false);
    location.assign('/sign-in');
  };
  if (soon && !open)
    return (
      <div className="k-ending" role="status">
        {t('Your session ends at {time}.', { time: moment(me?.session_ends_at) })}{' '}
        <button type="button" className="k-link" onClick={() => setOpen(true)}>
          {t('Sign in again now')}
        </button>
      </div>
    );
  return (
    <Modal
      opened={open}
      onClose={() => soon && settle(false)}
      withCloseButton={soon}
      title={soon ? t('Sign in again') : t('Your session has ended')}
      zIndex={1000}
    >
      <form onSubmit={signIn}>
        <Stack gap="sm">
          <Text size="md">{t('Sign in again to go on. What you typed is still here.')}</Text>
          <TextInput label={t('Name')} value={known.current?.user.username ?? ''} readOnly />
          <PasswordInput
            label={t('Password')}
            autoComplete="current-password"
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={problem}
          />
          <div className="k-actions">
            <Button variant="default" onClick={soon ? () => settle(false) : leave}>
              {soon ? t('Later') : t('Leave')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('Sign in')}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}
