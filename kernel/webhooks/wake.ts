import type { Database } from '../database/connect.ts';

const WAKE_MS = 1000;

/** Looks once a second whether somebody elsewhere must be told; answers how to stop that. */
export function watchFeed(db: Database, then: () => void): () => void {
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    try {
      const { rows } = await db.door.query({
        name: 'wake',
        text: 'select webhooks_logic.wake() as n',
      });
      if (rows[0].n > 0) then();
    } catch {
      // The database is away: the next look finds what was missed.
    } finally {
      looking = false;
    }
  }, WAKE_MS);
  return () => clearInterval(timer);
}
