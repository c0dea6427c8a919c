import { problem } from '../problem.ts';

/** The zone that was asked for, or that which most of these stores have. Error: parameter_wrong. */
export function zoneOf(stores: { time_zone: string }[], asked?: string): string {
  const many = (zone: string) => stores.filter(({ time_zone }) => time_zone === zone).length;
  const zones = [...new Set(stores.map(({ time_zone }) => time_zone))].sort();
  const zone = asked ?? zones.sort((a, b) => many(b) - many(a))[0] ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw problem('parameter_wrong', {
      parameter: 'time_zone',
      why: 'must be the name of a time zone, such as America/New_York',
    });
  }
}
