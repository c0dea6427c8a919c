import { tag } from './i18n.ts';
import { decimalIn, periodIn, plainIn } from './writing.ts';
import { timeZone } from './zone.ts';

/** A decimal string in the person's way of writing, with a true minus; never through a float. */
export const decimal = (value: unknown, places?: number, most = 6): string =>
  decimalIn(tag(), value, places, most);

export const money = (value: unknown, decimals = 2) => decimal(value, decimals);

export function percent(fraction: unknown): string {
  if (fraction === null || fraction === undefined || fraction === '') return '';
  return `${decimal(String(Math.round(Number(fraction) * 1e7) / 1e5))} %`;
}

/** Short and unambiguous: 3 Nov 2026. */
export function day(value: unknown): string {
  const text = String(value ?? '');
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (!found) return text;
  const date = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])));
  return new Intl.DateTimeFormat(tag(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(date);
}

/** A moment by the shop's clock, or by that of the zone which is said. */
export function moment(value: unknown, zone = timeZone()): string {
  const date = new Date(String(value ?? ''));
  if (Number.isNaN(date.getTime())) return String(value ?? '');
  return new Intl.DateTimeFormat(tag(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(date);
}

/** A moment by the shop's clock alone where it is of today, else with its day. */
export function clock(at: Date, now = new Date()): string {
  if (isoDay(at, timeZone()) !== isoDay(now, timeZone())) return moment(at.toISOString());
  const shape = { hour: '2-digit', minute: '2-digit', timeZone: timeZone() } as const;
  return new Intl.DateTimeFormat(tag(), shape).format(at);
}

/** How long ago, in words; days and more by their date. */
export function ago(value: unknown, now = Date.now()): string {
  const at = new Date(String(value ?? '')).getTime();
  const minutes = Math.round((now - at) / 60_000);
  const words = new Intl.RelativeTimeFormat(tag(), { numeric: 'auto' });
  if (minutes < 1) return words.format(0, 'second');
  if (minutes < 60) return words.format(-minutes, 'minute');
  if (minutes < 24 * 60) return words.format(-Math.round(minutes / 60), 'hour');
  return day(isoDay(new Date(at), timeZone()));
}

/** `2026-11` as Nov 2026; days as day and month. */
export const period = (value: unknown): string => periodIn(tag(), value);

/** Days from one to another, short: 1 – 7 Nov 2026; one day stands alone. */
export function dayRange(from: string, to: string): string {
  const shape = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  const at = (text: string) => new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return new Intl.DateTimeFormat(tag(), shape).formatRange(at(from), at(to));
}

/** The calendar day of a moment in a store's time zone, as 2026-11-03. */
export function isoDay(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }).format(at);
}

/** `0.0825` as `8.25`, moved by its digits so that nothing is lost. */
export function fractionToPercent(fraction: string): string {
  return moved(fraction, 2);
}

export function percentToFraction(percentage: string): string {
  return moved(plainNumber(percentage), -2);
}

/** What a person types as a number, as the server reads it. */
export const plainNumber = (text: string): string => plainIn(tag(), text);

function moved(text: string, places: number): string {
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!found || text.trim() === '') return text;
  const whole = (found[2] ?? '').padStart(places < 0 ? 1 - places : 1, '0');
  const rest = (found[3] ?? '').padEnd(Math.max(places, 0), '0');
  const digits = whole + rest;
  const point = whole.length + places;
  const fraction = digits.slice(point).replace(/0+$/, '');
  const front = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  return `${found[1]}${front}${fraction ? `.${fraction}` : ''}`;
}
