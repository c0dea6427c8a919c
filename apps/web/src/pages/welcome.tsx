import { Button, Progress } from '@mantine/core';
import {
  IconBuildingStore,
  IconCashRegister,
  IconFileImport,
  IconUserPlus,
  IconWand,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { A, useGo } from '../../../../kernel/ui/address.tsx';
import { ApiProblem, api, request } from '../../../../kernel/ui/api.ts';
import { t } from '../../../../kernel/ui/i18n.ts';
import { isGoodPassword } from '../../../../kernel/ui/password.tsx';
import { Failed, problemText, Waiting } from '../../../../kernel/ui/states.tsx';
import {
  type Answers,
  CompanyStep,
  CountryStep,
  PersonStep,
  type Setup,
  StoreStep,
} from './welcome_steps.tsx';

type Stage = 'start' | 'company' | 'country' | 'store' | 'person' | 'progress' | 'ready';
type Advance = {
  state: 'running' | 'done' | 'failed';
  step: string;
  done: number;
  total: number;
  problem?: string | { detail?: string; title?: string };
};

const own: Stage[] = ['company', 'country', 'store', 'person'];

/** From nothing to a shop that is ready: one question a step. */
export default function Welcome() {
  const go = useGo();
  const setup = useQuery({
    queryKey: ['setup'],
    queryFn: () => request<Setup>('GET', '/setup', { quiet: true }),
  });
  const [stage, setStage] = useState<Stage>('start');
  const [answers, setAnswers] = useState<Answers | null>(null);
  const done = setup.data?.done && (stage === 'start' || own.includes(stage));
  useEffect(() => {
    if (done) go('/sign-in', { replace: true });
  }, [done, go]);
  if (setup.error) return <Failed error={setup.error} again={() => void setup.refetch()} />;
  if (!setup.data || done) return <Waiting rows={3} />;
  const start = (demo: boolean) => {
    setAnswers(firstAnswers(setup.data, demo));
    setStage(demo ? 'person' : 'company');
  };
  return (
    <main className="k-alone">
      <div className="k-welcome">
        <img src="/icon.svg" alt="" width={36} height={36} />
        {stage === 'start' ? <Start start={start} /> : null}
        {answers && own.includes(stage) ? (
          <Questions
            setup={setup.data}
            answers={answers}
            stage={stage}
            setAnswers={setAnswers}
            setStage={setStage}
          />
        ) : null}
        {stage === 'progress' ? (
          <Making
            demo={answers?.demo ?? false}
            then={() => setStage('ready')}
            back={() => setStage('person')}
          />
        ) : null}
        {stage === 'ready' && answers ? <Ready answers={answers} /> : null}
      </div>
    </main>
  );
}

function firstAnswers(setup: Setup, demo: boolean): Answers {
  const home = navigator.language.split('-')[1] ?? '';
  const known = setup.countries.find(({ code }) => code === home);
  const country =
    (demo ? setup.countries.find(({ code }) => code === 'US') : known) ?? setup.countries[0];
  return {
    demo,
    profile: setup.profiles[0]?.name ?? 'retail',
    company: demo ? 'Hill Bikes' : '',
    country: country?.code ?? '',
    currency: country?.currency ?? setup.currencies[0]?.code ?? '',
    store: demo ? '' : t('Main store'),
    username: '',
    password: '',
  };
}

function Start({ start }: { start: (demo: boolean) => void }) {
  return (
    <>
      <h1>{t('Welcome to Kontor')}</h1>
      <p className="k-dim">{t('The back office of your shop, on a machine of your own.')}</p>
      <div className="k-choices">
        <Choice
          icon={<IconBuildingStore size={20} stroke={1.5} />}
          title={t('Set up my shop')}
          text={t('Four questions, then it is ready.')}
          onClick={() => start(false)}
        />
        <Choice
          icon={<IconWand size={20} stroke={1.5} />}
          title={t('Look around with a demo shop')}
          text={t('A bike shop with a year of sales; takes half a minute.')}
          onClick={() => start(true)}
        />
      </div>
    </>
  );
}

type ChoiceProps = { icon: ReactNode; title: string; text: string; onClick: () => void };

function Choice({ icon, title, text, onClick }: ChoiceProps) {
  return (
    <button type="button" className="k-choice" onClick={onClick}>
      {icon}
      <b>{title}</b>
      <span>{text}</span>
    </button>
  );
}

type QuestionsProps = {
  setup: Setup;
  answers: Answers;
  stage: Stage;
  setAnswers: (answers: Answers) => void;
  setStage: (stage: Stage) => void;
};

function Questions({ setup, answers, stage, setAnswers, setStage }: QuestionsProps) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const stages: Stage[] = answers.demo ? ['person'] : own;
  const at = stages.indexOf(stage);
  const titles: Record<string, string> = {
    company: t('What is your company called?'),
    country: t('Where is it?'),
    store: t('Where do you sell?'),
    person: t('Who looks after it?'),
  };
  const next = async (event: FormEvent) => {
    event.preventDefault();
    const found = complaints(stage, answers);
    setErrors(found);
    if (Object.keys(found).length) return;
    const following = stages[at + 1];
    if (following) return setStage(following);
    setBusy(true);
    setProblem('');
    try {
      const { store, ...rest } = answers;
      await request('POST', '/setup', { body: { ...rest, ...(store && { store }) }, quiet: true });
      setStage('progress');
    } catch (error) {
      const fields = error instanceof ApiProblem ? error.errors : [];
      setErrors(Object.fromEntries(fields.map((one) => [one.field, one.message])));
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  const step = {
    answers,
    setup,
    errors,
    set: (patch: Partial<Answers>) => setAnswers({ ...answers, ...patch }),
  };
  return (
    <form className="k-stack" onSubmit={next} noValidate>
      {stages.length > 1 ? (
        <p className="k-dim k-step-count">
          {t('Step {n} of {all}', { n: at + 1, all: stages.length })}
        </p>
      ) : null}
      <h1>{titles[stage]}</h1>
      {stage === 'company' ? <CompanyStep {...step} /> : null}
      {stage === 'country' ? <CountryStep {...step} /> : null}
      {stage === 'store' ? <StoreStep {...step} /> : null}
      {stage === 'person' ? <PersonStep {...step} /> : null}
      {problem ? (
        <p className="k-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="k-welcome-actions">
        <Button variant="default" size="md" onClick={() => setStage(stages[at - 1] ?? 'start')}>
          {t('Back')}
        </Button>
        <Button type="submit" size="md" loading={busy}>
          {at < stages.length - 1
            ? t('Next')
            : answers.demo
              ? t('Make the demo shop')
              : t('Set up the shop')}
        </Button>
      </div>
    </form>
  );
}

function complaints(stage: Stage, answers: Answers): Record<string, string> {
  const needed: Partial<Record<Stage, (keyof Answers)[]>> = {
    company: ['company'],
    country: ['country', 'currency'],
    store: ['store'],
    person: ['username', 'password'],
  };
  const empty = (needed[stage] ?? []).filter((name) => !String(answers[name]).trim());
  const found = Object.fromEntries(empty.map((name) => [name, t('This is needed.')]));
  if (
    stage === 'person' &&
    !found.password &&
    !isGoodPassword(answers.password, answers.username)
  ) {
    found.password = t('It does not keep all the rules yet.');
  }
  return found;
}

type MakingProps = { demo: boolean; then: () => void; back: () => void };

function Making({ demo, then, back }: MakingProps) {
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
        <p className="k-problem" role="alert">
          {problem ?? t('The server does not say why; its log does.')}
        </p>
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

function Ready({ answers }: { answers: Answers }) {
  const client = useQueryClient();
  const { error } = useQuery({
    queryKey: ['welcome', 'sign-in'],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const me = await api.signIn(answers.username.trim(), answers.password);
      client.setQueryData(['me'], me);
      return me;
    },
  });
  const links = [
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
  return (
    <>
      <h1>{t('{company} is ready', { company: answers.company })}</h1>
      {error ? <p className="k-problem">{problemText(error)}</p> : null}
      <div className="k-choices">
        {links.map(({ href, icon, title, text }) => (
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
