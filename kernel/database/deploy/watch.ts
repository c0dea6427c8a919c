import pg from 'pg';
import { compareVersions, version } from '../../version.ts';
import type { Database } from '../connect.ts';
import type { Deployed } from './deploy.ts';

const LOOK_MS = 1000;
/** How long a newer program may take from its deploy to its first request. */
const ALONE_MS = 60_000;
/** Servers of one database leave one after the other: this lock is whose turn it is. */
const LEAVING = 70701;

/**
 * Calls `onNewer` once, with its version, when a newer program than this one serves this database,
 * or was deployed and nobody serves it yet after a minute. What stood there before is known and
 * served: starting again would come to the same. Answers how to end looking.
 */
export function watchDeploys(db: Database, onNewer: (found: string) => void): () => void {
  let known: string | undefined;
  let since: number | undefined;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const found = await standing(db);
      known ??= compareVersions(found.version, version) > 0 ? found.version : version;
      if (compareVersions(found.version, known) <= 0) return;
      since ??= Date.now();
      if (found.serving !== found.version && Date.now() - since < ALONE_MS) return;
      clearInterval(timer);
      onNewer(found.version);
    } catch {
      // The database is away; the next look finds what was deployed meanwhile.
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}

/** Says that this program takes requests, where it is the one that was deployed. */
export async function announce(db: Database): Promise<void> {
  const found = await standing(db);
  if (found.version !== version || found.serving === version) return;
  await db.door.query('select kernel_logic.announce($1)', [version]);
}

async function standing(db: Database): Promise<Deployed & { serving: string | null }> {
  const { rows } = await db.app.query('select kernel_logic.deployed() as deployed');
  return JSON.parse(rows[0].deployed);
}

/**
 * Waits until no other server of this database is leaving. The turn lasts until this process ends,
 * or until the answer is called.
 */
export async function takeTurnToLeave(db: Database): Promise<() => Promise<void>> {
  const client = new pg.Client({ ...db.direct, application_name: 'kontor leaving' });
  client.on('error', () => {});
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [LEAVING]);
  return () => client.end().catch(() => {});
}
