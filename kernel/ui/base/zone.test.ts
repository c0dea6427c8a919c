import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTheWall, keepZone, onTheWall, timeZone } from './zone.ts';

const at = (text: string) => new Date(text);

test('a moment is said as the clocks of the shop say it, and read back', () => {
  for (const [moment, where, wall] of [
    ['2026-11-03T23:37:00Z', 'Asia/Kolkata', '2026-11-04T05:07'],
    ['2026-07-01T12:00:00Z', 'Europe/Berlin', '2026-07-01T14:00'],
    ['2026-12-01T12:00:00Z', 'America/New_York', '2026-12-01T07:00'],
    // An hour after clocks were put forward, and one after they were put back.
    ['2026-03-08T07:30:00Z', 'America/New_York', '2026-03-08T03:30'],
    ['2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01T01:30'],
  ] as const) {
    assert.equal(onTheWall(at(moment), where), wall);
    assert.equal(onTheWall(fromTheWall(wall, where), where), wall);
  }
  assert.equal(
    fromTheWall('2026-11-04T05:07', 'Asia/Kolkata').toISOString(),
    '2026-11-03T23:37:00.000Z',
  );
});

test('the zone is that of the store one works in, or the one that most have', () => {
  const stores = [
    { id: 'a', time_zone: 'Asia/Kolkata' },
    { id: 'b', time_zone: 'Asia/Tokyo' },
  ];
  keepZone(stores, 'b');
  assert.equal(timeZone(), 'Asia/Tokyo');
  keepZone([...stores, { id: 'c', time_zone: 'Asia/Tokyo' }], '');
  assert.equal(timeZone(), 'Asia/Tokyo');
  keepZone(stores, '');
  assert.equal(timeZone(), 'Asia/Kolkata');
  keepZone([], '');
  assert.equal(timeZone(), undefined);
});
