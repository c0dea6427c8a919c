import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makePlace } from './fixture.ts';

const place = makePlace('service');
after(() => place.close());

test('the unit starts this Kontor with this home, and systemd takes it', async () => {
  const home = join(place.folder, 'a "home" 100%');
  const env = { KONTOR_HOME: home, PORT: '7444', DATABASE_URL: 'postgres://a:secret@b/c' };
  const { code, out, err } = await place.kontor(['service', 'install', '--print', '--lan'], {
    env,
  });
  assert.equal(code, 0, err);
  assert.match(out, /^ExecStart=".*\/kontor" start --lan$/m);
  assert.match(out, /^Environment="KONTOR_HOME=.*a \\"home\\" 100%%"$/m);
  assert.match(out, /^Environment="PORT=7444"$/m);
  assert.match(out, /^RestartForceExitStatus=75$/m);
  assert.doesNotMatch(out, /secret@/);
  assert.ok(!existsSync(home), 'showing it makes nothing');
  const verify = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);
  if (!verify) return;
  const unit = join(place.folder, 'kontor.service');
  writeFileSync(unit, out);
  const { status, stderr } = spawnSync(verify, ['verify', unit], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('where there is no systemd, it says what to run instead', async (t) => {
  if (existsSync('/run/systemd/system')) return t.skip('this machine runs systemd');
  for (const verb of ['install', 'remove']) {
    const { code, err } = await place.kontor(['service', verb]);
    assert.equal(code, 1);
    assert.match(err, /no systemd here.*kontor start/);
  }
});
