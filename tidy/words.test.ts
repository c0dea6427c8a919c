import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sources } from './files.ts';

// Written so that this file doesn't hold them itself.
const FORBIDDEN: [string, RegExp][] = [
  [
    'a note instead of the work',
    new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`),
  ],
  [
    'a path of one machine',
    /(^|[\s"'`(=:])(\/(work|workspace|Users)\/|\/home\/[a-z]+\/|[A-Z]:\\\\?Users)/m,
  ],
  ['what was left from looking', /\bconsole\.log\('(here|test|debug)|\bdebugger\b/],
];

test('no word stands in the project that must not', () => {
  const files = sources(
    '{*,.ci/*,{kernel,modules,apps,tidy,bench,bootstrap,docs}/**/*}.{ts,tsx,sql,css,cjs,md,json,html}',
  );
  const found = files.flatMap(({ path, text }) =>
    FORBIDDEN.filter(([, word]) => path !== 'package-lock.json' && word.test(text)).map(
      ([what, word]) => `${path}: ${what} (${word.exec(text)?.[0].trim()})`,
    ),
  );
  assert.deepEqual(found, []);
});
