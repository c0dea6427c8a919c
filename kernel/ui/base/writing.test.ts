import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainIn } from './writing.ts';

const typed: [string, string, string][] = [
  ['en', '1,5', '1.5'],
  ['en', '1,000', '1000'],
  ['en', '1,000,000', '1000000'],
  ['en', '1,234.56', '1234.56'],
  ['en', '1.234,56', '1234.56'],
  ['en', '0,125', '0.125'],
  ['en', '1.250', '1.250'],
  ['en', '-1 000,5', '-1000.5'],
  ['en', '\u22122.5', '-2.5'],
  ['de', '1.000', '1000'],
  ['de', '1,000', '1.000'],
  ['fr', '12\u202f345,6', '12345.6'],
  ['hi', '12,34,567', '1234567'],
  ['hi', '१२', '12'],
  ['ar-u-nu-latn', '١٬٢٣٤٫٥', '1234.5'],
  ['en', '1,2,3', '1,2,3'],
  ['en', '1.2.3', '1.2.3'],
  ['en', 'ten', 'ten'],
];

test('a number is read as people write it, and what is none stays as it was typed', () => {
  for (const [tag, text, plain] of typed) assert.equal(plainIn(tag, text), plain, `${tag} ${text}`);
});
