import { Button, CloseButton } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { t } from '../base/i18n.ts';
import { problemText } from '../base/states.tsx';
import { useKeys } from './keys.ts';

export type Done = {
  text: string;
  /** Takes it back; what it refuses stands in the notice. */
  undo?: () => Promise<unknown> | unknown;
  /** What stands there once it is taken back. */
  undone?: string;
};

const Tell = createContext<(done: Done) => void>(() => {});

/** Tells below what was just done, with a way to take it back. */
export const useDone = () => useContext(Tell);

/** A page whose parts say what was done; the notice stays until it is closed or the next one comes. */
export function WithUndo({ children }: { children: ReactNode }) {
  const [done, setDone] = useState<Done | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const tell = useCallback((next: Done | null) => {
    setProblem('');
    setDone(next);
  }, []);
  const undo = async () => {
    if (!done?.undo || busy) return;
    setBusy(true);
    try {
      await done.undo();
      tell(done.undone ? { text: done.undone } : null);
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  const undoable = done?.undo && !problem;
  useKeys(undoable ? [{ keys: 'mod+z', label: t('Undo what was done'), run: undo }] : []);
  return (
    <Tell value={tell}>
      {children}
      <div className="k-done" role="status" data-shown={done ? true : undefined}>
        {done ? (
          <>
            <span>{problem || done.text}</span>
            {undoable ? (
              <Button size="compact-sm" variant="default" loading={busy} onClick={undo}>
                {t('Undo')}
              </Button>
            ) : null}
            <CloseButton size="sm" aria-label={t('Close')} onClick={() => tell(null)} />
          </>
        ) : null}
      </div>
    </Tell>
  );
}
