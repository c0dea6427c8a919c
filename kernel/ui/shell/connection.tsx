import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api, hooks } from '../base/api.ts';
import { t } from '../base/i18n.ts';

let reached = true;
/** When the server last answered, to the minute. */
let reachedAt = 0;
const listeners = new Set<() => void>();
const clocks = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

hooks.reached = (now) => {
  const minute = now ? Math.floor(Date.now() / 60_000) * 60_000 : reachedAt;
  if (now !== reached || minute !== reachedAt) {
    const turned = now !== reached;
    reached = now;
    reachedAt = minute;
    for (const listener of turned ? [...listeners, ...clocks] : clocks) listener();
  }
  clearTimeout(timer);
  if (!now) timer = setTimeout(() => void api.health().catch(() => {}), 4000);
};

// The browser's word alone says little of a server that may be in the same house: it is asked.
for (const turn of ['offline', 'online']) {
  window.addEventListener(turn, () => void api.health().catch(() => {}));
}

/** Calls back each time that the server answers again. */
export function whenReached(then: () => void): void {
  listeners.add(() => reached && then());
}

export const isReached = (): boolean => reached;

export function useReached(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isReached);
}

/** When the server last answered, to the minute; 0 before it did. */
export function useReachedAt(): number {
  return useSyncExternalStore(
    (listener) => {
      clocks.add(listener);
      return () => clocks.delete(listener);
    },
    () => reachedAt,
  );
}

/** One quiet line; nothing is taken away from the person while the server is not reached. */
export function ConnectionLine() {
  const fine = useReached();
  return (
    <div role="status" className="k-connection" data-lost={!fine || undefined}>
      {fine ? null : t('The server is not reached. What you see may be old; trying again.')}
    </div>
  );
}

type Notice = { table: string; store_id?: string | null };
const told = new Set<(notice: Notice) => void>();

/**
 * Asks again for what a notice of the server names; one stream for the whole page. asOf: from when
 * its first answer is.
 */
export function useLive(asOf: string): void {
  const client = useQueryClient();
  const [first] = useState(asOf);
  useEffect(() => {
    const stream = new EventSource(`${api.liveUrl}?as_of=${first}`);
    const tables = new Set<string>();
    let due: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      due = undefined;
      for (const table of tables) {
        const queryKey = ['list', table];
        // What is being read is read to its end, or a busy hour would never let it be.
        if (client.isFetching({ queryKey }) > 0) continue;
        tables.delete(table);
        far.add(table);
        void client.invalidateQueries({ queryKey, predicate: (query) => !isFar(query) });
        void client.invalidateQueries({ queryKey: ['record', table] });
        // A field that was added or changed is in every form and list from now on.
        if (table === 'kernel.custom_field')
          void client.invalidateQueries({ queryKey: ['catalogue'] });
      }
      if (tables.size > 0) due = setTimeout(refresh, 250);
    };
    const far = new Set<string>();
    const slow = setInterval(() => {
      for (const table of far)
        void client.invalidateQueries({ queryKey: ['list', table], predicate: isFar });
      far.clear();
    }, farMs);
    stream.onmessage = (event) => {
      const notice = read(event.data);
      if (!notice) return;
      for (const listener of told) listener(notice);
      tables.add(notice.table);
      due ??= setTimeout(refresh, 250);
    };
    return () => {
      clearTimeout(due);
      clearInterval(slow);
      stream.close();
    };
  }, [client, first]);
}

/** A list that is open and scrolled far is read page by page, so not for every sale of a busy hour. */
const isFar = (query: Query): boolean =>
  query.isActive() && ((query.state.data as { pages?: unknown[] })?.pages?.length ?? 0) > 5;
const farMs = 15_000;

function read(data: string): Notice | null {
  try {
    const notice = JSON.parse(data) as Notice;
    return typeof notice.table === 'string' ? notice : null;
  } catch {
    return null;
  }
}

/** Calls back when the server tells that one of these tables has changed. */
export function useNotice(tables: string[], then: () => void): void {
  const key = tables.join();
  useEffect(() => {
    const wanted = key.split(',');
    const listener = (notice: Notice) => {
      if (wanted.includes(notice.table)) then();
    };
    told.add(listener);
    return () => {
      told.delete(listener);
    };
  }, [key, then]);
}
