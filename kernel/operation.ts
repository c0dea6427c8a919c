import { z } from 'zod';
import type { Permission, Table } from '#generated/catalogue';
import type { Sql } from './database/sql.ts';
import type { Job } from './jobs/job.ts';

/** What an operation in TypeScript is given: `sql` inside the call's transaction, and who calls. */
export interface Call {
  sql: Sql;
  actor: string;
  /** Runs another operation whose body is SQL, inside the same transaction. */
  call<I, O>(operation: Operation<I, O>, input: I): Promise<O>;
  /** Queues a job in this transaction, as its actor; answers the run's id. */
  enqueue<I>(job: Job<I>, input: I, when?: When): Promise<string>;
}

export interface When {
  /** Not before; now without it. */
  runAt?: Date;
  /** Of the same job, actor and key only one waits; who queues a second waits for the first. */
  key?: string;
}

interface Said<I, O> {
  /** `module.document.verb`. */
  name: string;
  label: string;
  permission: Permission;
  input: z.ZodType<I>;
  /** How the command line calls it; a test runs the help that shows it. */
  example: string;
  /** How the page of a record offers it, with the record's id as its input; not at all without. */
  actions?: Action[];
  /** Whether its idempotency key is kept; a document with an id of its own needs none. */
  keyed?: boolean;
  /** The SQL function that is its body: the whole write is then one statement. */
  sql?: string;
  run?(call: Call, input: I): Promise<O>;
}

/** A button on the page of a record. */
export interface Action {
  /** The operation's own label where nothing is said. */
  label?: string;
  /** Values that the record's columns must have for it to be offered. */
  when?: Record<string, string | boolean>;
  /** What it brings, asked before; said of everything that can't be undone. */
  question?: string;
  /** Whether it is the next thing that one does with such a record. */
  main?: boolean;
  /** What it is given beside the id. */
  input?: Record<string, string | boolean>;
}

export interface Operation<I, O> extends Said<I, O> {
  readonly kind: 'operation';
}
// biome-ignore lint/suspicious/noExplicitAny: a register holds operations of every shape.
export type AnyOperation = Operation<any, any>;

/**
 * A verb of the trade, written once: an HTTP endpoint, a command, a permission, a line in the trail.
 * Its body is either `sql` or `run`.
 */
export function operation<I, O = Record<string, unknown>>(said: Said<I, O>): Operation<I, O> {
  if (!said.sql === !said.run) throw new Error(`${said.name} needs either sql or run.`);
  return { kind: 'operation', ...said };
}

export function isOperation(value: unknown): value is AnyOperation {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'operation'
  );
}

const exact = (decimals: number) => new RegExp(`^-?\\d{1,15}(\\.\\d{1,${decimals}})?$`);

/** An exact amount as text, at most four decimals: `"379.99"`. */
export const Money = z.string().regex(exact(4), 'An amount such as 379.99 is expected.');
/** An exact quantity as text, at most six decimals. */
export const Quantity = z.string().regex(exact(6), 'A quantity such as 2 or 0.5 is expected.');
/** A share from 0 to 1 as text, at most five decimals. */
export const Fraction = z.string().regex(/^(0(\.\d{1,5})?|1(\.0{1,5})?)$/, 'A share from 0 to 1.');
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'A currency by ISO 4217, such as USD.');
/** The id of a row; `table` is what it refers to, for look-ups and OpenAPI. */
export const Id = (table: Table) => z.uuid().meta({ refers_to: table });
export const Moment = z.iso.datetime({ offset: true });
export const Text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((t) => !t.includes('\u0000'), 'Text must not hold a NUL character.');
export { z };
