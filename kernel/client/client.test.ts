import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { validate } from '@scalar/openapi-parser';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld } from '#kernel/test';
import { makeServer } from '../http/server.ts';
import { root } from '../modules.ts';
import type { Kontor as Client } from './client.ts';
import { makeClient } from './make.ts';

const folder = mkdtempSync(join(tmpdir(), 'kontor-client-'));
let app: FastifyInstance;
let url = '';
let api: { paths: Record<string, unknown> };

before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'silent' });
  app = await makeServer({ db, home: tmpdir(), log, version: '0.1.0' }, async () => {});
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  api = (await (await fetch(`${url}/api/openapi.json`)).json()) as typeof api;
  makeClient(api as never, folder);
});
after(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

story('the description of the API is valid OpenAPI 3.1 and holds examples', async () => {
  const { valid, errors } = await validate(api as never);
  assert.ok(valid, JSON.stringify(errors?.slice(0, 3)));
  const ringUp = JSON.stringify(api.paths['/pos/receipt/ring_up']);
  assert.match(ringUp, /"example":\{"id":/);
  for (const page of ['/api/reference/', '/api/errors']) {
    const response = await fetch(url + page);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<html/);
  }
  const script = await fetch(`${url}/api/reference/js/scalar.js`);
  assert.match(script.headers.get('content-type') ?? '', /javascript/);
  assert.ok((await script.text()).length > 1_000_000);
  const nothing = await fetch(`${url}/api/reference/nothing`);
  assert.equal(((await nothing.json()) as { code: string }).code, 'page_not_found');
});

story(
  'the made client signs in, writes, reads page by page and is told what is wrong',
  async (world) => {
    const { Kontor, KontorProblem } = (await import(
      pathToFileURL(join(folder, 'client.js')).href
    )) as typeof import('./client.ts');
    const manager = await world.as('manager');
    const kontor: Client = new Kontor({ url, token: manager.token });
    const made = await kontor.call('catalog.brand.create', { name: 'First' });
    for (const name of ['Second', 'Third', 'Fourth']) {
      await kontor.call('catalog.brand.create', { name });
    }
    const names: unknown[] = [];
    const wishes = { sort: ['-name'] as '-name'[], limit: 2 };
    for await (const brand of kontor.list('catalog.brand', wishes)) names.push(brand.name);
    assert.deepEqual(names, ['Third', 'Second', 'Fourth', 'First']);
    assert.equal((await kontor.get('catalog.brand', String(made.id))).name, 'First');
    assert.equal((await kontor.report('low_stock', {})).title, 'Low stock');
    const key = crypto.randomUUID();
    const [once, again] = [
      await kontor.call('catalog.brand.create', { name: 'Once' }, { key }),
      await kontor.call('catalog.brand.create', { name: 'Once' }, { key }),
    ];
    assert.equal(once.id, again.id);
    await assert.rejects(
      () => kontor.call('catalog.brand.create', { name: '' }),
      (e) => e instanceof KontorProblem && e.code !== 'unknown' && e.requestId !== '',
    );
  },
);

story('its types refuse what the API would', async () => {
  const check = (line: string) => {
    const file = join(folder, 'use.ts');
    writeFileSync(
      file,
      `import { Kontor } from './client.js';\nconst k = new Kontor({ url: '' });\n${line}\n`,
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = [
      '--noEmit',
      '--strict',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'es2023',
    ];
    return spawnSync(process.execPath, [tsc, ...args, '--lib', 'es2024,dom', '--types', '', file], {
      cwd: folder,
      encoding: 'utf8',
    });
  };
  const fine = check(
    `await k.call('catalog.brand.create', { name: 'A' });
     for await (const r of k.list('pos.receipt', { sort: ['-happened_at'] })) r.gross_amount?.length;`,
  );
  assert.equal(fine.status, 0, fine.stdout);
  for (const wrong of [
    `k.call('catalog.brand.craete', { name: 'A' })`,
    `k.call('catalog.brand.create', { name: 5 })`,
    `k.list('pos.receipt', { sort: ['colour'] })`,
    `k.report('best_sellers', {})`,
  ]) {
    assert.notEqual(check(wrong).status, 0, wrong);
  }
});
