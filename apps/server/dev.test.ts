import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../kernel/free_port.ts';
import { makePlace } from '../cli/stories/fixture.ts';

const place = makePlace('dev');
const folder = join(place.folder, 'modules');
let dev: ChildProcess | undefined;
let out = '';
after(async () => {
  const ended = new Promise((resolve) => dev?.once('exit', resolve));
  dev?.kill('SIGTERM');
  await ended;
  await place.close();
});

async function until(what: RegExp, from = 0): Promise<RegExpExecArray> {
  for (let tries = 0; tries < 600; tries++) {
    const found = what.exec(out.slice(from));
    if (found) return found;
    await wait(100);
  }
  assert.fail(`${what} did not come: ${out}`);
}

function edit(file: string, from: string, to: string): number {
  const path = join(folder, 'x_loans', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  return out.length;
}

test('an edit is served at once; an edited schema file makes the scratch database again', async () => {
  const port = await freePort();
  const env = { ...process.env, KONTOR_HOME: place.home, KONTOR_MODULES: folder, PORT: `${port}` };
  await place.kontor(['module', 'new', 'loans'], { env: { KONTOR_MODULES: folder } });
  dev = spawn(process.execPath, [join(import.meta.dirname, 'dev.ts'), '--empty'], { env });
  for (const stream of [dev.stdout, dev.stderr]) {
    stream?.on('data', (part) => {
      out += part;
    });
  }
  await until(/Kontor is at http/);
  const url = `http://127.0.0.1:${port}`;
  const { token } = (await (
    await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'owner', password: 'Demo-Shop-1', bearer: true }),
    })
  ).json()) as { token: string };
  const finish = async () => {
    const api = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
      paths: Record<string, { post: { summary: string } }>;
    };
    return api.paths['/x_loans/item/finish']?.post.summary;
  };
  assert.equal(await finish(), 'Finish');
  assert.match(await (await fetch(url)).text(), /@vite\/client/);

  const edited = edit('item.ts', `'Finish'`, `'Hand back'`);
  await until(/Reloaded in \d+ ms/, edited);
  assert.equal(await finish(), 'Hand back');
  const list = (path: string) =>
    fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await list('x_loans/item')).status, 200, 'the session goes on');

  const broken = edit('item.ts', 'operation({', 'operation({{');
  await until(/x_loans can’t be loaded/, broken);
  const mended = edit('item.ts', 'operation({{', 'operation({');
  await until(/Reloaded in/, mended);

  const column = edit(
    'schema/001_item.sql',
    '  note        text,',
    '  note        text, colour text,',
  );
  await until(/made again[\s\S]*Reloaded in/, column);
  assert.equal((await list('x_loans/item')).status, 401, 'it is a new database');
});
