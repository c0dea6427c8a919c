import '../sentences.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { type Person, story, theWorld, type World } from '#kernel/test';
import { closeWorkers, storyWorker, until } from '../jobs/fixture/jobs.ts';
import { isInside, post } from './post.ts';
import { sendDeliveries } from './send.job.ts';
import { watchFeed } from './wake.ts';

interface Came {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}
const came: Came[] = [];
let status = 204;
let server: Server;
let owner: Person;
let stop = () => {};
before(async () => {
  const { db, as } = await theWorld();
  process.env.WEBHOOKS_INSIDE = '1';
  server = createServer(async (request, reply) => {
    came.push({ headers: request.headers, body: await text(request), path: request.url ?? '' });
    reply.writeHead(status, { location: '/elsewhere' }).end('an answer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner = await as('administrator');
  const worker = storyWorker(db, new Map([[sendDeliveries.name, sendDeliveries]]));
  stop = watchFeed(db, worker.wake);
});
after(async () => {
  stop();
  server?.close();
  await closeWorkers();
});

const place = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
type Made = { id: string; secret: string };
const hook = (who: Person, path: string, tables: string[], with_row = true) =>
  who.call<Made>('webhooks.endpoint.make', {
    name: path,
    url: `${place()}${path}`,
    tables,
    with_row,
  });
const at = (path: string) => came.filter((c) => c.path === path);
const rowsOf = (path: string) => at(path).map((c) => JSON.parse(c.body).data.row);
const off = (id: string) => owner.call('webhooks.endpoint.switch', { id, is_active: false });
const party = (first_name: string) =>
  owner.call<{ id: string }>('master.party.create', { first_name });
const deliveries = ({ behind }: World, id: string) =>
  behind('select * from webhooks.delivery where endpoint_id = $1 order by turn', id);

story('a change is told, signed by the standard, with the row', async () => {
  const { id, secret } = await hook(owner, '/told', ['master.party']);
  const ann = await party('Ann');
  const [first] = await until(async () => at('/told').length > 0 && at('/told'));
  const { headers, body } = first!;
  const said = JSON.parse(body);
  assert.equal(said.type, 'master.party.insert');
  assert.deepEqual([said.data.row_id, said.data.row.first_name], [ann.id, 'Ann']);
  assert.equal(said.data.id, headers['webhook-id']);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  assert.equal(headers['webhook-signature'], wanted);
  assert.ok(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 60);
  await until(
    async () =>
      (await owner.list('webhooks.delivery', { filter: [['state', '=', 'sent']] })).length,
  );
  await off(id);
});

story('a commit that comes late is told in its place, and none is passed over', async (world) => {
  const { id } = await hook(owner, '/order', ['master.party']);
  const late = await owner.open();
  await late.sql(`insert into master.party (first_name) values ('First')`);
  await party('Second');
  const [{ told = 0 } = {}] = await world.behind('select webhooks_logic.wake() as told');
  assert.equal(told, 0);
  assert.deepEqual(await deliveries(world, id), []);
  await late.commit();
  await until(async () => at('/order').length === 2);
  assert.deepEqual(
    rowsOf('/order').map((r) => r.first_name),
    ['First', 'Second'],
  );
  await off(id);
});

story(
  'what fails is tried again, in order, for a day; then it is off, with a finding',
  async (world) => {
    const { behind } = world;
    status = 500;
    const { id } = await hook(owner, '/fails', ['master.party'], false);
    await party('Ann');
    await party('Bob');
    const tried = (n: number) =>
      until(async () => {
        const [one] = await deliveries(world, id);
        return one?.attempt === n && one;
      });
    const first = await tried(1);
    assert.deepEqual(
      [first.status, first.response_start, first.state],
      [500, 'an answer', 'waiting'],
    );
    assert.ok((first.next_at as Date) > new Date());
    const again = (more = '') =>
      behind(
        `update webhooks.delivery set next_at = now() ${more} where endpoint_id = $1 and attempt > 0`,
        id,
      );
    status = 302;
    await again();
    await tried(2);
    assert.equal(at('/elsewhere').length, 0);
    assert.equal((await deliveries(world, id))[1]?.attempt, 0);
    await again(`, first_tried_at = now() - interval '25 hours'`);
    await until(
      async () =>
        (await behind('select from webhooks.endpoint where id = $1 and not is_active', id)).length,
    );
    const [finding] = await owner.list('kernel.finding', { filter: [['source_id', '=', id]] });
    assert.equal(finding?.code, 'webhook_switched_off');
    status = 204;
    await world.refused('webhook_is_off', () => owner.call('webhooks.endpoint.test', { id }));
    await owner.call('webhooks.endpoint.switch', { id, is_active: true });
    await owner.call('webhooks.endpoint.test', { id });
    await until(async () => at('/fails').some((c) => JSON.parse(c.body).data.verb === 'test'));
    const failed = (await deliveries(world, id))[0]!;
    await owner.call('webhooks.delivery.repeat', { id: failed.id });
    await until(
      async () => at('/fails').filter((c) => c.headers['webhook-id'] === failed.event).length === 4,
    );
    await off(id);
  },
);

story('its owner is told nothing of what they may not see', async (world) => {
  const { behind } = world;
  // What is told goes where all of it is told of: a right for one store is not enough to make one.
  const local = await world.as('administrator', { store: 'HILL' });
  await world.refused('not_permitted', () => hook(local, '/local', ['master.employee']));
  const hill = await world.as('manager', { store: 'HILL' });
  await behind(`insert into identity.role values ('messenger', 'Messenger')`);
  await behind(`insert into identity.role_permission values ('messenger', 'webhooks.manage')`);
  await behind(`insert into identity.user_role (user_id, role) values ($1, 'messenger')`, hill.id);
  const { id } = await hook(hill, '/hill', ['master.employee']);
  for (const code of ['VALLEY', 'HILL']) {
    await behind(
      `insert into master.employee (store_id, first_name) select id, $1 from master.store where code = $1`,
      code,
    );
  }
  await until(async () => at('/hill').length > 0);
  assert.deepEqual(
    rowsOf('/hill').map((r) => r.first_name),
    ['HILL'],
  );
  const states = (await deliveries(world, id)).map((d) => d.state);
  assert.deepEqual(states[0], 'hidden');
  await behind(`delete from identity.role_permission where role = 'messenger'`);
  await until(async () => {
    const [endpoint] = await behind('select is_active from webhooks.endpoint where id = $1', id);
    return endpoint?.is_active === false;
  });
  const [finding] = await behind('select code from kernel.finding where source_id = $1', id);
  assert.equal(finding?.code, 'webhook_owner_left');
  const mine = await hill.sql(`select webhooks_logic.sign($1, 'forged') as signed`, id);
  assert.equal(mine[0]?.signed, null, 'who lost the right signs nothing more');
});

/** Whether a signature of that list is one of this secret. */
function signs(secret: string, { headers, body }: Came): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(wanted);
}

story('a renewed secret signs beside the one before for a day', async (world) => {
  const { id, secret: first } = await hook(owner, '/renewed', ['master.party']);
  const renew = (at_once?: boolean) =>
    owner.call<{ secret: string; former_until: string | null }>('webhooks.endpoint.renew', {
      id,
      ...(at_once ? { at_once } : {}),
    });
  const tested = async () => {
    const before = at('/renewed').length;
    await owner.call('webhooks.endpoint.test', { id });
    return until(async () => at('/renewed')[before]);
  };
  const { secret: second, former_until } = await renew();
  assert.ok(Math.abs(Date.parse(String(former_until)) - Date.now() - 86_400_000) < 60_000);
  const both = await tested();
  assert.deepEqual([signs(first, both), signs(second, both)], [true, true]);
  assert.equal(String(both.headers['webhook-signature']).split(' ').length, 2);
  await world.behind(
    `update webhooks.former_secret set valid_until = now() where endpoint_id = $1`,
    id,
  );
  const later = await tested();
  assert.deepEqual([signs(first, later), signs(second, later)], [false, true]);

  for (let n = 0; n < 5; n++) await renew();
  await world.refused('webhook_renewed_often', () => renew());
  const { secret: last, former_until: none } = await renew(true);
  assert.equal(none, null);
  const alone = await tested();
  assert.deepEqual([signs(second, alone), signs(last, alone)], [false, true]);
  assert.equal(String(alone.headers['webhook-signature']).includes(' '), false);
  const trail = await world.behind(
    `select c.before, c.after, c.guarded from audit.change c join audit.request r on r.id = c.request_id
      where r.operation = 'webhooks.endpoint.renew'`,
  );
  assert.ok(trail.length > 0 && !JSON.stringify(trail).includes('whsec_'));
  const kept = await world.behind(
    `select from kernel.request_key where operation = 'webhooks.endpoint.renew'`,
  );
  assert.equal(kept.length, 0);
  await off(id);
});

story('it is told of what it asks for, with the rights of who said so last', async (world) => {
  const { id } = await hook(owner, '/news', ['master.party']);
  const other = await world.as('administrator');
  const endpoint = async () =>
    (await other.list('webhooks.endpoint', { filter: [['id', '=', id]] }))[0]!;
  const wish = { id, version: (await endpoint()).version, verbs: ['update'], name: 'Changed ones' };
  await other.call('webhooks.endpoint.change', wish);
  const now = await endpoint();
  assert.deepEqual([now.verbs, now.tables, now.owner_id], [['update'], ['master.party'], other.id]);
  await world.refused('changed_meanwhile', () => other.call('webhooks.endpoint.change', wish));
  const tables = ['kernel.setting'];
  await world.refused('webhook_table_unknown', () =>
    other.call('webhooks.endpoint.change', { id, version: now.version, tables }),
  );
  await world.refused('input_wrong', () =>
    other.call('webhooks.endpoint.change', { id, version: now.version, verbs: ['delete'] }),
  );
  const zoe = await owner.call<{ id: string; version: number }>('master.party.create', {
    first_name: 'Zoe',
  });
  await owner.call('master.party.change', { id: zoe.id, version: 1, first_name: 'Zoë' });
  const [only] = await until(async () => at('/news').length > 0 && at('/news'));
  assert.equal(JSON.parse(only!.body).type, 'master.party.update');
  const local = await world.as('administrator', { store: 'HILL' });
  for (const sql of ['change', 'renew'])
    await world.refusedBySql(
      local,
      'not_permitted',
      `select webhooks_logic.${sql}('{"id": "${id}"}')`,
    );
  await off(id);
});

story('raw SQL reads no secret, changes no delivery, and signs for nobody else', async (world) => {
  const { id } = await hook(owner, '/raw', ['master.party']);
  const mia = await world.as('cashier', { store: 'HILL' });
  const denied = /permission denied/;
  for (const sql of [
    'select key from webhooks.secret',
    'select key from webhooks.former_secret',
    `update webhooks.former_secret set valid_until = 'infinity'`,
    `update webhooks.endpoint set url = 'https://elsewhere.example'`,
    `update webhooks.delivery set state = 'sent'`,
    'update webhooks.cursor set change_id = 0',
    'select webhooks_logic.wake()',
  ]) {
    await world.refusedBySql(mia, denied, sql);
    await world.refusedBySql(owner, denied, sql);
  }
  assert.deepEqual(await mia.list('webhooks.endpoint'), []);
  const other = await world.as('administrator');
  const [signed] = await other.sql(
    `select webhooks_logic.sign($1, 'x') as s, webhooks_logic.next($1) as n`,
    id,
  );
  assert.deepEqual(signed, { s: null, n: null });
  await world.refusedBySql(mia, 'not_permitted', `select webhooks_logic.make('{}')`);
  await world.refused('webhook_table_unknown', () => hook(owner, '/x', ['kernel.secret']));
  await world.refused('input_wrong', () =>
    owner.call('webhooks.endpoint.make', {
      name: 'x',
      url: 'file:///etc/passwd',
      tables: ['master.party'],
    }),
  );
  await off(id);
});

test('addresses of the inside are told from those outside, also in other writings', async () => {
  for (const address of [
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '255.255.255.255', '::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1'],
    ...['::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '64:ff9b:1::7f00:1', '::7f00:1'],
    ...['::ffff:0:7f00:1', '192.0.2.1', '192.88.99.1', '198.51.100.7', '203.0.113.9', '240.0.0.1'],
    ...['224.0.0.1', '198.19.255.255', '192.31.196.1', '192.52.193.1', '192.175.48.1', '192.0.0.9'],
    ...['100::1', '100:0:0:1::1', '2001::1', '2001:1ff::1', '2001:db8::1', '3fff:fff::1'],
    ...['5f00::1', 'fec0::1', 'ff02::1', '2620:4f:8000::1', 'fe80::1%lo', '::ffff:192.168.1.1', ''],
  ]) {
    assert.ok(isInside(address), address);
  }
  for (const address of [
    ...['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07::1', '::ffff:8.8.8.8', '223.255.255.255'],
    ...[
      '2001:4860:4860::8888',
      '2001:200::1',
      '192.0.3.1',
      '3fff:1000::1',
      '172.32.0.1',
      '1.1.1.1',
    ],
  ]) {
    assert.ok(!isInside(address), address);
  }
  const before = came.length;
  const signal = new AbortController().signal;
  const port = (server.address() as AddressInfo).port;
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
    const { status, said } = await post(`https://${host}:${port}/`, {}, '', {
      inside: false,
      signal,
    });
    assert.equal(status, undefined, host);
    assert.match(said, /own network/, host);
  }
  const plain = await post(`http://127.0.0.1:${port}/`, {}, '', { inside: false, signal });
  assert.match(plain.said, /https/);
  assert.equal(came.length, before);
});

test('a name is asked for once, and the connection goes to the address that was looked at', async () => {
  const signal = new AbortController().signal;
  const { port } = server.address() as AddressInfo;
  // It turns to this machine as soon as somebody has looked at it.
  const answers = ['93.184.215.14', '127.0.0.1'];
  let asked = 0;
  const turning = async () => ({ address: answers[asked++] ?? '127.0.0.1', family: 4 });
  const before = came.length;
  const late = AbortSignal.abort(new Error('far enough'));
  const away = post(`https://turning.example:${port}/`, {}, '', {
    ...{ inside: false, signal: late, ask: turning },
  });
  await assert.rejects(away, /far enough/);
  assert.equal(asked, 1);
  const inner = await post(`https://turning.example:${port}/`, {}, '', {
    ...{ inside: false, signal, ask: turning },
  });
  assert.match(inner.said, /own network/);
  assert.equal(came.length, before);

  asked = 1;
  const { status: heard } = await post(`http://turning.example:${port}/pinned`, {}, '', {
    ...{ inside: true, signal, ask: turning },
  });
  assert.deepEqual([heard, asked], [204, 2]);
  assert.equal(at('/pinned')[0]?.headers.host, `turning.example:${port}`);
});
