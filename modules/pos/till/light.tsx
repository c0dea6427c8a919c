import { useState } from 'react';
import { clock } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { useReached, useReachedAt } from '../../../kernel/ui/shell/connection.tsx';
import type { Unsent } from './kept.ts';

type Props = { unsent: Unsent[]; sendNow: () => Promise<void>; toFinder: () => void };

/**
 * One quiet dot: how many sales wait, and when the server last answered. Its words show where
 * something waits, and else when it is touched, which also sends what waits.
 */
export function Light({ unsent, sendNow, toFinder }: Props) {
  const reached = useReached();
  const last = useReachedAt();
  const [asked, setAsked] = useState(false);
  const refused = unsent.find((item) => item.refused);
  const calm = reached && unsent.length === 0;
  const time = clock(new Date(last || Date.now()));
  const text = refused
    ? t('Receipt {n} was refused: {why}', { n: refused.body.number, why: refused.refused })
    : unsent.length
      ? t('{n, plural, one {# sale} other {# sales}} to send, last sync {time}', {
          n: unsent.length,
          time,
        })
      : reached
        ? t('Connected, last sync {time}', { time })
        : t('Not connected, last sync {time}', { time });
  return (
    <button
      type="button"
      className="till-light"
      data-calm={calm || undefined}
      data-refused={Boolean(refused) || undefined}
      title={text}
      onClick={() => {
        setAsked(!asked);
        void sendNow();
        toFinder();
      }}
    >
      <i aria-hidden="true" />
      <span className={calm && !asked ? 'k-hidden' : undefined}>{text}</span>
    </button>
  );
}
