import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useAddress, useGo } from '../../../../kernel/ui/base/address.tsx';
import { ApiProblem, api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { useMe } from '../../../../kernel/ui/base/session.tsx';
import { problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import { useAppearance } from '../../../../kernel/ui/shell/appearance.ts';
import { homeOf } from '../../../../kernel/ui/shell/menu.ts';

export function SignIn() {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [address] = useAddress();
  const client = useQueryClient();
  const go = useGo();
  const me = useMe();
  const { logo } = useAppearance();
  const next = address.get('next');
  // Who didn't ask for a certain page begins where their role does.
  const asked = next?.startsWith('/') && !next.startsWith('//') && next !== '/' ? next : '';
  const target = asked || (me.data ? homeOf(me.data) : '/');
  const notSetUp = me.error instanceof ApiProblem && me.error.code === 'not_set_up';
  useEffect(() => {
    if (notSetUp) go('/welcome', { replace: true });
    else if (me.data) go(target, { replace: true });
  }, [notSetUp, me.data, go, target]);
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      client.setQueryData(['me'], await api.signIn(login.trim(), password));
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <main className="k-alone">
      <form className="k-sign-in" onSubmit={signIn}>
        <img src={logo ?? '/icon.svg'} alt="" width={36} height={36} />
        <h1>{t('Sign in to Kontor')}</h1>
        <TextInput
          label={t('Name')}
          description={t('Username or e-mail')}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          withAsterisk={false}
          size="md"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('Password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Refusal text={problem} />
        <Button type="submit" size="md" loading={busy} fullWidth>
          {t('Sign in')}
        </Button>
      </form>
    </main>
  );
}
