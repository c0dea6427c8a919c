import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sources } from './files.ts';

const MOST_LINES = 600;

test('no file by hand is longer than 600 lines', () => {
  const long = sources('**/*.{ts,tsx,sql,css,cjs}')
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > MOST_LINES);
  assert.deepEqual(long, []);
});

test('files are small enough to see: the middle one at most 100 lines, nine of ten at most 300', () => {
  const lines = sources('{kernel,modules,apps}/**/*.{ts,tsx,sql}')
    .map(({ text }) => text.split('\n').length)
    .sort((a, b) => a - b);
  const at = (share: number) => lines[Math.floor(lines.length * share)] ?? 0;
  assert.ok(at(0.5) <= 100, `the middle one has ${at(0.5)}`);
  assert.ok(at(0.9) <= 300, `nine of ten have up to ${at(0.9)}`);
});
