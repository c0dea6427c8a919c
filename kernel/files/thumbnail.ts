import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { problem } from '../problem.ts';
import type { FileStore } from './store.ts';

const EDGE_PIXELS = 160;
const MOST_MS = 15_000;
const IDLE_MS = 2000;

let last: Promise<unknown> = Promise.resolve();
const making = new Map<string, Promise<string>>();

/**
 * The path of a small picture (WebP, at most 160 pixels a side), made once by a process beside this
 * one: a picture that is made to harm ends that. Error: no_thumbnail.
 */
export function thumbnail(home: string, store: FileStore, hash: string, size: number) {
  const path = join(home, 'run', 'thumbnails', hash.slice(0, 2), `${hash}-${EDGE_PIXELS}.webp`);
  if (existsSync(path)) return Promise.resolve(path);
  let made = making.get(hash);
  if (!made) {
    // One after the other: a page of pictures must not take the whole machine.
    made = last.then(() => make(path, store, hash, size)).finally(() => making.delete(hash));
    last = made.catch(() => {});
    making.set(hash, made);
  }
  return made;
}

async function make(path: string, store: FileStore, hash: string, size: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const source = `${path}.${randomUUID()}`;
  const draft = `${source}.webp`;
  try {
    await pipeline(await store.read(hash, 0, size - 1), createWriteStream(source, { mode: 0o600 }));
    if (!(await inChild(source, draft))) throw problem('no_thumbnail');
    await rename(draft, path);
    return path;
  } finally {
    await Promise.all([rm(source, { force: true }), rm(draft, { force: true })]);
  }
}

let child: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;

// It stays a moment for the next: a till asks for dozens at once, and to start takes longest.
function inChild(source: string, target: string): Promise<boolean> {
  clearTimeout(idle);
  if (!child?.connected) child = started();
  const at = child;
  at.ref();
  at.channel?.ref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => at.kill('SIGKILL'), MOST_MS);
    const ended = (fine: unknown) => {
      clearTimeout(timer);
      at.removeAllListeners();
      // It keeps nobody waiting who ends meanwhile.
      at.unref();
      at.channel?.unref();
      if (fine === true) idle = setTimeout(() => leave(at), IDLE_MS).unref();
      else leave(at);
      resolve(fine === true);
    };
    at.once('error', ended);
    at.once('exit', ended);
    at.once('message', ended);
    at.send({ source, target, edge: EDGE_PIXELS });
  });
}

const started = () =>
  fork(join(import.meta.dirname, 'thumbnail_process.ts'), {
    execArgv: ['--max-old-space-size=128'],
    stdio: 'ignore',
  });

function leave(gone: ChildProcess): void {
  if (child === gone) child = undefined;
  // What goes wrong with a process that is left wants nobody.
  gone.on('error', () => {});
  if (gone.connected) gone.disconnect();
}
