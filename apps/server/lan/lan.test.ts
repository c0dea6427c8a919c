import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { after, test } from 'node:test';
import { makePlace } from '../../cli/stories/fixture.ts';

const place = makePlace('lan');
let server: ChildProcess | undefined;
after(async () => {
  await stopped();
  await place.close();
});

async function stopped(): Promise<void> {
  if (!server || server.exitCode !== null) return;
  const gone = new Promise((resolve) => server?.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
}

async function started(...flags: string[]): Promise<string> {
  server = place.spawn(['start', '--port', '0', ...flags]);
  let out = '';
  return await new Promise<string>((resolve, reject) => {
    server?.stdout?.on('data', (part) => {
      out += part;
      const whole = flags.includes('--lan') ? /([0-9A-F]{2}:){31}/ : /Kontor is at/;
      if (whole.test(out)) resolve(out);
    });
    server?.once('exit', () => reject(new Error(out)));
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const ask = (url: string, ca: string, host: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { ca, servername: host, agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });

test('with --lan a device that trusts the shop reaches it by HTTPS; one that doesn’t is led there', async () => {
  const said = await started('--lan');
  const { port } = new URL(/Kontor is at (\S+)/.exec(said)?.[1] ?? '');
  const trust = new URL(/opens (\S+) and/.exec(said)?.[1] ?? '').port;
  const fingerprint = /([0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(said)?.[0] ?? '';
  assert.equal(Number(trust), Number(port) + 1);
  const bytes = Buffer.from(
    await (await fetch(`http://127.0.0.1:${trust}/kontor-ca.crt`)).arrayBuffer(),
  );
  const hash = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  assert.equal(hash, fingerprint.replaceAll(':', ''), 'what is printed is what is handed out');
  const ca = new X509Certificate(bytes).toString();
  const url = `https://127.0.0.1:${port}`;
  const page = await ask(url, ca, 'localhost');
  assert.equal(page.status, 200);
  assert.equal(page.headers['strict-transport-security'], undefined);
  assert.equal((await ask(`${url}/health`, ca, 'localhost')).status, 200);
  await assert.rejects(() => fetch(url), /fetch failed/);
  await assert.rejects(() => fetch(`http://127.0.0.1:${port}/`));
  await stopped();
});

test('behind a proxy it answers what came by HTTPS alone, and says so to browsers', async () => {
  const url = /Kontor is at (\S+)/.exec(await started('--behind-proxy'))?.[1] ?? '';
  const bare = await fetch(`${url}/api/v1/session`);
  assert.equal(bare.status, 403);
  assert.equal((await bare.json()).code, 'not_over_https');
  assert.equal((await fetch(`${url}/health`)).status, 200);
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
  const through = await fetch(`${url}/api/v1/session`, { headers });
  assert.equal((await through.json()).code, 'not_set_up');
  // A device of the network can't say that it is a proxy; and who it came for is the proxy's word.
  const tries = Array.from({ length: 40 }, (_, i) =>
    fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-forwarded-for': `6.6.${i}.6, 192.168.1.50`,
      },
      body: JSON.stringify({ login: 'owner', password: 'guess' }),
    }),
  );
  const statuses = (await Promise.all(tries)).map((r) => r.status);
  assert.ok(statuses.includes(429), String(statuses));
  assert.match(through.headers.get('strict-transport-security') ?? '', /max-age/);
  await stopped();
});

test('plain HTTP for others is refused, and what to do instead is said', async () => {
  const { code, err } = await place.kontor(['start'], { env: { HOST: '0.0.0.0' } });
  assert.equal(code, 1);
  assert.match(err, /--lan .*--behind-proxy .*--insecure/);
});
