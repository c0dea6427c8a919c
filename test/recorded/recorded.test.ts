import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { story } from '#kernel/test';
import { RECORDED } from '../../kernel/http/openapi_examples.ts';
import { root } from '../../kernel/modules.ts';
import { type Asked, play, type Step } from './play.ts';
import { scenario } from './scenario.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const own = join(RECORDED, `${version.replace(/\.\d+$/, '')}.json`);

// Until a version is released its recording may be made anew: RECORD=1 npm test -- test/recorded.
if (process.env.RECORD || !existsSync(own)) {
  story('this version’s calls are recorded', async (world) => {
    const calls: unknown[] = [];
    await play(world, scenario, (step, status, answer) => calls.push({ ...step, status, answer }));
    writeFileSync(own, `${JSON.stringify({ version, calls }, null, 2)}\n`);
  });
} else {
  for (const file of globSync(join(RECORDED, '[0-9]*.json')).sort()) {
    const steps = JSON.parse(readFileSync(file, 'utf8')).calls as Step[];
    story(
      `what was recorded in ${basename(file, '.json')} is answered as it was`,
      async (world) => {
        const each = steps.values();
        await play(world, steps as Asked[], (step, status, answer) => {
          const was = each.next().value as Step;
          const where = `${step.method} ${step.path}`;
          assert.equal(status, was.status, `${where} ${JSON.stringify(answer).slice(0, 400)}`);
          same(answer, was.answer, where);
        });
      },
    );
  }
}

const ALIKE = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/,
  /^\S{20,}$/, // tokens and cursors
];
// What a later version may add to or word anew.
const FREE =
  /\.(title|detail|message|csrf|menu|permissions|now|name|username|user|number|made_in|as_of|changed_xid)$/;

/** Everything that was answered must be answered still, with the same value or one of its kind. */
function same(now: unknown, was: unknown, where: string): void {
  if (FREE.test(where)) return;
  if (was === null || typeof was !== 'object') {
    const alike = ALIKE.some((kind) => kind.test(String(was)) && kind.test(String(now)));
    if (!alike) assert.deepEqual(now, was, where);
    return;
  }
  assert.equal(typeof now, 'object', where);
  if (Array.isArray(was)) assert.equal((now as unknown[]).length, was.length, where);
  for (const [key, value] of Object.entries(was)) {
    assert.ok(now && key in (now as object), `${where}.${key} is gone`);
    same((now as Record<string, unknown>)[key], value, `${where}.${key}`);
  }
}
