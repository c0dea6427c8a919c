import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../kernel/modules.ts';

test('nothing is exported or kept that nobody uses, and nothing is used that isn’t declared', () => {
  const knip = join(root, 'node_modules', 'knip', 'bin', 'knip.js');
  const kinds = 'exports,types,files,unlisted,unresolved,duplicates';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [knip, '--include', kinds, '--no-config-hints', '--no-progress'],
    { cwd: root, encoding: 'utf8' },
  );
  assert.equal(status, 0, `${stdout}${stderr}`);
});
