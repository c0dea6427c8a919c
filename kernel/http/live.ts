import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { tokenOf } from './who.ts';

const POLL_MS = 200;
const TELL_MS = 1000;

interface Listener {
  reply: ServerResponse;
  stores: Set<string>;
  told: number;
  waiting: Map<string, Notice>;
}
interface Notice {
  table: string;
  store_id: string | null;
}

/**
 * Tells open pages that rows changed, table and store only; they ask again. One reader for the
 * whole process polls the change feed: a commit that notifies would make sales take turns.
 */
export class Live {
  readonly #listeners = new Set<Listener>();
  readonly #db: Database;
  readonly #timer: NodeJS.Timeout;
  #seen = 0n;
  #polling = false;

  constructor(db: Database) {
    this.#db = db;
    this.#timer = setInterval(() => void this.#poll(), POLL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { reply } of this.#listeners) reply.end();
  }

  routes(app: FastifyInstance): void {
    app.get('/api/v1/live', async (request, reply) => {
      const stores = await this.#storesOf(tokenOf(request));
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 2000\n\n');
      const listener = { reply: reply.raw, stores, told: 0, waiting: new Map() };
      this.#listeners.add(listener);
      request.raw.on('close', () => this.#listeners.delete(listener));
    });
  }

  async #storesOf(token: string): Promise<Set<string>> {
    try {
      const { rows } = await this.#db.app.query('select kernel_logic.stores_of($1) as stores', [
        token,
      ]);
      return new Set(rows[0].stores as string[]);
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** Reads what came since, with a second of overlap for late commits; notices may repeat. */
  async #poll(): Promise<void> {
    if (this.#polling || this.#listeners.size === 0) return;
    this.#polling = true;
    try {
      const { rows } = await this.#db.app.query<Notice & { last: string }>({
        name: 'live',
        text: `select table_name as table, store_id, max(id)::text as last from kernel.change
                where id > $1 and changed_at > now() - interval '1 minute' group by 1, 2`,
        values: [String(this.#seen)],
      });
      for (const { last } of rows) if (BigInt(last) > this.#seen) this.#seen = BigInt(last);
      for (const listener of this.#listeners) this.#tell(listener, rows);
    } catch {
      // The database is away: pages say so themselves, and the next poll finds what was missed.
    } finally {
      this.#polling = false;
    }
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
