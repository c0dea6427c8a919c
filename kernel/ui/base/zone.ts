let zone: string | undefined;

/** The time zone in which moments are shown and typed: the shop's, wherever its page is read. */
export const timeZone = (): string | undefined => zone;

/**
 * Takes the zone of the store that one works in; without one that which most of one's stores have,
 * as the server does where days are asked for.
 */
export function keepZone(stores: { id: string; time_zone: string }[], chosen: string): void {
  const one = stores.find(({ id }) => id === chosen);
  const many = (zone: string) => stores.filter(({ time_zone }) => time_zone === zone).length;
  const zones = [...new Set(stores.map(({ time_zone }) => time_zone))].sort();
  zone = one?.time_zone ?? zones.sort((a, b) => many(b) - many(a))[0];
}

/** A moment as a clock on the wall says it there: 2026-11-03T19:37. */
export function onTheWall(at: Date, where = zone): string {
  const shape = { dateStyle: 'short', timeStyle: 'short', timeZone: where } as const;
  return new Intl.DateTimeFormat('sv-SE', shape).format(at).replace(' ', 'T');
}

/** The moment at which a clock on the wall says that there. */
export function fromTheWall(said: string, where = zone): Date {
  const wanted = Date.parse(`${said.slice(0, 16)}Z`);
  // Twice, for the clock may have been put forward or back between the guess and the moment.
  let at = wanted;
  for (let tries = 0; tries < 2; tries++) {
    at += wanted - Date.parse(`${onTheWall(new Date(at), where)}Z`);
  }
  return new Date(at);
}
