import { Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGo } from '../../../../kernel/ui/base/address.tsx';
import { api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import { homeOf } from '../../../../kernel/ui/shell/menu.ts';
import { isGoodPassword, NewPassword } from '../../../../kernel/ui/shell/password.tsx';

/** Change the password; also where one is led who must. */
export default function PasswordPage() {
  const me = useSignedIn();
  const must = me.user.must_change_password;
  const client = useQueryClient();
  const go = useGo();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const differs = again !== '' && again !== fresh;
  const good = isGoodPassword(fresh, me.user.username) && again === fresh && old !== '';
  const change = async (event: FormEvent) => {
    event.preventDefault();
    if (!good) return;
    setBusy(true);
    try {
      await api.changePassword(old, fresh);
      const me = await client.fetchQuery({ queryKey: ['me'], queryFn: api.me, staleTime: 0 });
      go(homeOf(me), { replace: true });
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  const form = (
    <form className="k-sign-in" onSubmit={change}>
      <h1>{must ? t('Choose a password of your own') : t('Change password')}</h1>
      {must ? <p className="k-dim">{t('Somebody else made the one that you have now.')}</p> : null}
      <input type="hidden" autoComplete="username" value={me.user.username} readOnly />
      <PasswordInput
        label={t('Password until now')}
        size="md"
        autoComplete="current-password"
        autoFocus
        value={old}
        onChange={(event) => setOld(event.currentTarget.value)}
      />
      <NewPassword
        label={t('New password')}
        value={fresh}
        username={me.user.username}
        onChange={setFresh}
      />
      <PasswordInput
        label={t('New password again')}
        size="md"
        autoComplete="new-password"
        value={again}
        error={differs ? t('The two are not the same.') : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      <Refusal text={problem} />
      <Button type="submit" size="md" loading={busy} disabled={!good}>
        {t('Change password')}
      </Button>
    </form>
  );
  return must ? <main className="k-alone">{form}</main> : <div className="k-alone">{form}</div>;
}
