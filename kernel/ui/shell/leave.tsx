import { Button, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useEffect, useId, useRef } from 'react';
import { t } from '../base/i18n.ts';

type Guard = { tell: (id: string, dirty: boolean) => void; free: () => void };
const Watch = createContext<Guard>({ tell: () => {}, free: () => {} });

/**
 * Asks before a page is left on which something is typed and not saved, in whichever of its parts
 * says so by `useUnsaved`.
 */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const unsaved = useRef(new Set<string>());
  const isFree = useRef(false);
  const guard = useRef<Guard>({
    tell: (id, dirty) => void (dirty ? unsaved.current.add(id) : unsaved.current.delete(id)),
    free: () => {
      isFree.current = true;
    },
  });
  const asked = useAsked(() => unsaved.current.size > 0 && !isFree.current);
  return (
    <Watch value={guard.current}>
      {children}
      {asked}
    </Watch>
  );
}

/**
 * The same for a page that is one form. `free` lets the next step pass, after saving or by a button
 * that gives it up.
 */
export function useLeave(dirty: boolean): { asked: ReactNode; free: () => void } {
  const isFree = useRef(false);
  const free = () => {
    isFree.current = true;
  };
  return { asked: useAsked(() => dirty && !isFree.current), free };
}

function useAsked(holds: () => boolean): ReactNode {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => holds() && current.pathname !== next.pathname,
    enableBeforeUnload: holds,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Modal opened onClose={reset} title={t('Leave without saving?')}>
      <div className="k-stack">
        <p>{t('What you typed here is not saved yet.')}</p>
        <div className="k-actions">
          <Button variant="default" onClick={proceed}>
            {t('Leave without saving')}
          </Button>
          <Button onClick={reset} data-autofocus>
            {t('Stay here')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/**
 * Says whether this part of a page holds something that is not saved. The answer lets the next step
 * pass, after saving or by a button that gives it up.
 */
export function useUnsaved(dirty: boolean): () => void {
  const id = useId();
  const { tell, free } = useContext(Watch);
  useEffect(() => {
    tell(id, dirty);
    return () => tell(id, false);
  }, [tell, id, dirty]);
  return free;
}
