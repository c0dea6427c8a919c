import type { z } from 'zod';
import type { Permission } from '#generated/catalogue';
import type { ListSpec, Page } from '../database/reading/list.ts';
import type { Call, Operation } from '../operation.ts';
import type { Printed, Wish } from '../print/document.ts';

/** What a running job is given. Whatever it writes, it writes as its actor, through `call()`. */
export interface Run {
  id: string;
  /** 1 for the first. After a crash a job begins again: what it does twice must do no harm. */
  attempt: number;
  /** Aborted when the job is cancelled, its actor switched off, or the server stops. */
  signal: AbortSignal;
  /** The data home. */
  home: string;
  /** How far it is, from 0 to 1, and at what; told at most once a second. */
  progress(fraction: number, step?: string): void;
  /** One transaction as the job's actor; the trail names the job. */
  write<T>(work: (call: Call) => Promise<T>): Promise<T>;
  /** Runs an operation. With a key of its own it is done once, however often the job is tried. */
  call<I, O>(operation: Operation<I, O>, input: I, key?: string): Promise<O>;
  list(table: string, spec?: ListSpec): Promise<Page>;
  /** A document as PDF, of what the actor may read. Errors: document_unknown, not_found. */
  print(which: { document: string; id: string }, wish?: Wish): Promise<Printed>;
  /** What this installation shows to others to be let in; into no answer, log or message. */
  secret(name: string): Promise<string | null>;
}

interface Said<I> {
  /** `module.document.verb`. */
  name: string;
  label: string;
  permission: Permission;
  /** Minute, hour, day, month, weekday, as cron writes them: it then comes by itself. */
  schedule?: string;
  /** How often it is tried at most, 1 to 25; after a refusal (a problem below 500) never again. */
  attempts: number;
  input: z.ZodType<I>;
  run(run: Run, input: I): Promise<unknown>;
}

export interface Job<I> extends Said<I> {
  readonly kind: 'job';
}
// biome-ignore lint/suspicious/noExplicitAny: a register holds jobs of every shape.
export type AnyJob = Job<any>;

/** The most attempts that a job may have. */
const MOST_ATTEMPTS = 25;

/** Work beside the calls: queued in an operation's transaction, or by its schedule. */
export function job<I>(said: Said<I>): Job<I> {
  if (!(said.attempts >= 1 && said.attempts <= MOST_ATTEMPTS)) {
    throw new Error(`${said.name} may be tried 1 to ${MOST_ATTEMPTS} times.`);
  }
  return { kind: 'job', ...said };
}

export function isJob(value: unknown): value is AnyJob {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'job';
}
