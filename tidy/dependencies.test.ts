import assert from 'node:assert/strict';
import { dirname, posix } from 'node:path';
import { test } from 'node:test';
import { kernelModules } from '../kernel/kernel_modules.ts';
import { modules } from '../kernel/modules.ts';
import { importsOf, sources, withoutComments } from './files.ts';

const kernel = new Set(['kernel', 'extension', ...kernelModules.map((m) => m.name)]);

/** Schemas that a text names, such as `pos.receipt` or `pos_logic.post`. */
function schemasIn(text: string, known: Iterable<string>): Set<string> {
  const name = new RegExp(`(?<![\\w.'/-])'*(${[...known].join('|')})(_logic)?\\.[a-z_]+\\b`, 'g');
  return new Set([...text.matchAll(name)].map((m) => m[1] as string));
}

test('a module uses the kernel and what it depends on, nothing else', async () => {
  const business = (await modules()).filter((m) => !kernel.has(m.name));
  const names = business.map((m) => m.name);
  const wrong: string[] = [];
  for (const { name, depends } of business) {
    const allowed = new Set([name, ...depends]);
    const files = sources(`modules/${name}/**/*.{ts,tsx,sql}`);
    for (const file of files.filter((f) => !/\.test\.ts$|\/demo\.ts$/.test(f.path))) {
      for (const { from } of importsOf(file)) {
        if (!from.startsWith('.')) continue;
        const [top, module] = posix.join(dirname(file.path), from).split('/');
        const fine = top === 'kernel' || (top === 'modules' && allowed.has(module ?? ''));
        if (!fine) wrong.push(`${file.path} imports ${from}`);
      }
      if (!file.path.endsWith('.sql')) continue;
      for (const schema of schemasIn(withoutComments(file.text), names)) {
        if (!allowed.has(schema)) wrong.push(`${file.path} names ${schema}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

// What the kernel still knows of the business, to be taken over by something that modules register:
// where a user works. Nothing may be added.
const EXCEPTIONS = new Set([
  'kernel/identity/user.ts names master',
  'kernel/ui/base/catalogue.ts names master',
]);

test('the kernel names no business schema', async () => {
  const names = (await modules()).map((m) => m.name).filter((n) => !kernel.has(n));
  const wrong: string[] = [];
  const files = sources('kernel/**/*.{ts,tsx,sql}');
  for (const { path, text } of files.filter(
    (f) => !/\.test\.ts$|^kernel\/test\/|\/fixture\//.test(f.path),
  )) {
    const code = path.endsWith('.sql')
      ? withoutComments(text)
      : text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
    for (const schema of schemasIn(code, names)) wrong.push(`${path} names ${schema}`);
    for (const { from } of path.endsWith('.sql') ? [] : importsOf({ path, text })) {
      if (/(^|\/)modules\//.test(from)) wrong.push(`${path} imports ${from}`);
    }
  }
  assert.deepEqual(
    wrong.filter((w) => !EXCEPTIONS.has(w)),
    [],
  );
  assert.deepEqual(
    [...EXCEPTIONS].filter((e) => !wrong.includes(e)),
    [],
    'exceptions that are no more',
  );
});

test('what runs in a browser imports no server code', () => {
  const screen =
    /^(apps\/web\/src|kernel\/ui)\/|^(kernel|modules)\/\w+\/\w[\w.]*\.tsx$|^modules\/\w+\/(till|dashboard)\//;
  const shared = /^kernel\/database\/money\.ts$|^modules\/\w+\/receipt_amounts\.ts$/;
  const wrong: string[] = [];
  const pages = sources('{apps/web/src,kernel,modules}/**/*.{ts,tsx}').filter((f) =>
    screen.test(f.path),
  );
  for (const file of pages.filter((f) => !f.path.endsWith('.test.ts'))) {
    for (const { from, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      const target = from.startsWith('.') ? posix.join(dirname(file.path), from) : from;
      const server = /^(node:|pg$|fastify|@fastify|@node-rs|pino|#kernel(?!\/ui$))/.test(target);
      if (server || (from.startsWith('.') && !screen.test(target) && !shared.test(target)))
        wrong.push(`${file.path} imports ${from}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a server that idles holds no program that few use: they are imported when they are needed', () => {
  const files = new Map(sources('{apps,kernel,modules}/**/*.ts').map((f) => [f.path, f]));
  const reached = new Set<string>();
  const packages = new Set<string>();
  const reach = (path: string): void => {
    const file = files.get(path);
    if (!file || reached.has(path)) return;
    reached.add(path);
    for (const { from, typeOnly, later } of importsOf(file)) {
      if (typeOnly || later) continue;
      if (from.startsWith('.')) reach(posix.join(dirname(path), from));
      else packages.add(from);
    }
  };
  reach('apps/server/start.ts');
  assert.ok(packages.has('fastify') && packages.has('pg'), 'it follows imports');
  const heavy =
    /^(@scalar|@peculiar|bwip-js|sharp|vite|@vitejs|libpg-query|papaparse|chardet|csv-stringify|hucre|@myriaddreamin|nodemailer)/;
  assert.deepEqual(
    [...packages].filter((name) => heavy.test(name)),
    [],
  );
});

test('what runs at a shop imports nothing that only stories use', () => {
  const ofStories = /^kernel\/test\/|\/(fixture|stories)\/|\/fixture\.ts$|\.test\.ts$/;
  const wrong: string[] = [];
  for (const file of sources('{kernel,modules,apps}/**/*.{ts,tsx}')) {
    if (ofStories.test(file.path)) continue;
    for (const { from } of importsOf(file)) {
      const target = from.startsWith('.') ? posix.join(dirname(file.path), from) : from;
      if (ofStories.test(target) || target === '#kernel/test')
        wrong.push(`${file.path} imports ${from}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('no two files need each other, neither at once nor by way of others', () => {
  const files = new Map(sources('{apps,kernel,modules}/**/*.{ts,tsx}').map((f) => [f.path, f]));
  const needs = new Map<string, string[]>();
  for (const [path, file] of files) {
    const targets = importsOf(file).filter(({ typeOnly, later, from }) => {
      return !typeOnly && !later && from.startsWith('.');
    });
    needs.set(
      path,
      targets.map(({ from }) => posix.join(dirname(path), from)).filter((to) => files.has(to)),
    );
  }
  assert.deepEqual(circlesOf(needs), []);
});

/** Groups of files that reach each other (Tarjan's strongly connected components). */
function circlesOf(needs: Map<string, string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    for (const to of needs.get(path) ?? []) {
      if (!index.has(to)) visit(to);
      else if (!stack.includes(to)) continue;
      low.set(path, Math.min(low.get(path)!, low.get(to)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const path of needs.keys()) if (!index.has(path)) visit(path);
  return circles;
}
