import { Readable } from 'node:stream';
import type { OperationName, Rows, Table } from '#generated/catalogue';
import type { Database } from './database/connect.ts';
import { type ListSpec, list, type Row } from './database/reading/list.ts';
import { call } from './database/writing/call.ts';
import { attachFrom } from './files/receive.ts';
import { operations } from './modules.ts';

/** What a module's `demo.ts` works with: the public operations, a shared memory, steady chance. */
export interface Demo {
  call<O = Row>(operation: OperationName, input: unknown): Promise<O>;
  list<T extends Table>(table: T, spec?: ListSpec<keyof Rows[T] & string>): Promise<Rows[T][]>;
  /** Puts a file on a record. */
  attach(table: Table, id: string, name: string, bytes: Buffer): Promise<void>;
  /** What earlier modules made, by a word that they chose. */
  made: Map<string, Row[]>;
  /** From 0 to 1, the same in every demo. */
  chance(): number;
  pick<T>(from: readonly T[]): T;
  now: Date;
  progress(step: string, done: number, total: number): void;
}

export type DemoStep = (demo: Demo) => Promise<void>;

/** A demo's hands: everything goes through the same door as a person's work. */
export async function demoOn(
  { db, home }: { db: Database; home: string },
  token: string,
  progress: Demo['progress'],
): Promise<Demo> {
  const all = await operations();
  let seed = 20_260_101;
  let keys = 0;
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4_294_967_296;
  };
  return {
    async call<O>(name: OperationName, input: unknown) {
      const operation = all.get(name);
      if (!operation) throw new Error(`The demo calls ${name}, which is no operation.`);
      keys += 1;
      return (await call(db, operation, { token, key: `demo-${keys}` }, input)) as O;
    },
    async list<T extends Table>(table: T, spec: ListSpec = {}) {
      return (await list(db, token, table, { limit: 200, ...spec })).rows as Rows[T][];
    },
    async attach(table, id, name, bytes) {
      await attachFrom(
        { db, home },
        { token },
        { table, id },
        { name, bytes: Readable.from([bytes]) },
      );
    },
    made: new Map(),
    chance,
    pick: <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T,
    now: new Date(),
    progress,
  };
}
