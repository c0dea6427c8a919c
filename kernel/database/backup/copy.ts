import { once } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

// COPY in both directions on a client of pg, which knows the messages and leaves the rest to others.

interface Connection {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

const MOST_WAITING_BYTES = 1_000_000;

/** The rows of `copy … to stdout`, in chunks of whole rows. The connection must do nothing else. */
export async function* copyOut(client: pg.ClientBase, text: string): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let bytes = 0;
  let ended = false;
  let failed: Error | undefined;
  let wake = () => {};
  let stream: Socket | undefined;
  client.query({
    submit(connection: Connection) {
      stream = connection.stream;
      connection.query(text);
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      // Its memory is the parser's own, which the next message overwrites.
      waiting.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > MOST_WAITING_BYTES) stream?.pause();
      wake();
    },
    handleCommandComplete() {},
    handleError(error: Error) {
      failed = error;
      ended = true;
      wake();
    },
    handleReadyForQuery() {
      ended = true;
      wake();
    },
  } as unknown as pg.Submittable);
  for (;;) {
    if (waiting.length > 0) {
      const some = Buffer.concat(waiting.splice(0));
      bytes = 0;
      stream?.resume();
      yield some;
    } else if (ended) break;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  if (failed) throw failed;
}

/** Feeds `copy … from stdin`; an error of the source ends it, and the transaction with it. */
export async function copyIn(
  client: pg.ClientBase,
  text: string,
  source: AsyncIterable<Buffer>,
): Promise<void> {
  const ready = Promise.withResolvers<Connection>();
  const done = Promise.withResolvers<void>();
  // Told to whoever waits at that moment; without this it would end the process.
  ready.promise.catch(() => {});
  done.promise.catch(() => {});
  let failed: Error | undefined;
  client.query({
    submit: (connection: Connection) => connection.query(text),
    handleCopyInResponse: (connection: Connection) => ready.resolve(connection),
    handleCommandComplete() {},
    handleError(error: Error) {
      failed = error;
      ready.reject(error);
      done.reject(error);
    },
    handleReadyForQuery: () => (failed ? undefined : done.resolve()),
  } as unknown as pg.Submittable);
  const connection = await ready.promise;
  try {
    for await (const chunk of source) {
      if (failed) break;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) {
        await Promise.race([once(connection.stream, 'drain'), done.promise]);
      }
    }
  } catch (error) {
    connection.sendCopyFail('the source failed');
    await done.promise.catch(() => {});
    throw error;
  }
  if (!failed) connection.endCopyFrom();
  await done.promise;
}
