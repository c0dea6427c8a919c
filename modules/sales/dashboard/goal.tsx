import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { minus } from '../../../kernel/database/money.ts';
import { A } from '../../../kernel/ui/base/address.tsx';
import { api } from '../../../kernel/ui/base/api.ts';
import { money, period, plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { problemText, Refusal } from '../../../kernel/ui/base/states.tsx';
import type { Filter } from '../../../kernel/ui/base/types.ts';
import { Gauge } from '../../../kernel/ui/chart/charts.tsx';
import { listAt } from '../../../kernel/ui/list/at.ts';
import type { Figure } from './figures.ts';
import { Panel } from './panels.tsx';

type Props = { goal: Figure | undefined; reached: Figure | undefined; store: string };

/** What is reached of the goal, and what should be by today; or the way to set one. */
export function GoalPanel({ goal, reached, store }: Props) {
  const { company } = useSignedIn();
  if (!goal) return null;
  if (goal.net_amount === null) return <NoGoal goal={goal} store={store} />;
  const inMoney = (value: unknown) => money(value ?? 0, company.decimals);
  const mark = (label: string, value: unknown) => ({
    label,
    value: Number(value ?? 0),
    text: inMoney(value),
  });
  const running = Number(goal.quantity) < Number(goal.net_amount);
  const points = [
    mark(t('Reached'), reached?.net_amount),
    ...(running ? [mark(t('By today'), goal.quantity)] : []),
    mark(t('Goal'), goal.net_amount),
  ];
  const short = minus(String(goal.quantity), String(reached?.net_amount ?? '0'));
  const isBehind = !short.startsWith('-') && short !== '0';
  return (
    <Panel title={t('Goal')}>
      <div className="k-gauge">
        <Gauge points={points} label={t('Goal')} />
        <p className="k-dim">
          {isBehind
            ? t('{amount} behind the goal, spread evenly over the days.', {
                amount: inMoney(short),
              })
            : t('{amount} ahead of the goal, spread evenly over the days.', {
                amount: inMoney(short.replace('-', '')),
              })}{' '}
          <A href={goalsLink(goal, store)}>{t('Goals')}</A>
        </p>
      </div>
    </Panel>
  );
}

function NoGoal({ goal, store }: { goal: Figure; store: string }) {
  const me = useSignedIn();
  const month = String(goal.to_on ?? '').slice(0, 7);
  // A goal of the company is for who may set one in every store.
  const everywhere = me.roles.some(({ store_id }) => store_id === null);
  const own = may(me, 'sales.set_goal', store || null) && (store || everywhere);
  const oneMonth = String(goal.from_on ?? '').slice(0, 7) === month;
  const name = me.stores.find(({ id }) => id === store)?.name ?? me.company.name;
  return (
    <Panel title={t('Goal')}>
      <p className="k-dim k-figure-note">
        {oneMonth
          ? t('No sales goal is set for {name} in {month}.', { name, month: period(month) })
          : t('Not every month of this time has a sales goal.')}
      </p>
      {own && oneMonth ? <SetGoal month={month} store={store} /> : null}
      {may(me, 'sales.set_goal') ? (
        <p className="k-figure-note">
          <A href={goalsLink(goal, store)}>{t('Goals of the stores')}</A>
        </p>
      ) : null}
    </Panel>
  );
}

function SetGoal({ month, store }: { month: string; store: string }) {
  const { company } = useSignedIn();
  const client = useQueryClient();
  const [amount, setAmount] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const set = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const goal = { month_on: `${month}-01`, net_amount: plainNumber(amount) };
      await api.call('sales.sales_goal.create', store ? { ...goal, store_id: store } : goal);
      await client.invalidateQueries({ queryKey: ['report'] });
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  return (
    <form className="k-set-goal" onSubmit={set}>
      <TextInput
        label={t('Sales without tax in {month}', { month: period(month) })}
        rightSection={<small className="k-dim">{company.currency}</small>}
        rightSectionWidth={52}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={!amount.trim()}>
        {t('Set goal')}
      </Button>
      <Refusal text={problem} />
    </form>
  );
}

function goalsLink({ from_on, to_on }: Figure, store: string): string {
  const first = `${String(from_on).slice(0, 7)}-01`;
  const months: Filter[] = [['month_on', 'between', [first, to_on]]];
  const filter: Filter[] = store ? [...months, ['store_id', '=', store]] : months;
  return listAt('sales.sales_goal', { filter });
}
