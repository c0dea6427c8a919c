import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { isGoodPassword, NewPassword } from '../../../../kernel/ui/shell/password.tsx';

/** A new password for who forgot theirs. */
export function GivePassword({ row }: { row: Row }) {
  const [asked, setAsked] = useState(false);
  const username = String(row.username);
  return (
    <div className="k-beside">
      <Button variant="default" onClick={() => setAsked(true)}>
        {t('Give a new password')}
      </Button>
      {asked ? <Ask id={String(row.id)} username={username} close={() => setAsked(false)} /> : null}
    </div>
  );
}

type AskProps = { id: string; username: string; close: () => void };

function Ask({ id, username, close }: AskProps) {
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const give = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.call('identity.user.give_password', { id, password });
      await client.invalidateQueries({ queryKey: ['record', 'identity.user'] });
      close();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={t('New password for {username}', { username })}>
      <form className="k-stack" onSubmit={give}>
        <p>
          {t('It is good for one sign-in, then another is asked for. Open pages are signed out.')}
        </p>
        <NewPassword
          label={t('New password')}
          value={password}
          username={username}
          autoFocus
          onChange={setPassword}
        />
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!isGoodPassword(password, username)}>
            {t('Give it')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
