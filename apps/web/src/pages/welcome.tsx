import { IconBuildingStore, IconWand } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useGo } from '../../../../kernel/ui/base/address.tsx';
import { request } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Failed, Waiting } from '../../../../kernel/ui/base/states.tsx';
import { Making, Ready } from './welcome_end.tsx';
import { own, Questions, type Stage } from './welcome_questions.tsx';
import type { Answers, Setup } from './welcome_steps.tsx';

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
