import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { problem } from '../problem.ts';
import type { FileStore } from './store.ts';

export interface S3 {
  /** With the bucket: https://s3.example/bucket. */
  url: string;
  key: string;
  secret: string;
  region: string;
}

/** The store of objects that the environment names; undefined where it names none. */
export function s3Of(env: Record<string, string | undefined>): S3 | undefined {
  if (!env.FILES_S3_URL) return undefined;
  return {
    url: env.FILES_S3_URL.replace(/\/+$/, ''),
    key: env.FILES_S3_KEY ?? '',
    secret: env.FILES_S3_SECRET ?? '',
    region: env.FILES_S3_REGION || 'us-east-1',
  };
}

const TIMEOUT_MS = 60_000;

/** A store that speaks S3; every request is signed (AWS Signature Version 4). */
export function s3Store(s3: S3): FileStore {
  const send = async (
    method: string,
    hash: string,
    more: { headers?: Record<string, string>; body?: Readable; hash?: string } = {},
  ): Promise<Response> => {
    const url = new URL(`${s3.url}/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`);
    const headers = signed(s3, { method, url, hash: more.hash ?? EMPTY, at: new Date(), ...more });
    const answer = await fetch(url, {
      ...{ method, headers, redirect: 'error' as const, signal: AbortSignal.timeout(TIMEOUT_MS) },
      ...(more.body ? { body: Readable.toWeb(more.body) as ReadableStream, duplex: 'half' } : {}),
    } as RequestInit);
    if (answer.ok || answer.status === 404) return answer;
    throw problem('store_refused', { status: answer.status });
  };
  return {
    async put(draft, hash, size) {
      const headers = { 'content-length': String(size) };
      const answer = await send('PUT', hash, { headers, body: createReadStream(draft), hash });
      if (!answer.ok) throw problem('store_refused', { status: answer.status });
      await rm(draft, { force: true });
    },
    async read(hash, start, end) {
      const answer = await send('GET', hash, { headers: { range: `bytes=${start}-${end}` } });
      if (!answer.ok || !answer.body) throw problem('file_lost');
      return Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
    },
    async remove(hash) {
      await send('DELETE', hash);
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const EMPTY = sha256('');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

interface Request {
  method: string;
  url: URL;
  /** SHA-256 of the body. */
  hash: string;
  at: Date;
  headers?: Record<string, string>;
}

/** The headers of a request with its signature, by AWS Signature Version 4 for the service s3. */
export function signed(s3: Omit<S3, 'url'>, { method, url, hash, at, headers = {} }: Request) {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const { 'content-length': _, ...said } = headers;
  const all: Record<string, string> = {
    ...{ ...said, host: url.host, 'x-amz-content-sha256': hash, 'x-amz-date': time },
  };
  const names = Object.keys(all).sort();
  const canonical = [
    ...[method, url.pathname, url.searchParams.toString()],
    ...names.map((name) => `${name}:${all[name]}`),
    ...['', names.join(';'), hash],
  ].join('\n');
  const scope = `${day}/${s3.region}/s3/aws4_request`;
  const key = [day, s3.region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${s3.secret}`,
  );
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signature = hmac(key, text).toString('hex');
  const { host: _host, ...sent } = all;
  return {
    ...{ ...sent, ...headers },
    authorization: `AWS4-HMAC-SHA256 Credential=${s3.key}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}
