import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { story, theWorld, uuidv7 } from '#kernel/test';
import { openPools } from '../database/connect.ts';
import { makeServer } from '../http/server.ts';

const apps: FastifyInstance[] = [];
const bases: string[] = [];
before(async () => {
  const { db } = await theWorld();
  const log = pino({ level: 'silent' });
  const other = await openPools({ pool: 2 }, db.where, db.logins, async () => {});
  for (const one of [db, other]) {
    const app = await makeServer({ db: one, home: tmpdir(), log, version: 'test' }, async () => {});
    if (one === other) app.addHook('onClose', () => other.close());
    apps.push(app);
    bases.push(await app.listen({ host: '127.0.0.1', port: 0 }));
  }
});
after(() => Promise.all(apps.map((app) => app.close())));

const get = async (at: number, path: string, token: string) =>
  (await fetch(`${bases[at]}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
const post = async (at: number, path: string, token: string, body: unknown) => {
  const response = await fetch(`${bases[at]}/api/v1${path}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      'idempotency-key': uuidv7(),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, told: (await response.json()) as Record<string, unknown> };
};

interface Api {
  components: { schemas: Record<string, { properties: Record<string, { title: string }> }> };
  paths: Record<string, { post: { requestBody: { content: object } } }>;
}

story(
  'a field is there at once at every server: rows, filters, OpenAPI, catalogue, export',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    const api = async (at: number) => (await get(at, '/api/openapi.json', sam.token)) as Api;
    const shape = async (at: number) =>
      (await api(at)).components.schemas['catalog.product']?.properties['custom.colour'];
    assert.deepEqual([await shape(0), await shape(1)], [undefined, undefined]);
    const field = {
      table_name: 'catalog.product',
      name: 'colour',
      label: 'Colour',
      type: 'choice',
    };
    const made = await post(0, '/kernel/custom_field/create', owner.token, {
      ...field,
      choices: ['Red', 'Blue'],
    });
    assert.equal(made.status, 200);
    for (const at of [0, 1]) {
      assert.deepEqual(await shape(at), {
        type: ['string', 'null'],
        title: 'Colour',
        enum: ['Red', 'Blue', null],
      });
      const { post: create } = (await api(at)).paths['/catalog/product/create']!;
      assert.ok(JSON.stringify(create.requestBody).includes('"custom.colour"'));
      const { tables } = (await get(at, '/api/v1/catalogue', sam.token)) as {
        tables: {
          name: string;
          columns: { name: string; writable: boolean; choices: string[] }[];
        }[];
      };
      const told = tables
        .find((t) => t.name === 'catalog.product')
        ?.columns.find((c) => c.name === 'custom.colour');
      assert.deepEqual([told?.writable, told?.choices], [true, ['Red', 'Blue']]);
    }
    const cup = { name: 'Cup', unit_price: '5', 'custom.colour': 'Red' };
    const { told } = await post(1, '/catalog/product/create', sam.token, cup);
    const wrong = await post(1, '/catalog/product/change', sam.token, {
      ...{ id: told.id, version: 1, 'custom.colour': 'Green' },
    });
    assert.equal(wrong.status, 422);
    assert.deepEqual(
      (wrong.told.errors as { field: string; code: string }[]).map((e) => [e.field, e.code]),
      [['custom.colour', 'custom_wrong']],
    );
    assert.equal(
      wrong.told.detail,
      'A field of your own is wrong: Colour: choose one of: Red, Blue.',
    );
    const filter = encodeURIComponent(JSON.stringify([['custom.colour', '=', 'Red']]));
    const page = (await get(
      0,
      `/api/v1/catalog/product?filter=${filter}&sort=-custom.colour`,
      sam.token,
    )) as {
      rows: Record<string, unknown>[];
    };
    assert.deepEqual(
      page.rows.map((r) => [r.name, r['custom.colour']]),
      [['Cup', 'Red']],
    );
    const exported = await fetch(
      `${bases[1]}/api/v1/export/catalog.product?columns=name,custom.colour&filter=${filter}`,
      { headers: { authorization: `Bearer ${sam.token}` } },
    );
    assert.equal(
      (await exported.text()).replace('\ufeff', ''),
      'name,custom.colour\r\nCup,Red\r\n',
    );
    const archived = { id: made.told.id, version: 1 };
    await post(1, '/kernel/custom_field/archive', owner.token, archived);
    assert.deepEqual([await shape(0), await shape(1)], [undefined, undefined]);
  },
);
