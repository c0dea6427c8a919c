import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { tokenOf } from './who.ts';

const POLL_MS = 200;
const TELL_MS = 1000;
/** How far back a page that comes is told, at most: in changes, and in transactions. */
const RECENT_ROWS = 100_000;
const RECENT_XIDS = 10_000n;

interface Listener {
  reply: ServerResponse;
  stores: Set<string>;
  told: number;
  waiting: Map<string, Notice>;
  /** What its page began to read with, until it is told what came since; empty where nobody knows. */
  from: string | undefined;
}
interface Notice {
  table: string;
  store_id: string | null;
}

type Told = { now: string; notices: Notice[] | null };

/** What can be seen now, and what of it couldn't be seen in that snapshot; at most so far back. */
const newSince = (snapshot: string | null, most: number | null = null) => ({
  name: 'live',
  text: `select pg_current_snapshot()::text as now,
                (select json_agg(distinct jsonb_build_object(
                          'table', table_name, 'store_id', store_id))
                   from kernel.change
                  where changed_xid >= pg_snapshot_xmin($1::pg_snapshot)
                    and ($2::bigint is null or id > (select max(id) from kernel.change) - $2)
                    and not pg_visible_in_snapshot(changed_xid, $1::pg_snapshot)) as notices`,
  values: [snapshot, most],
});

/**
 * Tells open pages that rows changed, table and store only; they ask again. One reader for the
 * whole process polls the change feed: a commit that notifies would make sales take turns.
 */
export class Live {
  readonly #listeners = new Set<Listener>();
  readonly #db: Database;
  readonly #timer: NodeJS.Timeout;
  /** What the last poll could see, as PostgreSQL says it; none after a break. */
  #snapshot: string | undefined;
  #polling = false;
  readonly #newcomers = new Set<Listener>();
  #greeting = false;

  constructor(db: Database) {
    this.#db = db;
    this.#timer = setInterval(() => void this.#poll(), POLL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { reply } of this.#listeners) reply.end();
  }

  routes(app: FastifyInstance): void {
    app.get<{ Querystring: { as_of?: string } }>('/api/v1/live', async (request, reply) => {
      // Who comes back after a break may have missed all that was told meanwhile.
      const asOf = request.headers['last-event-id'] ? '' : (request.query.as_of ?? '');
      const { stores, from } = await this.#whoListens(tokenOf(request), asOf);
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 2000\nid: 1\n\n');
      const listener = { reply: reply.raw, stores, told: 0, waiting: new Map(), from };
      this.#listeners.add(listener);
      request.raw.on('close', () => this.#listeners.delete(listener));
    });
  }

  async #whoListens(token: string, asOf: string): Promise<Pick<Listener, 'stores' | 'from'>> {
    try {
      const { rows } = await this.#db.app.query(
        `select kernel_logic.stores_of($1) as stores,
                pg_input_is_valid($2, 'pg_snapshot') as fits,
                pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
        [token, asOf],
      );
      const { stores, fits, xmin } = rows[0];
      const isRecent = fits && BigInt(parseInt(asOf, 10)) > BigInt(xmin) - RECENT_XIDS;
      return { stores: new Set(stores as string[]), from: isRecent ? asOf : '' };
    } catch (error) {
      throw asProblem(error);
    }
  }

  /**
   * Reads what became visible since the last poll: by snapshots nothing that commits late is
   * missed, whichever process wrote it, and nothing is told twice.
   */
  async #poll(): Promise<void> {
    if (this.#listeners.size === 0) this.#snapshot = undefined;
    if (this.#polling || this.#listeners.size === 0) return;
    this.#polling = true;
    try {
      const since = this.#snapshot ?? null;
      const { rows } = await this.#db.app.query<Told>(newSince(since));
      this.#snapshot = rows[0]?.now;
      for (const listener of this.#listeners) {
        if (listener.from === undefined) this.#tell(listener, rows[0]?.notices ?? []);
        else this.#newcomers.add(listener);
      }
      // After that: what they miss between, the next poll tells.
      void this.#greet();
    } catch {
      // The database is away: pages say so themselves. It may come back as another server, to
      // which these snapshots mean nothing: the next poll tells what changed in the last minute.
      this.#snapshot = undefined;
      for (const listener of this.#listeners) listener.from = '';
    } finally {
      this.#polling = false;
    }
  }

  /** Tells pages that come what they missed, one after the other: those that are there don't wait. */
  async #greet(): Promise<void> {
    if (this.#greeting) return;
    this.#greeting = true;
    for (const one of this.#newcomers) {
      this.#newcomers.delete(one);
      const { from } = one;
      if (from === undefined || !this.#listeners.has(one)) continue;
      const alike = [...this.#listeners].filter((other) => other.from === from);
      // From now on polls tell them, too: none of what comes while this is asked is lost.
      for (const other of alike) other.from = undefined;
      const asked = await (from ? this.#since(from) : this.#recent()).catch(() => undefined);
      for (const other of alike) {
        if (asked) this.#tell(other, asked);
        else other.from = '';
      }
    }
    this.#greeting = false;
  }

  /** What became visible since a page began to read, and not what it read. */
  async #since(snapshot: string): Promise<Notice[]> {
    const { rows } = await this.#db.app.query<Told>(newSince(snapshot, RECENT_ROWS));
    return rows[0]?.notices ?? [];
  }

  /** What changed in the last minute, for a page that was cut off. */
  async #recent(): Promise<Notice[]> {
    const { rows } = await this.#db.app.query<Notice>({
      name: 'live_recent',
      text: `select distinct table_name as table, store_id from kernel.change
              where id > (select coalesce(max(id), 0) from kernel.change) - $1
                and changed_at > now() - interval '1 minute'`,
      values: [RECENT_ROWS],
    });
    return rows;
  }

  #tell(listener: Listener, notices: Notice[]): void {
    for (const n of notices) {
      if (n.store_id && !listener.stores.has(n.store_id)) continue;
      listener.waiting.set(`${n.table} ${n.store_id}`, { table: n.table, store_id: n.store_id });
    }
    if (listener.waiting.size === 0 || Date.now() - listener.told < TELL_MS) return;
    for (const n of listener.waiting.values()) {
      listener.reply.write(`data: ${JSON.stringify(n)}\n\n`);
    }
    listener.waiting.clear();
    listener.told = Date.now();
  }
}
