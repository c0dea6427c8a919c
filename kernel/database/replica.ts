import type pg from 'pg';

/** How far a replica may be behind before reports go to the primary. */
export const MOST_LAG_MS = 10_000;
const LOOK_MS = 1000;

/** What reports read from: the replica while it is well, else the primary. */
export interface Reading {
  connect(): Promise<pg.PoolClient>;
  /** Runs the work; what fails on the replica, for whatever reason, is tried on the primary. */
  run<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** Whether the replica answers now. */
  onReplica(): boolean;
  /** Its pools by name, for who counts connections. */
  pools: Record<string, pg.Pool>;
  end(): Promise<void>;
}

/** Reads from the primary alone. */
export function readPrimary(primary: pg.Pool): Reading {
  return {
    connect: () => primary.connect(),
    run: (work) => within(primary, work),
    onReplica: () => false,
    pools: { read: primary },
    end: () => primary.end(),
  };
}

/**
 * Reads from a replica as long as it answers and holds everything that was committed MOST_LAG_MS
 * ago. It is looked at every second, so that it comes back by itself.
 */
export function readReplica(primary: pg.Pool, replica: pg.Pool, mostLagMs = MOST_LAG_MS): Reading {
  let well = false;
  let looking: Promise<void> | undefined;
  const marks: Mark[] = [];
  const look = async () => {
    try {
      marks.push({ at: Date.now(), lsn: await lsnOf(primary) });
      well = await holds(replica, settledMark(marks, mostLagMs));
    } catch {
      well = false;
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, LOOK_MS).unref();
  looking = look().finally(() => {
    looking = undefined;
  });
  return {
    async connect() {
      if (well) {
        try {
          return await replica.connect();
        } catch {
          well = false;
        }
      }
      return await primary.connect();
    },
    async run(work) {
      if (well) {
        try {
          return await within(replica, work);
        } catch (error) {
          // It may be away, cancel what stands in recovery's way, or not yet know a session that
          // began this moment: what the primary says counts.
          if (isGone(error)) well = false;
        }
      }
      return await within(primary, work);
    },
    onReplica: () => well,
    pools: { read: primary, replica },
    async end() {
      clearInterval(timer);
      await looking;
      await Promise.all([primary.end(), replica.end()]);
    },
  };
}

/** How far the primary had written, and when. */
interface Mark {
  at: number;
  lsn: string;
}

/** The newest mark that is old enough to be asked for; while none is, the oldest. */
function settledMark(marks: Mark[], mostLagMs: number): Mark {
  const ripe = Date.now() - mostLagMs;
  while (marks.length > 1 && (marks[1] as Mark).at <= ripe) marks.shift();
  return marks[0] as Mark;
}

async function lsnOf(primary: pg.Pool): Promise<string> {
  const { rows } = await primary.query('select pg_current_wal_lsn()::text as lsn');
  return rows[0].lsn;
}

async function holds(replica: pg.Pool, { lsn }: Mark): Promise<boolean> {
  const { rows } = await replica.query(
    `select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= $1::pg_lsn
                 else pg_current_wal_lsn() >= $1::pg_lsn end as held`,
    [lsn],
  );
  return rows[0].held === true;
}

async function within<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed: unknown;
  try {
    return await work(client);
  } catch (error) {
    failed = error;
    // On a connection that is gone nothing answers any more.
    if (!isGone(error)) await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release(isGone(failed));
  }
}

function isGone(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return (
    /^(08|57P)|ECONN|ENOENT|EPIPE|ETIMEDOUT/.test(code ?? '') ||
    /Connection terminated|timeout exceeded/.test(message ?? '')
  );
}
