import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';
import type { Database } from '../database/connect.ts';

const AGAIN_MS = 100;
const MOST_TRIES = 10;

interface Cancelled {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
}

/**
 * The same database for work that can be stopped: once the signal aborts, no statement begins any
 * more, those that run are cancelled on the server, and their connections are thrown away (a cancel
 * that comes late must not meet another's statement).
 */
export function cancellable(db: Database, signal: AbortSignal): Database {
  const busy = new Set<pg.PoolClient>();
  // Again and again: a request that comes before its statement does is lost.
  const cancelAll = (tries: number): void => {
    for (const client of busy) {
      if (tries > MOST_TRIES) hangUp(client);
      else void cancel(client as unknown as Cancelled);
    }
    if (busy.size > 0) setTimeout(() => cancelAll(tries + 1), AGAIN_MS);
  };
  signal.addEventListener('abort', () => cancelAll(1));
  const connectNow = async (): Promise<pg.PoolClient> => {
    signal.throwIfAborted();
    const client = await db.app.connect();
    if (signal.aborted) client.release();
    signal.throwIfAborted();
    busy.add(client);
    return watched(client, signal, () => busy.delete(client));
  };
  const query = async (...given: Parameters<pg.PoolClient['query']>) => {
    const client = await connectNow();
    try {
      return await client.query(...given);
    } finally {
      client.release();
    }
  };
  return { ...db, app: { connect: connectNow, query } as unknown as pg.Pool };
}

/** The client with a last look at the signal before each statement. */
function watched(client: pg.PoolClient, signal: AbortSignal, done: () => void): pg.PoolClient {
  const query = async (...given: unknown[]) => {
    if (!/^\s*rollback/i.test(String(given[0]))) signal.throwIfAborted();
    return (client.query as (...given: unknown[]) => Promise<unknown>)(...given);
  };
  const release = (failed?: Error | boolean) => {
    done();
    client.release(signal.aborted || failed);
    // Leaving politely would wait for answers that a cancel may have taken away.
    if (signal.aborted) hangUp(client);
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query') return query;
      if (name === 'release') return release;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Ends a connection without a word; what waits for its answers fails. */
function hangUp(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

const CANCEL_REQUEST = 80_877_102;

/** PostgreSQL's own cancel request, on a connection of its own; through PgBouncer too. */
function cancel({ processID, secretKey, host, port }: Cancelled): Promise<void> {
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const place = host.startsWith('/') ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port };
  return new Promise((resolve) => {
    const socket = connect(place as { port: number }, () => socket.end(request));
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
}
