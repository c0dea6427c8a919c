import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { problem } from '../problem.ts';

/** What the process that sets pages is asked for. */
export interface Order {
  id: number;
  /** The Typst source of the document. */
  template: string;
  data: Record<string, unknown>;
  logo?: Uint8Array | undefined;
  /** Seconds since 1970; the same order then makes the same bytes. */
  made_at: number;
}

export type Typeset =
  | { id: number; pdf: Uint8Array; pages: number; memory: number }
  | { id: number; failed: string };

interface Pages {
  pdf: Buffer;
  pages: number;
}

interface Waiting {
  order: Order;
  done(pages: Pages): void;
  failed(error: Error): void;
}

const LIMITS = {
  /** A process ends after so many documents or at that size: the compiler keeps a little of each. */
  documents: 2000,
  bytes: 500_000_000,
  /** With nothing to set it ends, so that an idle server is as small as one that never printed. */
  idleMs: 30_000,
  /** A document that takes longer is given up, with its process. */
  documentMs: 60_000,
  /** So many documents wait at most; the next is told to come again. */
  waiting: 200,
};

/** Sets documents in one process beside this one, in the order they came. */
export class Typesetter {
  readonly #limits: typeof LIMITS;
  readonly #queue: Waiting[] = [];
  #child: ChildProcess | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #orders = 0;
  #made = 0;

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** The process that sets documents at this moment, if one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  typeset(order: Omit<Order, 'id'>): Promise<Pages> {
    if (this.#queue.length >= this.#limits.waiting) throw problem('too_many_documents');
    return new Promise((done, failed) => {
      this.#orders += 1;
      this.#queue.push({ order: { id: this.#orders, ...order }, done, failed });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current || this.#queue.length === 0) return;
    this.#current = this.#queue.shift()!;
    this.#child ??= this.#start();
    // While it works it keeps this process alive, for somebody waits; idle it does not.
    this.#child.ref();
    this.#child.channel?.ref();
    this.#after(this.#limits.documentMs, () => this.#broke('took too long'));
    this.#child.send(this.#current.order);
  }

  #start(): ChildProcess {
    this.#made = 0;
    const child = fork(join(import.meta.dirname, 'typeset_process.ts'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: environment(),
    });
    const ours = () => child === this.#child;
    child.on('message', (said) => ours() && this.#finished(said as Typeset));
    child.on('error', (error) => ours() && this.#broke(error.message));
    child.on('exit', (code, signal) => ours() && this.#broke(`ended with ${signal ?? code}`));
    return child;
  }

  #finished(said: Typeset): void {
    const one = this.#current;
    if (said.id !== one?.order.id) return;
    this.#current = undefined;
    this.#made += 1;
    if ('failed' in said) one.failed(new Error(`A document could not be set: ${said.failed}`));
    else one.done({ pdf: Buffer.from(said.pdf), pages: said.pages });
    const { documents, bytes, idleMs } = this.#limits;
    const isFull = this.#made >= documents || ('memory' in said && said.memory > bytes);
    if (isFull) this.#leave();
    else this.#after(idleMs, () => this.#leave()).unref();
    this.#child?.unref();
    this.#child?.channel?.unref();
    this.#next();
  }

  #after(ms: number, work: () => void): NodeJS.Timeout {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
    return this.#timer;
  }

  /** Lets the process go; the next document starts another. */
  #leave(signal: NodeJS.Signals = 'SIGTERM'): void {
    clearTimeout(this.#timer);
    const child = this.#child;
    this.#child = undefined;
    child?.kill(signal);
  }

  /** What it worked on fails, what waits is given to another. */
  #broke(why: string): void {
    const one = this.#current;
    this.#current = undefined;
    this.#leave('SIGKILL');
    one?.failed(new Error(`The process that sets documents ${why}.`));
    this.#next();
  }
}

/** What it compiles is what a module brings: it needs none of the server's settings. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
}

const ours = new Typesetter();

/** Sets a document in this server's process for that. Error: too_many_documents. */
export const typeset = (order: Omit<Order, 'id'>): Promise<Pages> => ours.typeset(order);
