import '../sentences.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Problem } from '../problem.ts';
import { s3Of, s3Store, signed } from './s3.ts';

const objects = new Map<string, string>();
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const key = 'AKIAIOSFODNN7EXAMPLE';
let server: Server;
let folder: string;

/** A store of objects on loopback, which looks at what S3 looks at: signature, hash, range. */
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-'));
  server = createServer(async (request, reply) => {
    const body = await text(request);
    const { headers, method = '', url = '' } = request;
    const hash = createHash('sha256').update(body).digest('hex');
    const wanted =
      /AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-west-1\/s3\/aws4_request,SignedHeaders=[\w;-]*x-amz-content-sha256;x-amz-date,Signature=[0-9a-f]{64}$/;
    const at = String(headers['x-amz-date']).replace(
      /(....)(..)(..)T(..)(..)(..)Z/,
      '$1-$2-$3T$4:$5:$6Z',
    );
    const again = signed(
      { key, secret, region: 'eu-west-1' },
      {
        ...{ method, url: new URL(`http://${headers.host}${url}`), hash, at: new Date(at) },
        headers: headers.range ? { range: headers.range } : {},
      },
    );
    const right =
      wanted.test(String(headers.authorization)) && again.authorization === headers.authorization;

    if (!right || hash !== headers['x-amz-content-sha256']) return reply.writeHead(403).end();
    if (method === 'PUT') objects.set(url, body);
    if (method === 'DELETE') objects.delete(url);
    const found = objects.get(url);
    if (found === undefined) return reply.writeHead(method === 'GET' ? 404 : 204).end();
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
    return reply.writeHead(200).end(from ? found.slice(Number(from), Number(to) + 1) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const store = (more = {}) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop/`;
  const env = {
    FILES_S3_URL: url,
    FILES_S3_KEY: key,
    FILES_S3_SECRET: secret,
    FILES_S3_REGION: 'eu-west-1',
  };
  return s3Store(s3Of({ ...env, ...more })!);
};

test('a request is signed as Amazon’s own example is', () => {
  const { authorization } = signed(
    { key, secret, region: 'us-east-1' },
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      at: new Date('2013-05-24T00:00:00Z'),
      headers: { range: 'bytes=0-9' },
    },
  );
  assert.match(
    authorization,
    /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
  );
});

test('bytes go into the store, come back, and go', async () => {
  const bytes = 'what is kept elsewhere';
  const hash = createHash('sha256').update(bytes).digest('hex');
  const draft = join(folder, 'draft');
  writeFileSync(draft, bytes);
  await store().put(draft, hash, bytes.length);
  assert.deepEqual([...objects.keys()], [`/shop/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`]);
  assert.equal(await text(await store().read(hash, 5, 11)), 'is kept');
  await store().remove(hash);
  await assert.rejects(store().read(hash, 0, 1), (e: Problem) => e.code === 'file_lost');
  writeFileSync(draft, bytes);
  const wrong = store({ FILES_S3_SECRET: 'wrong' }).put(draft, hash, bytes.length);
  await assert.rejects(wrong, (e) => e instanceof Problem && e.code === 'store_refused');
});
