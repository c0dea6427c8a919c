import { Button, Progress } from '@mantine/core';
import { IconCashRegister, IconFileImport, IconUserPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { api, request } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Answers } from './welcome_steps.tsx';

type Advance = {
  state: 'running' | 'done' | 'failed';
  step: string;
  done: number;
  total: number;
  problem?: string | { detail?: string; title?: string };
};

type MakingProps = { demo: boolean; then: () => void; back: () => void };

/** The business being made, step by step. */
export function Making({ demo, then, back }: MakingProps) {
  const { data, error } = useQuery({
    queryKey: ['setup', 'progress'],
    queryFn: () => request<Advance>('GET', '/setup/progress', { quiet: true }),
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : 400),
    staleTime: 0,
    gcTime: 0,
  });
  const state = data?.state;
  useEffect(() => {
    if (state === 'done') then();
  }, [state, then]);
  const share = data?.total ? Math.round((data.done / data.total) * 100) : 3;
  const problem =
    typeof data?.problem === 'object' ? (data.problem.detail ?? data.problem.title) : data?.problem;
  if (state === 'failed') {
    return (
      <div className="k-stack">
        <h1>{t('This did not work')}</h1>
        <Refusal text={problem ?? t('The server does not say why; its log does.')} />
        <Button variant="default" onClick={back}>
          {t('Back')}
        </Button>
      </div>
    );
  }
  return (
    <div className="k-stack" role="status">
      <h1>{demo ? t('A year of a bike shop is being rung up') : t('Your shop is being set up')}</h1>
      <Progress value={share} aria-label={t('Progress')} transitionDuration={120} />
      <p className="k-dim">{error ? problemText(error) : (data?.step ?? t('Starting'))}</p>
    </div>
  );
}

/** The shop is ready: three next steps with real links. */
export function Ready({ answers }: { answers: Answers }) {
  const client = useQueryClient();
  const { data: me, error } = useQuery({
    queryKey: ['welcome', 'sign-in'],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const me = await api.signIn(answers.username.trim(), answers.password);
      client.setQueryData(['me'], me);
      return me;
    },
  });
  return (
    <>
      <h1>{t('{company} is ready', { company: answers.company })}</h1>
      {error ? <p className="k-problem">{problemText(error)}</p> : null}
      {/* Before the sign-in is through, a page would send one back here. */}
      {me || error ? <NextSteps /> : <Waiting rows={3} />}
    </>
  );
}

function NextSteps() {
  return (
    <>
      <div className="k-choices">
        {nextSteps().map(({ href, icon, title, text }) => (
          <A key={href} href={href} className="k-choice">
            {icon}
            <b>{title}</b>
            <span>{text}</span>
          </A>
        ))}
      </div>
      <A href="/">{t('Go to the dashboard')}</A>
    </>
  );
}

function nextSteps() {
  return [
    {
      href: '/import',
      icon: <IconFileImport size={20} stroke={1.5} />,
      title: t('Bring your data'),
      text: t('CSV files of customers, products, stock and past orders'),
    },
    {
      href: '/till',
      icon: <IconCashRegister size={20} stroke={1.5} />,
      title: t('Ring up a sale'),
      text: t('The till runs in this browser'),
    },
    {
      href: '/identity/user/new',
      icon: <IconUserPlus size={20} stroke={1.5} />,
      title: t('Invite a person'),
      text: t('With the rights of a cashier or a manager'),
    },
  ];
}
