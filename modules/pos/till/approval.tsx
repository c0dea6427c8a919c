import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { api } from '../../../kernel/ui/base/api.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal } from '../../../kernel/ui/base/states.tsx';
import { useOnTop } from '../../../kernel/ui/shell/on_top.ts';

export type Ask = { operation: string; input: unknown; why: string };
type Props = { ask: Ask; close: () => void; approved: (token: string) => void };

/** A manager's password lets this one call pass, and nothing else. */
export function ApprovalDialog({ ask, close, approved }: Props) {
  useOnTop();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const approve = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { approval } = await api.approve(login.trim(), password, ask.operation, ask.input);
      approved(approval);
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('A manager has to approve this')}
      size={400}
      zIndex={400}
    >
      <form className="k-stack" onSubmit={approve}>
        <p>{ask.why}</p>
        <TextInput
          label={t('Manager')}
          data-autofocus
          autoComplete="off"
          autoCapitalize="none"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('Password')}
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!login || !password}>
            {t('Approve once')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
