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

/** The languages that Kontor speaks, each by its own name. */
export const SPOKEN = {
  en: 'English',
  ar: 'العربية',
  fr: 'Français',
  hi: 'हिन्दी',
  ru: 'Русский',
} as const;
export type Language = keyof typeof SPOKEN;

export const isRightToLeft = (language: string): boolean => language === 'ar';

/**
 * What `Intl` formats with; wished: a tag such as fr-CH, which holds where it is of that language.
 * Arabic keeps the digits 0 to 9: figures are compared with receipts, bar codes, files and what the
 * number fields take, and one figure in two scripts is read wrongly.
 */
export const tagOf = (language: string, wished = language): string => {
  if (language === 'ar') return 'ar-u-ca-gregory-nu-latn';
  if (language === 'hi') return 'hi-IN';
  const own = new RegExp(`^${language}(-[a-z0-9]+)*$`, 'i').test(wished);
  return own ? wished : language;
};

const groups = new Map<string, string>();

/**
 * What a person types as a number, as the server reads it: `1,5` is `1.5` and `1.234,56` is
 * `1234.56`. One mark before three digits, such as `1,000`, is read as that language writes it.
 */
export function plainIn(tag: string, text: string): string {
  // Arabic keyboards write the digits ٠ to ٩, Hindi ones ० to ९; ٫ stands before decimals and ٬ between thousands.
  const latin = text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x966))
    .replaceAll('٫', '.')
    .replaceAll('٬', '');
  const tight = latin.replace(/[\s\u00a0\u202f'’]/g, '').replace(minus, '-');
  const marks = tight.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (!last) return tight;
  const alone = marks.length === 1;
  const grouped = /^-?[1-9]\d{0,2}([.,]\d{2,3})*[.,]\d{3}$/.test(tight);
  const thousands =
    grouped && (alone ? last === groupOf(tag) : marks.every((mark) => mark === last));
  if (thousands) return tight.replaceAll(last, '');
  const other = last === ',' ? '.' : ',';
  const whole = tight.replaceAll(other, '');
  // Two marks of decimals are no number; it is refused as it was typed.
  return whole.indexOf(last) === whole.lastIndexOf(last) ? whole.replace(last, '.') : tight;
}

/** What stands between thousands in that language. */
function groupOf(tag: string): string {
  let known = groups.get(tag);
  if (known === undefined) {
    const parts = new Intl.NumberFormat(tag).formatToParts(1_234_567);
    known = parts.find(({ type }) => type === 'group')?.value ?? '';
    groups.set(tag, known);
  }
  return known;
}
