import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../kernel/database/connect.ts';
import { takeTurnToLeave, watchDeploys } from '../../kernel/database/deploy/watch.ts';
import type { Settings } from '../../kernel/settings.ts';

/** The exit code of a server that makes room for a newer program: start it again. */
export const MADE_ROOM = 75;

interface Around {
  db: Database;
  log: FastifyBaseLogger;
  settings: Settings;
  close(): Promise<void>;
}

/** Closes the server once a newer program serves, one server after the other; `made` tells when. */
export function makeRoom({ db, log, settings, close }: Around) {
  let leaving = false;
  const { promise: made, resolve } = Promise.withResolvers<void>();
  const stopWatching = watchDeploys(db, async (newer) => {
    log.warn({ newer }, 'a newer Kontor was deployed');
    if (!settings.supervised) return;
    const release = await takeTurnToLeave(db).catch(() => async () => {});
    leaving = true;
    await wait(settings.drainSeconds * 1000);
    await close();
    await release();
    resolve();
  });
  return { made, stopWatching, isLeaving: () => leaving };
}
