import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import said from '../kernel/database/released.json' with { type: 'json' };
import { modules } from '../kernel/modules.ts';

// Which schema files a release holds, with their SHA-256: they ran at people's, and stay as they are.
const released: { file: string; sha256: string }[] = said;

test('a schema file that was released is as it was', async () => {
  const folders = new Map((await modules()).map((m) => [m.name, m.folder]));
  for (const { file, sha256 } of released) {
    const [module = '', ...path] = file.split('/');
    const text = readFileSync(join(folders.get(module) ?? '', ...path));
    assert.equal(createHash('sha256').update(text).digest('hex'), sha256, file);
  }
});
