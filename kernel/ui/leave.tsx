import { Button, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { t } from './i18n.ts';

/**
 * Asks before a page is left on which something is typed and not saved. `free` lets the next step
 * pass, after saving or by a button that gives it up.
 */
export function useLeave(dirty: boolean): { asked: ReactNode; free: () => void } {
  const isFree = useRef(false);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && !isFree.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty && !isFree.current,
    withResolver: true,
  });
  const asked =
    status === 'blocked' ? (
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
    ) : null;
  return {
    asked,
    free: () => {
      isFree.current = true;
    },
  };
}
