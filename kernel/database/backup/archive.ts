import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';

// A gzipped tar file, so that a backup can be opened with any system's own tools should Kontor not
// be at hand. Node brings no tar, and the little that is needed is written here: plain files and
// folders with short paths.

const BLOCK = 512;
const MOST_PATH_BYTES = 255;
const MOST_BYTES = 0o77777777777;

export type Written = { bytes: number; sha256: string };

export type ArchiveWriter = {
  folder(path: string): Promise<void>;
  /** Writes exactly `bytes` bytes: a source that ends early is filled up with zeros. */
  file(path: string, bytes: number, source: AsyncIterable<Buffer>): Promise<Written>;
  /** Closes the archive and makes it last through a power cut. */
  end(): Promise<void>;
  /** Gives up; the file is left for the caller to remove. */
  abort(): void;
};

export type Entry = { path: string; kind: 'file' | 'folder'; bytes: number };

/** Begins an archive in a new file of mode 0600. */
export function writeArchive(path: string): ArchiveWriter {
  const gzip = createGzip({ level: 1 });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const whole = pipeline(gzip, file);
  // The error is met at the next write; without this it would end the process before.
  whole.catch(() => {});
  return {
    folder: (name) => put(gzip, whole, header(`${name}/`, 0, '5')),
    async file(name, bytes, source) {
      await put(gzip, whole, header(name, bytes, '0'));
      const hash = createHash('sha256');
      let left = bytes;
      const add = async (chunk: Buffer) => {
        hash.update(chunk);
        left -= chunk.length;
        await put(gzip, whole, chunk);
      };
      for await (const chunk of source) {
        await add(chunk.length > left ? chunk.subarray(0, left) : chunk);
        if (left === 0) break;
      }
      while (left > 0) await add(Buffer.alloc(Math.min(left, 65_536)));
      await put(gzip, whole, Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK));
      return { bytes, sha256: hash.digest('hex') };
    },
    async end() {
      gzip.end(Buffer.alloc(BLOCK * 2));
      await whole;
      await closed(file);
    },
    abort() {
      gzip.destroy();
      file.destroy();
    },
  };
}

/**
 * Calls `take` for each entry in turn; it must read the content to its end. Throws where the
 * file is no archive of ours or is cut off (errors of zlib, or `not an archive`).
 */
export async function readArchive(
  path: string,
  take: (entry: Entry, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 262_144 });
  const gunzip = createGunzip({ chunkSize: 262_144 });
  const piped = pipeline(source, gunzip);
  piped.catch(() => {});
  const reader = blocks(gunzip);
  try {
    for (;;) {
      const head = await reader.take(BLOCK);
      if (head.every((byte) => byte === 0)) break;
      const entry = parseHeader(head);
      await take(entry, reader.stream(entry.bytes));
      await reader.take((BLOCK - (entry.bytes % BLOCK)) % BLOCK);
    }
    await reader.drain();
    await piped;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function put(gzip: Gzip, whole: Promise<void>, chunk: Buffer): Promise<void> {
  if (chunk.length === 0) return;
  if (gzip.destroyed) await whole;
  if (!gzip.write(chunk)) await once(gzip, 'drain');
}

async function closed(file: WriteStream): Promise<void> {
  if (!file.closed) await finished(file);
}

function header(path: string, bytes: number, kind: '0' | '5'): Buffer {
  const { name, prefix } = split(path);
  if (bytes > MOST_BYTES) throw new Error(`${path} is too large for an archive`);
  const head = Buffer.alloc(BLOCK);
  head.write(name, 0, 100);
  head.write(kind === '5' ? '0000700\0' : '0000600\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  head.write(
    `${Math.floor(Date.now() / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  head.write('        ', 148);
  head.write(kind, 156);
  head.write('ustar\x0000', 257);
  head.write(prefix, 345, 155);
  head.write(`${checksum(head).toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && name && Buffer.byteLength(prefix) <= 155) {
      return { name, prefix };
    }
  }
  throw new Error(`the path ${path} is longer than an archive takes (${MOST_PATH_BYTES} bytes)`);
}

function parseHeader(head: Buffer): Entry {
  const text = (from: number, length: number) => {
    const field = head.subarray(from, from + length);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? length : end).toString('utf8');
  };
  const stated = Number.parseInt(text(148, 8), 8);
  if (text(257, 5) !== 'ustar' || stated !== checksum(head)) throw new Error('not an archive');
  const prefix = text(345, 155);
  const path = (prefix ? `${prefix}/` : '') + text(0, 100);
  const parts = path.replace(/\/$/, '').split('/');
  const kind = text(156, 1);
  // A file made by someone else must not write beside the home.
  const odd = process.platform === 'win32' ? /[\\:]/ : /\0/;
  if (parts.some((part) => ['', '.', '..'].includes(part) || odd.test(part))) {
    throw new Error('not an archive');
  }
  if (kind !== '0' && kind !== '5') throw new Error('not an archive');
  const bytes = Number.parseInt(text(124, 12), 8);
  return { path: parts.join('/'), kind: kind === '5' ? 'folder' : 'file', bytes };
}

function checksum(head: Buffer): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : (head[at] ?? 0);
  return sum;
}

function blocks(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const some = async (most: number): Promise<Buffer> => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) throw new Error('the archive is cut off');
      rest = next.value;
    }
    const part = rest.subarray(0, most);
    rest = rest.subarray(part.length);
    return part;
  };
  async function* stream(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      const part = await some(left);
      left -= part.length;
      yield part;
    }
  }
  return {
    stream,
    async take(bytes: number): Promise<Buffer> {
      const parts: Buffer[] = [];
      for await (const part of stream(bytes)) parts.push(part);
      return Buffer.concat(parts);
    },
    async drain(): Promise<void> {
      while (!(await chunks.next()).done) rest = Buffer.alloc(0);
    },
  };
}
