import '../sentences.ts';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import sharp from 'sharp';
import { type Person, story, theWorld } from '#kernel/test';
import { makeServer } from '../http/server.ts';

let app: FastifyInstance;
let home: string;
before(async () => {
  const { db } = await theWorld();
  home = mkdtempSync(join(tmpdir(), 'appearance-'));
  app = await makeServer(
    { db, home, log: pino({ level: 'silent' }), version: '1' },
    async () => {},
  );
});
after(async () => {
  await app?.close();
  rmSync(home, { recursive: true, force: true });
});

const get = (url: string, who?: Person) =>
  app.inject({ url, ...(who ? { headers: { authorization: `Bearer ${who.token}` } } : {}) });

const logo = async () => {
  const square = { width: 64, height: 64, channels: 3 as const, background: '#7a1f5c' };
  const bytes = await sharp({ create: square }).png().toBuffer();
  return { type: 'image/png', base64: bytes.toString('base64') };
};

story(
  'the owner’s colour and logo are everybody’s to see, and the owner’s to set',
  async (world) => {
    const owner = await world.as('administrator');
    const mia = await world.as('cashier', { store: 'HILL' });
    assert.deepEqual((await get('/api/v1/appearance')).json(), { accent: null, logo: null });
    assert.equal((await get('/api/v1/logo')).statusCode, 404);
    const given = await logo();
    await owner.call('kernel.appearance.set', { accent: '#7A1F5C', logo: given });
    await owner.call('kernel.appearance.set', { accent: '#1f5fa8' });
    const said = (await get('/api/v1/appearance')).json();
    assert.equal(said.accent, '#1f5fa8');
    const shown = await get(said.logo);
    assert.equal(shown.headers['content-type'], 'image/png');
    assert.equal(shown.rawPayload.toString('base64'), given.base64);
    await owner.call('kernel.appearance.set', { logo: null });
    assert.equal((await get('/api/v1/appearance')).json().logo, null);

    await world.refused('not_permitted', () => mia.call('kernel.appearance.set', { accent: null }));
    await world.refusedBySql(
      mia,
      'row-level security',
      'insert into kernel.appearance default values',
    );
    await mia.sql(`update kernel.appearance set accent = '#000000'`);
    assert.equal((await get('/api/v1/appearance')).json().accent, '#1f5fa8');
    // Nor can anybody keep what is no picture, or a colour that would break out of a style.
    const script = Buffer.from('<script>alert(1)</script>').toString('base64');
    for (const wrong of [
      { logo: { type: 'image/png', base64: script } },
      { logo: { type: 'image/svg+xml', base64: given.base64 } },
      { accent: 'red' },
      { accent: '#fff;}' },
    ])
      await assert.rejects(() => owner.call('kernel.appearance.set', wrong));
    await world.refusedBySql(owner, 'check', `update kernel.appearance set accent = 'url(//x)'`);
  },
);

story('the log of a request is for who looks after the installation', async (world) => {
  const owner = await world.as('administrator');
  const local = await world.as('administrator', { store: 'HILL' });
  const id = '8ab82e41-b187-4af1-b712-e5bbc703e208';
  mkdirSync(join(home, 'run'), { recursive: true });
  const line = (said: object) => `${JSON.stringify({ time: 1795264511261, ...said })}\n`;
  writeFileSync(
    join(home, 'run', 'kontor.log'),
    line({ request_id: id, msg: 'request' }) + line({ msg: `of ${id}` }) + line({ reqId: id }),
  );
  const { lines } = (await get(`/api/v1/log/${id}`, owner)).json();
  assert.deepEqual(
    lines.map((l: Record<string, unknown>) => l.request_id ?? l.reqId),
    [id, id],
  );
  assert.deepEqual((await get('/api/v1/log/..%2f..%2fetc', owner)).json(), { lines: [] });
  assert.equal((await get(`/api/v1/log/${id}`, local)).statusCode, 403);
  assert.equal((await get(`/api/v1/log/${id}`)).statusCode, 401);
  const about = (await get('/api/v1/about', local)).json();
  assert.match(about.postgresql, /^18/);
  assert.equal(about.parts.find((p: { name: string }) => p.name === 'fastify')?.licence, 'MIT');
  assert.equal((await get('/api/v1/about')).statusCode, 401);
});
