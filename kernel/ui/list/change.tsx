import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../base/api.ts';
import { decimal } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { problemText } from '../base/states.tsx';
import type { Table } from '../base/types.ts';
import type { ListState } from './state.ts';

const ChangeMany = lazy(() => import('./change_many.tsx'));

/** Which rows: those chosen one by one, or all that the list's filters find. */
export type Chosen = { ids: Set<string>; all: boolean };

type BarProps = {
  table: Table;
  state: ListState;
  chosen: Chosen;
  setChosen: (chosen: Chosen) => void;
  count: string;
  /** Whether they can be changed together; else they can be copied only. */
  changes: boolean;
};

/** What can be done with the chosen rows, at the bottom of the list; afterwards, how to undo it. */
export function ChangeBar({ table, state, chosen, setChosen, count, changes }: BarProps) {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState<{ count: number; request: string } | null>(null);
  const [problem, setProblem] = useState('');
  const client = useQueryClient();
  const finish = async (changed: { count: number; request: string }) => {
    setOpen(false);
    setDone(changed);
    setChosen({ ids: new Set(), all: false });
    await client.invalidateQueries({ queryKey: ['list', table.name] });
  };
  const undo = async () => {
    try {
      await api.call(`${table.name}.undo_many`, { request: done?.request });
      setDone(null);
      await client.invalidateQueries({ queryKey: ['list', table.name] });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  if (done) {
    const close = () => {
      setDone(null);
      setProblem('');
    };
    return (
      <div className="k-choice-bar" role="status">
        <span>{problem || t('{n} rows changed.', { n: decimal(done.count) })}</span>
        {problem ? null : (
          <Button size="compact-sm" variant="default" onClick={() => void undo()}>
            {t('Undo')}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={close}>
          {t('Close')}
        </Button>
      </div>
    );
  }
  if (chosen.ids.size === 0) return null;
  const n = chosen.all ? count : decimal(chosen.ids.size);
  return (
    <section className="k-choice-bar" aria-label={t('Chosen rows')}>
      <span>{t('{n} chosen', { n })}</span>
      {changes ? (
        <Button size="compact-sm" onClick={() => setOpen(true)}>
          {t('Change …')}
        </Button>
      ) : null}
      {!changes || chosen.all || !(state.q || state.query.filter?.length) ? null : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setChosen({ ...chosen, all: true })}
        >
          {t('Choose all {n} that match', { n: count })}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        onClick={() => setChosen({ ids: new Set(), all: false })}
      >
        {t('Choose none')}
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <ChangeMany
            table={table}
            wish={
              chosen.all
                ? { filter: state.query.filter, ...(state.q && { q: state.q }) }
                : { ids: [...chosen.ids] }
            }
            close={() => setOpen(false)}
            finish={finish}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
