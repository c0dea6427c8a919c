import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { problem } from '../problem.ts';
import { type S3, s3Of, s3Store } from './s3.ts';

/** Where bytes lie, by their SHA-256. */
export interface FileStore {
  /** Takes over a written draft (it is gone then). Storing the same again does no harm. */
  put(draft: string, hash: string, size: number): Promise<void>;
  /** The bytes from `start` to `end`, both counted in. Error: file_lost. */
  read(hash: string, start: number, end: number): Promise<Readable>;
  remove(hash: string): Promise<void>;
}

/** The store of these settings: objects at FILES_S3_URL, else the folder `files` of the home. */
export function fileStore(home: string, s3: S3 | undefined = s3Of(process.env)): FileStore {
  return s3 ? s3Store(s3) : folderStore(join(home, 'files'));
}

export function folderStore(folder: string): FileStore {
  const place = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);
  return {
    async put(draft, hash) {
      const target = place(hash);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await sync(draft);
      await rename(draft, target);
      // The name is on disk once its folder is.
      await sync(dirname(target));
    },
    async read(hash, start, end) {
      const there = await stat(place(hash)).catch(() => undefined);
      if (!there) throw problem('file_lost');
      return createReadStream(place(hash), { start, end });
    },
    async remove(hash) {
      await rm(place(hash), { force: true });
    },
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
