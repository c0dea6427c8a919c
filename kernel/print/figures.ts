import { decimalIn } from '../ui/base/writing.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

interface Ways {
  tag: string;
  decimals: number;
  time_zone: string;
}

/**
 * A document's data as it is written in that language. The name of a value says what it is, as in
 * tables: `…_amount` and `…_price` are money, `…_fraction` a share, `…_at` a moment in the time zone
 * that the data names, `quantity` a figure.
 */
export function written(data: Record<string, unknown>, tag: string): Json {
  const decimals = Number(data.decimals ?? 2);
  const time_zone = String(data.time_zone ?? 'UTC');
  return inWriting(data as Json, '', { tag, decimals, time_zone });
}

function inWriting(value: Json, name: string, ways: Ways): Json {
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((one) => inWriting(one, name, ways));
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, inWriting(one, key, ways)]),
    );
  }
  const { tag, decimals } = ways;
  if (/(^|_)(amount|price)$/.test(name)) return bare(money(String(value), tag, decimals));
  if (/(^|_)quantity$/.test(name)) return bare(decimalIn(tag, value));
  if (/_fraction$/.test(name)) return bare(share(String(value), tag));
  if (/_at$/.test(name)) return moment(String(value), ways);
  return value;
}

/** Without the marks of direction that some languages put before a minus: a template isolates figures. */
const bare = (figure: string): string => figure.replace(/[\u061c\u200e\u200f]/g, '');

/** Never fewer decimals than the currency has, and more only where a price has them. */
function money(value: string, tag: string, decimals: number): string {
  const own = /\.(\d*?)0*$/.exec(value)?.[1]?.length ?? 0;
  return decimalIn(tag, value, Math.max(own, decimals));
}

const share = (value: string, tag: string): string =>
  new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 3 }).format(
    value as `${number}`,
  );

const moment = (value: string, { tag, time_zone }: Ways): string =>
  new Intl.DateTimeFormat(tag, {
    ...({ day: 'numeric', month: 'short', year: 'numeric' } as const),
    ...({ hour: '2-digit', minute: '2-digit' } as const),
    timeZone: time_zone,
  }).format(new Date(value));
