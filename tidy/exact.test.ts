import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sources } from './files.ts';

// Where a figure is drawn, or a share of two is rounded to whole per cent, nothing is booked by it.
const DRAWN = new Set(['modules/sales/dashboard/figures.ts']);

test('screens add and take away amounts and quantities exactly, not as floats', () => {
  const float = /Number\((?:[^()]|\([^()]*\))*\)\s*[-+]|[-+]\s*Number\(/;
  const wrong: string[] = [];
  for (const { path, text } of sources('modules/**/*.{ts,tsx}')) {
    if (path.endsWith('.test.ts') || path.endsWith('/demo.ts') || DRAWN.has(path)) continue;
    for (const [at, line] of text.split('\n').entries())
      if (float.test(line) && !/\bsort|toSorted/.test(line))
        wrong.push(`${path}:${at + 1} ${line.trim()}: use plus and minus`);
  }
  assert.deepEqual(wrong, []);
  assert.match('String(Number(a.quantity) + Number(b))', float);
});
