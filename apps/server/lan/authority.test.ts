import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { temporaryFolder } from '../../../kernel/database/postgres/fixture.ts';
import { authority, type Identity, isGood, isPrivate, issue, namesHere } from './authority.ts';
import { trustServer } from './trust_page.ts';

const home = temporaryFolder('lan');
mkdirSync(join(home, 'secrets'), { recursive: true });
after(() => rmSync(home, { recursive: true, force: true }));

/** Whether a client that trusts this authority alone takes the certificate, under that name. */
async function taken(leaf: Identity, ca: string, servername: string): Promise<true | string> {
  const server = createServer(leaf).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return (await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => resolve(error.message));
  }).finally(() => server.close())) as true | string;
}

test('a device that trusts the shop’s authority takes its leaf, for its names alone', async () => {
  const [ca, same] = await Promise.all([authority(home), authority(home)]);
  assert.deepEqual(ca, same, 'two servers have one authority');
  assert.equal(statSync(join(home, 'secrets', 'lan-authority')).mode & 0o777, 0o600);
  const leaf = await issue(ca, ['shop.local', 'localhost', '192.168.7.20', 'fd00::7']);
  assert.equal(await taken(leaf, ca.cert, 'shop.local'), true);
  assert.match(String(await taken(leaf, ca.cert, 'bank.example')), /altnames/);
  assert.ok(isGood(leaf, ['shop.local', '192.168.7.20', 'fd00::7']));
  assert.ok(!isGood(leaf, ['192.168.7.21']), 'a new address wants a new leaf');
  const inAYear = Date.now() + 370 * 86_400_000;
  assert.ok(!isGood(leaf, ['shop.local'], inAYear), 'it is renewed a month before it ends');
});

test('the authority can’t speak for a name or an address on the internet', async () => {
  const ca = await authority(home);
  const stolen = await issue(ca, ['bank.example']);
  assert.match(String(await taken(stolen, ca.cert, 'bank.example')), /permitted subtree violation/);
  const address = await issue(ca, ['localhost', '8.8.8.8']);
  assert.match(String(await taken(address, ca.cert, 'localhost')), /permitted subtree violation/);
});

test('what is private is told from what is not', () => {
  for (const own of [
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.9',
    '169.254.1.1',
    'fd12::1',
    'fe80::1',
    '::1',
  ])
    assert.ok(isPrivate(own), own);
  for (const open of ['172.32.0.1', '193.168.0.1', '8.8.8.8', '2001:db8::1', '169.1.1.1'])
    assert.ok(!isPrivate(open), open);
  assert.ok(namesHere().includes('localhost'));
});

test('the plain page hands out the authority, and sends everything else to HTTPS', async () => {
  const ca = await authority(home);
  const server = trustServer(ca.cert, 'https://shop.local:7070', 'http://shop.local:7071/').listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const page = await (await fetch(url)).text();
  assert.match(page, /<svg/);
  assert.match(page, /([0-9A-F]{2}:){31}/);
  assert.doesNotMatch(page, /PRIVATE/);
  const der = await (await fetch(`${url}/kontor-ca.crt`)).arrayBuffer();
  assert.ok(der.byteLength > 300 && der.byteLength < 1500);
  const profile = await (await fetch(`${url}/kontor-ca.mobileconfig`)).text();
  assert.ok(profile.includes(Buffer.from(der).toString('base64')));
  const on = await fetch(`${url}/till?x=1`, { redirect: 'manual' });
  assert.equal(on.headers.get('location'), 'https://shop.local:7070/till?x=1');
  server.close();
  server.closeAllConnections();
});
