import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules, operations } from '../kernel/modules.ts';
import { sources, withoutComments } from './files.ts';

const PERMISSION = /(?:\bmay|\bmy_stores)\('{1,2}([a-z_]+\.[a-z_]+)'{1,2}\)/g;
const BOUND = /\b(?:bind|bind_to_store)\('[^']+'((?:,\s*'[a-z_.]+')+)\)/g;
const GUARDED = /\breadable\('[^']+',\s*array\[[^\]]*\],\s*'([a-z_.]+)'\)/g;

test('a permission has a sentence, and its module’s name before it', async () => {
  for (const m of await modules()) {
    for (const [permission, sentence] of Object.entries(m.permissions)) {
      assert.match(sentence, /^[A-Z].{8,}\.$/, permission);
      assert.ok(permission.startsWith(`${m.name}.`), `${permission} is declared by ${m.name}`);
    }
  }
});

test('a permission that is used is declared, and one that is declared is used', async () => {
  const all = await modules();
  const declared = new Set(all.flatMap((m) => Object.keys(m.permissions)));
  const used = new Map<string, string>();
  for (const m of all) {
    for (const list of Object.values(m.roles))
      for (const p of list) used.set(p, `${m.name}’s roles`);
    for (const entry of m.menu)
      if (entry.permission) used.set(entry.permission, `${m.name}’s menu`);
  }
  const asked = new Map<string, string>();
  for (const o of (await operations()).values()) asked.set(o.permission, o.name);
  for (const { path, text } of sources('{kernel,modules}/**/*.sql')) {
    const sql = withoutComments(text);
    for (const m of sql.matchAll(PERMISSION)) asked.set(m[1] as string, path);
    for (const m of sql.matchAll(GUARDED)) asked.set(m[1] as string, path);
    for (const m of sql.matchAll(BOUND)) {
      for (const p of (m[1] as string).matchAll(/'([a-z_.]+)'/g)) asked.set(p[1] as string, path);
    }
    const head = /^-- permission: ([a-z_.]+)/m.exec(text)?.[1];
    if (head) asked.set(head, path);
  }
  const undeclared = [...used, ...asked].filter(([p]) => !declared.has(p));
  assert.deepEqual(undeclared, []);
  const granted = [...declared].filter((p) => !used.has(p));
  assert.deepEqual(granted, [], 'permissions that no role has');
});

test('an operation has an example and a story', async () => {
  const stories = sources('{kernel,modules,apps}/**/*.test.ts')
    .map((f) => f.text)
    .join('\n');
  const wrong: string[] = [];
  const made = new Map<string, boolean>();
  for (const { name, example } of (await operations()).values()) {
    const [module, document, verb] = name.split('.');
    const command = new RegExp(
      `^kontor (${module} ${document} ${verb}|user )`.replaceAll('_', '[_-]'),
    );
    if (!command.test(example)) wrong.push(`${name} has no example of itself: ${example}`);
    const told =
      stories.includes(`'${name}'`) || stories.includes(`${module}/${document}/${verb}'`);
    // Those that are made from the catalogue are one operation each, for many tables.
    if (/^(create|change|archive|restore|create_many|change_many|undo_many)$/.test(verb ?? ''))
      made.set(verb ?? '', told || made.get(verb ?? '') === true);
    else if (!told) wrong.push(`${name} has no story`);
  }
  for (const [verb, told] of made) if (!told) wrong.push(`…${verb} has no story`);
  assert.deepEqual(wrong, []);
});

test('a refusal that SQL makes has a sentence, and a sentence is refused somewhere', async () => {
  const registered = new Set((await modules()).flatMap((m) => Object.keys(m.refusals ?? {})));
  const { isRegistered } = await import('../kernel/problem.ts');
  await import('../kernel/sentences.ts');
  const refused = new Set<string>();
  for (const { text } of sources('{kernel,modules}/**/*.sql')) {
    for (const m of withoutComments(text).matchAll(/\brefuse\(\s*'([a-z_]+)'/g))
      refused.add(m[1] as string);
  }
  assert.deepEqual(
    [...refused].filter((code) => !isRegistered(code)),
    [],
  );
  const code = sources('{kernel,modules,apps}/**/*.ts')
    .map((f) => f.text)
    .join('\n');
  const silent = [...registered].filter(
    (r) => !refused.has(r) && !code.includes(`problem('${r}'`) && !code.includes(`'${r}',`),
  );
  assert.deepEqual(silent, []);
});
