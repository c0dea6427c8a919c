/** The fields of a cron line as sets: minute, hour, day of the month, month, weekday (0 Sunday). */
interface Times {
  minute: Set<number>;
  hour: Set<number>;
  day: Set<number>;
  month: Set<number>;
  weekday: Set<number>;
  /** Where both days are given, either is enough, as cron has always had it. */
  eitherDay: boolean;
}

const RANGES = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [0, 7] };
const MOST_YEARS = 8;

/**
 * The next moment after `from` that a cron line names in a time zone. An hour that summer time skips
 * comes when the clock has jumped; one that comes twice counts once.
 * Throws an Error where the line is no cron line, or names no day of the next eight years.
 */
export function nextTime(cron: string, timeZone: string, from: Date): Date {
  const times = parse(cron);
  const start = Temporal.Instant.fromEpochMilliseconds(from.getTime());
  let at = start.toZonedDateTimeISO(timeZone).toPlainDateTime().round({
    smallestUnit: 'minute',
    roundingMode: 'floor',
  });
  const last = at.add({ years: MOST_YEARS });
  for (;;) {
    at = forward(at, times, last, cron);
    const found = at.toZonedDateTime(timeZone).toInstant();
    if (Temporal.Instant.compare(found, start) > 0) return new Date(found.epochMilliseconds);
  }
}

/** The next minute of the wall clock that fits; whole months, days and hours are passed over. */
function forward(
  from: Temporal.PlainDateTime,
  times: Times,
  last: Temporal.PlainDateTime,
  cron: string,
): Temporal.PlainDateTime {
  let at = from.add({ minutes: 1 });
  while (Temporal.PlainDateTime.compare(at, last) < 0) {
    if (!times.month.has(at.month)) at = at.with({ day: 1, hour: 0, minute: 0 }).add({ months: 1 });
    else if (!dayFits(at, times)) at = at.with({ hour: 0, minute: 0 }).add({ days: 1 });
    else if (!times.hour.has(at.hour)) at = at.with({ minute: 0 }).add({ hours: 1 });
    else if (!times.minute.has(at.minute)) at = at.add({ minutes: 1 });
    else return at;
  }
  throw new Error(`“${cron}” never comes.`);
}

function dayFits(at: Temporal.PlainDateTime, { day, weekday, eitherDay }: Times): boolean {
  const byWeek = weekday.has(at.dayOfWeek % 7);
  return eitherDay ? day.has(at.day) || byWeek : day.has(at.day) && byWeek;
}

function parse(cron: string): Times {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error(`“${cron}” is no cron line: five fields are needed.`);
  const sets = Object.entries(RANGES).map(([name, [least = 0, most = 0]], i) => [
    name,
    field(fields[i] ?? '', least, most, cron),
  ]);
  const times = Object.fromEntries(sets) as Omit<Times, 'eitherDay'>;
  if (times.weekday.delete(7)) times.weekday.add(0);
  return { ...times, eitherDay: fields[2] !== '*' && fields[4] !== '*' };
}

/** One field: `*`, numbers, ranges, steps, between commas. */
function field(text: string, least: number, most: number, cron: string): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, star, from, to, step] =
      /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    const first = star ? least : Number(from ?? Number.NaN);
    const end = star || (step && to === undefined) ? most : Number(to ?? from);
    const by = Number(step ?? 1);
    if (!(first >= least && end <= most && first <= end && by > 0)) {
      throw new Error(`“${cron}” is no cron line: ${part} is not between ${least} and ${most}.`);
    }
    for (let n = first; n <= end; n += by) found.add(n);
  }
  return found;
}
