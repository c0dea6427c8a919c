import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { serveWeb } from '../../server/web.ts';
import { buildWeb } from '../build.ts';
import { type Chunk, FIRST, pageFor, withImports } from '../hints.ts';

const MOST = 250_000;

let dist: string;
let chunks: Record<string, Chunk>;
before(async () => {
  dist = await buildWeb();
  chunks = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
});

/** What the page itself names: all that is loaded before anything is chosen. */
function first(): string[] {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = [...page.matchAll(/src="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  return files.map((file) => Object.keys(chunks).find((name) => chunks[name]?.file === file) ?? '');
}

/** What is loaded for these chunks, with all that they import. */
const allOf = (names: string[]) => new Set(names.flatMap((name) => [...withImports(name, chunks)]));

const weightOf = (names: Iterable<string>) =>
  [...names]
    .map((name) => readFileSync(join(dist, chunks[name]?.file ?? '')))
    .reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);

test('the first screen of each role weighs at most 250 kB of script', () => {
  const pages = ['dashboard/dashboard_page', 'till/till_page', 'pages/welcome', 'list/page'];
  for (const page of pages) {
    const name = Object.keys(chunks).find((key) => key.endsWith(`/${page}.tsx`)) ?? page;
    const weight = weightOf(allOf([...first(), name]));
    assert.ok(weight > 50_000 && weight <= MOST, `${page}: ${weight} bytes`);
  }
});

test('an address names what it begins with, and nothing else', () => {
  const pageOf = pageFor(dist);
  for (const [, ...parts] of FIRST) for (const name of parts) assert.ok(chunks[name], name);
  const named = (path: string) =>
    [...pageOf(path).matchAll(/rel="modulepreload" crossorigin href="\/([^"]+)"/g)].map(
      ([, f]) => f,
    );
  const list = named('/catalog/product');
  assert.ok(list.includes(chunks['../../kernel/ui/list/page.tsx']?.file));
  assert.ok(!list.includes(chunks['../../modules/pos/till/till_page.tsx']?.file));
  assert.ok(named('/till').includes(chunks['../../modules/pos/till/till_page.tsx']?.file));
  assert.deepEqual(named('/settings/mail'), []);
  for (const file of list) assert.ok(readFileSync(join(dist, file ?? '')).length > 0);
});

test('a language is loaded by who reads it', () => {
  assert.ok(![...allOf(first())].some((name) => name.includes('i18n/ar')));
  assert.ok(Object.keys(chunks).some((name) => name.includes('i18n/ar')));
});

test('the server sends the small form of each', async () => {
  const app = fastify();
  await serveWeb(app, dist);
  const entry = chunks[first().at(-1) ?? '']?.file ?? '';
  const ask = (encoding: string) =>
    app.inject({ url: `/${entry}`, headers: { 'accept-encoding': encoding } });
  const whole = readFileSync(join(dist, entry)).length;
  for (const [asked, coding] of Object.entries({ 'gzip, deflate, br': 'br', gzip: 'gzip' })) {
    const { headers, rawPayload } = await ask(asked);
    assert.equal(headers['content-encoding'], coding);
    assert.match(String(headers['content-type']), /javascript/);
    assert.ok(rawPayload.length < whole / 2, `${coding}: ${rawPayload.length} of ${whole}`);
  }
  assert.equal((await ask('identity')).rawPayload.length, whole);
  await app.close();
});
