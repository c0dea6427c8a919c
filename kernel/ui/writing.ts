// How figures and days are written in a language; for browser and server alike, so nothing here asks
// for the page's own language.

const minus = '\u2212';
const formats = new Map<string, Intl.NumberFormat>();

/** A decimal string in that language's way of writing, with a true minus; never through a float. */
export function decimalIn(tag: string, value: unknown, places?: number, most = 6): string {
  if (value === null || value === undefined || value === '') return '';
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const least = places ?? 0;
  const key = `${tag}:${least}:${places ?? most}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(tag, {
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, places ?? most),
    });
    formats.set(key, format);
  }
  return format.format(text as `${number}`).replace('-', minus);
}

/** `2026-11` as Nov 2026; days as day and month. */
export function periodIn(tag: string, value: unknown): string {
  const text = String(value ?? '');
  const found = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(text);
  if (!found) return text;
  const [, year, month, date] = found;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date ?? 1)));
  const shape: Intl.DateTimeFormatOptions = date
    ? { day: 'numeric', month: 'short', timeZone: 'UTC' }
    : { month: 'short', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(tag, shape).format(at);
}

/** 1,234,567 as 1.2M, for the scale of a chart. */
export const shortIn = (tag: string, value: number): string =>
  new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 })
    .format(value)
    .replace('-', minus);

export const percentIn = (tag: string, share: number): string =>
  new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }).format(share);

/**
 * What `Intl` formats with. Every language keeps the digits 0 to 9: figures are compared with receipts, bar
 * codes, files and what the number fields take, and one figure in two scripts is read wrongly.
 */
export const tagOf = (language: string, wished = 'en'): string => {
  if (language === 'ar') return 'ar-u-ca-gregory-nu-latn';
  if (language !== 'en') return `${language}-u-nu-latn`;
  return /^en(-[a-z0-9]+)*$/i.test(wished) ? wished : 'en';
};
