import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTime } from './cron.ts';

const next = (cron: string, zone: string, from: string) =>
  nextTime(cron, zone, new Date(from)).toISOString();

test('a cron line comes at the time of its zone', () => {
  const from = '2026-11-21T09:00:00Z';
  const said: [string, string, string][] = [
    ['15 3 * * *', 'UTC', '2026-11-22T03:15:00.000Z'],
    ['15 3 * * *', 'Asia/Kolkata', '2026-11-21T21:45:00.000Z'],
    ['*/20 * * * *', 'UTC', '2026-11-21T09:20:00.000Z'],
    ['0 8-10/2,23 * * *', 'UTC', '2026-11-21T10:00:00.000Z'],
    ['0 0 1 * *', 'UTC', '2026-12-01T00:00:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2028-02-29T00:00:00.000Z'],
    ['0 7 * * 1-5', 'UTC', '2026-11-23T07:00:00.000Z'],
    ['0 7 * * 7', 'UTC', '2026-11-22T07:00:00.000Z'],
    // Where both days are named, either is enough.
    ['0 7 24 * 7', 'UTC', '2026-11-22T07:00:00.000Z'],
  ];
  for (const [cron, zone, wanted] of said) assert.equal(next(cron, zone, from), wanted, cron);
});

test('an hour that is skipped comes after the jump, one that comes twice counts once', () => {
  const zone = 'America/New_York';
  assert.equal(next('30 2 * * *', zone, '2026-03-08T05:00:00Z'), '2026-03-08T07:30:00.000Z');
  assert.equal(next('30 1 * * *', zone, '2026-11-01T04:00:00Z'), '2026-11-01T05:30:00.000Z');
  assert.equal(next('30 1 * * *', zone, '2026-11-01T05:30:00Z'), '2026-11-02T06:30:00.000Z');
});

test('what is no cron line, or never comes, is refused', () => {
  const wrong = [
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    'a * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
  ];
  for (const cron of [...wrong, '0 0 31 2 *']) {
    assert.throws(() => nextTime(cron, 'UTC', new Date()), Error, cron);
  }
});
