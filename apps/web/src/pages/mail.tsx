import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { ApiProblem, api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import {
  Failed,
  Forbidden,
  problemText,
  Refusal,
  Waiting,
} from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { useLeave } from '../../../../kernel/ui/shell/leave.tsx';

type Typed = {
  host: string;
  port: number | string;
  security: string;
  username: string;
  password: string;
  from_address: string;
  from_name: string;
};

const server = { limit: 1 };
const spokenSafely = ['starttls', 'tls'];
const usualPort: Record<string, number> = { tls: 465, starttls: 587, none: 25 };

/** The mail server by which receipts go out. */
export default function MailPage() {
  const me = useSignedIn();
  const allowed = may(me, 'kernel.administer');
  const { data, error } = useQuery({
    queryKey: ['list', 'mail.server', server],
    queryFn: ({ signal }) => api.list('mail.server', server, signal),
    enabled: allowed,
  });
  if (!allowed) return <Forbidden />;
  if (error) return <Failed error={error} />;
  if (!data) return <Waiting rows={6} />;
  const [row] = data.rows;
  return (
    <div className="k-page k-narrow k-stack">
      <h1>{t('E-mail')}</h1>
      <p className="k-dim">{t('Receipts go to customers by the mail server of your provider.')}</p>
      <p>
        <A href="/mail/message">{t('What was sent')}</A>
      </p>
      <ServerForm key={String(row?.version ?? 0)} row={row} />
      {row ? <Test /> : null}
    </div>
  );
}

function ServerForm({ row }: { row: Row | undefined }) {
  const { typed, set, save, errors, problem, busy, changed, asked } = useServer(row);
  const text = (name: keyof Typed) => ({
    name,
    value: String(typed[name]),
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  return (
    <form className="k-stack" onSubmit={save} noValidate>
      <TextInput label={t('Host')} placeholder="smtp.example.com" dir="ltr" {...text('host')} />
      <div className="k-two">
        <Select
          label={t('Security')}
          data={[
            ...spokenSafely.map((value) => ({ value, label: value.toUpperCase() })),
            { value: 'none', label: t('None') },
          ]}
          allowDeselect={false}
          value={typed.security}
          error={errors.security}
          onChange={(chosen) => {
            const security = chosen ?? typed.security;
            const isUsual = Number(typed.port) === usualPort[typed.security];
            set({ security, ...(isUsual && { port: usualPort[security] ?? '' }) });
          }}
        />
        <NumberInput
          label={t('Port')}
          hideControls
          allowDecimal={false}
          min={1}
          max={65535}
          value={typed.port}
          error={errors.port}
          onChange={(port) => set({ port })}
        />
      </div>
      <TextInput
        label={t('User name')}
        description={t('Empty where the server asks for none')}
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        {...text('username')}
      />
      <PasswordInput
        label={t('Password')}
        description={row?.has_password ? t('One is kept. Type to change it.') : undefined}
        autoComplete="new-password"
        {...text('password')}
      />
      <TextInput
        label={t('From address')}
        placeholder="shop@example.com"
        type="email"
        dir="ltr"
        {...text('from_address')}
      />
      <TextInput label={t('From name')} {...text('from_name')} />
      <Refusal text={problem} />
      <div className="k-actions">
        <Button type="submit" loading={busy} disabled={!changed}>
          {t('Save changes')}
        </Button>
      </div>
      {asked}
    </form>
  );
}

const typedOf = (row: Row | undefined, company: string): Typed => ({
  host: String(row?.host ?? ''),
  port: Number(row?.port ?? usualPort.starttls),
  security: String(row?.security ?? 'starttls'),
  username: String(row?.username ?? ''),
  password: '',
  from_address: String(row?.from_address ?? ''),
  from_name: String(row?.from_name ?? (row ? '' : company)),
});

function useServer(row: Row | undefined) {
  const { company } = useSignedIn();
  const client = useQueryClient();
  const [first] = useState(() => typedOf(row, company.name));
  const [typed, setTyped] = useState(first);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(typed) !== JSON.stringify(first);
  const leave = useLeave(changed);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setErrors({});
    setProblem('');
    setBusy(true);
    const { password, username, from_name, port, ...rest } = typed;
    // Nothing typed keeps the password; without a user there is none to keep.
    const kept = username.trim() ? (password ? { password } : {}) : { password: null };
    const said = { port: Number(port), username: username.trim() || null, ...kept };
    try {
      const host = { host: rest.host.trim(), from_address: rest.from_address.trim() };
      const name = { from_name: from_name.trim() || null };
      await api.call('mail.server.set', { ...rest, ...host, ...said, ...name });
      leave.free();
      await client.invalidateQueries({ queryKey: ['list', 'mail.server'] });
    } catch (error) {
      const told = error instanceof ApiProblem ? error.errors : [];
      setErrors(Object.fromEntries(told.map(({ field, message }) => [field, message])));
      if (told.length === 0) setProblem(problemText(error));
    }
    setBusy(false);
  };
  const set = (patch: Partial<Typed>) => setTyped((before) => ({ ...before, ...patch }));
  return { typed, set, save, errors, problem, busy, changed, asked: leave.asked };
}

/** Sends an e-mail to oneself, and says what the mail server answered. */
function Test() {
  const [to, setTo] = useState('');
  const [run, setRun] = useState('');
  const [error, setError] = useState('');
  const query = { filter: [['id', '=', run]] as [string, string, unknown][], limit: 1 };
  const { data } = useQuery({
    queryKey: ['list', 'jobs.run', query],
    queryFn: ({ signal }) => api.list('jobs.run', query, signal),
    enabled: Boolean(run),
    refetchInterval: ({ state }) => (state.data?.rows[0]?.ended_at ? false : 500),
  });
  const ended = data?.rows[0]?.ended_at ? data.rows[0] : undefined;
  const test = async (event: FormEvent) => {
    event.preventDefault();
    setError('');
    setRun('');
    try {
      const queued = await api.call('mail.server.test', { to: to.trim() });
      setRun(String(queued.run_id));
    } catch (refused) {
      const told = refused instanceof ApiProblem ? refused.errors : [];
      setError(told[0]?.message ?? problemText(refused));
    }
  };
  return (
    <form className="k-stack" onSubmit={test} noValidate aria-label={t('Send a test')}>
      <h2>{t('Send a test')}</h2>
      <TextInput
        label={t('To')}
        type="email"
        dir="ltr"
        value={to}
        error={error}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <div role="status">
        {run && !ended ? <p className="k-dim">{t('Sending …')}</p> : null}
        {ended?.state === 'done' ? (
          <p>{t('The mail server took it. Look into the mailbox.')}</p>
        ) : null}
      </div>
      {ended && ended.state !== 'done' ? <Refusal text={String(ended.problem_text ?? '')} /> : null}
      <div className="k-actions">
        <Button type="submit" variant="default" loading={Boolean(run) && !ended}>
          {t('Send a test')}
        </Button>
      </div>
    </form>
  );
}
