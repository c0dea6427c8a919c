import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiProblem, request } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import { isGoodPassword } from '../../../../kernel/ui/shell/password.tsx';
import {
  type Answers,
  CompanyStep,
  CountryStep,
  PersonStep,
  type Setup,
  StoreStep,
} from './welcome_steps.tsx';

export type Stage = 'start' | 'company' | 'country' | 'store' | 'person' | 'progress' | 'ready';

/** The questions about one's own shop; the demo asks the last one alone. */
export const own: Stage[] = ['company', 'country', 'store', 'person'];

type QuestionsProps = {
  setup: Setup;
  answers: Answers;
  stage: Stage;
  setAnswers: (answers: Answers) => void;
  setStage: (stage: Stage) => void;
};

/** One question a step, back always possible; the last one makes the shop. */
export function Questions(props: QuestionsProps) {
  const { setup, answers, stage, setAnswers, setStage } = props;
  const stages: Stage[] = answers.demo ? ['person'] : own;
  const at = stages.indexOf(stage);
  const titles: Record<string, string> = {
    company: t('What is your company called?'),
    country: t('Where is it?'),
    store: t('Where do you sell?'),
    person: t('Who looks after it?'),
  };
  const { next, errors, problem, busy } = useNext(props, stages);
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
      <Refusal text={problem} />
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

function useNext({ stage, answers, setStage }: QuestionsProps, stages: Stage[]) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const next = async (event: FormEvent) => {
    event.preventDefault();
    const found = complaints(stage, answers);
    setErrors(found);
    if (Object.keys(found).length) return;
    const following = stages[stages.indexOf(stage) + 1];
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
  return { next, errors, problem, busy };
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
