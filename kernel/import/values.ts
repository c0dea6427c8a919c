import type { Cell, Field, FieldType } from './types.ts';

/** What is wrong with the value at a place of a column; told once for a column, then without code. */
export interface Wrong {
  index: number;
  code: string;
}

/** A column's values in the form that the database takes, by a format decided over all of them. */
export function readValues(
  values: Cell[],
  type: FieldType,
  delimiter: string,
  format?: Field['format'],
): { values: Cell[]; wrong: Wrong[] } {
  if (type === 'number' || type === 'integer') return numbers(values, type, delimiter);
  if (type === 'date' || type === 'timestamp') return dates(values);
  if (type === 'boolean') return each(values, 'boolean_wrong', truth);
  if (format === 'email')
    return each(values, 'email_wrong', (v) => (EMAIL.test(v) ? v : undefined));
  if (format === 'phone') return each(values, 'phone_wrong', telephone);
  return each(values, 'text_nul', (v) => (v.includes('\u0000') ? undefined : v));
}

function each(values: Cell[], code: string, read: (value: string) => string | undefined) {
  const wrong: Wrong[] = [];
  const out = values.map((value, index) => {
    if (value === null) return null;
    const good = read(value);
    if (good === undefined) wrong.push({ index, code });
    return good ?? null;
  });
  return { values: out, wrong };
}

// As an address is asked for where a letter is sent.
const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;

/** Digits as people part them, perhaps with an extension; at least three of them. */
function telephone(value: string): string | undefined {
  const bare = value.replace(/\b(tel|phone|ext|extension|x)\b\.?|(?<=\d)x(?=\d)/gi, '');
  const digits = bare.replace(/\D/g, '').length;
  return /^[\d\s+()/.\-–,;:#*\u00a0]+$/.test(bare) && digits >= 3 && digits <= 20
    ? value
    : undefined;
}

function truth(value: string): string | undefined {
  if (/^(1|1\.0|true|t|yes|y|on|active|ja|oui|si|sí)$/i.test(value)) return 'true';
  if (/^(0|0\.0|false|f|no|n|off|inactive|nein|non)$/i.test(value)) return 'false';
  return undefined;
}

const BARE = /[\s\u00a0\u202f'’]/g;
// Signs of currencies, and their codes before or after the figure.
const CURRENCY = /^(?:[A-Z]{3}(?=[\d\s.,-])|\p{Sc}|Rs\.?|kr\.?)\s*|\s*(?:[A-Z]{3}|\p{Sc}|kr\.?)$/gu;

function numbers(values: Cell[], type: 'number' | 'integer', delimiter: string) {
  const bare = values.map((v) => (v === null ? null : bareNumber(v)));
  const mark = decimalMark(bare, delimiter);
  let told = false;
  const wrong: Wrong[] = [];
  const out = bare.map((text, index) => {
    if (text === null) return null;
    if (mark === 'unclear' && /^-?\d{1,3}[.,]\d{3}%?$/.test(text)) {
      wrong.push({ index, code: told ? '' : 'number_ambiguous' });
      told = true;
      return null;
    }
    const good = exact(text, mark === ',' ? ',' : '.');
    if (good === undefined) wrong.push({ index, code: 'number_wrong' });
    else if (type === 'integer' && !/^-?\d+(\.0+)?$/.test(good))
      wrong.push({ index, code: 'integer_wrong' });
    else return type === 'integer' ? good.replace(/\.0+$/, '') : good;
    return null;
  });
  return { values: out, wrong };
}

function bareNumber(value: string): string {
  let text = value.replace(CURRENCY, '').replace(BARE, '');
  const owed = /^\((.*)\)$/.exec(text) ?? /^(.*\d)-$/.exec(text);
  if (owed) text = `-${owed[1]!.replace(CURRENCY, '')}`;
  return text.replace(/^(-?)\p{Sc}/u, '$1');
}

/** Which mark parts whole from decimals; values that can only be read one way decide. */
function decimalMark(values: Cell[], delimiter: string): '.' | ',' | 'unclear' {
  const votes = { '.': 0, ',': 0 };
  let open = false;
  for (const text of values) {
    if (text === null) continue;
    const marks = text.replace(/[^.,]/g, '');
    if (marks === '') continue;
    const last = marks.at(-1) as '.' | ',';
    const other = last === '.' ? ',' : '.';
    if (marks.includes(other)) votes[last] += 1;
    else if (marks.length > 1) votes[other] += 1;
    else if (!/^-?[1-9]\d{0,2}[.,]\d{3}%?$/.test(text)) votes[last] += 1;
    // In a file parted by commas a lone point is a decimal point: nothing else writes so.
    else if (last === ',' || delimiter === ';') open = true;
  }
  if (votes['.'] === votes[',']) return open ? 'unclear' : '.';
  return votes[','] > votes['.'] ? ',' : '.';
}

function exact(text: string, mark: '.' | ','): string | undefined {
  const grouped =
    mark === ',' ? /^-?\d{1,3}(\.\d{3})+(,\d*)?%?$/ : /^-?\d{1,3}(,\d{3})+(\.\d*)?%?$/;
  const plain = mark === ',' ? /^-?\d*(,\d+)?%?$/ : /^-?\d*(\.\d+)?%?$/;
  if (!/\d/.test(text) || !(grouped.test(text) || plain.test(text))) return undefined;
  const figure = text
    .replaceAll(mark === ',' ? '.' : ',', '')
    .replace(',', '.')
    .replace(/\.$/, '');
  return figure.endsWith('%') ? hundredth(figure.slice(0, -1)) : figure;
}

function hundredth(figure: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(figure) ?? [];
  const padded = whole.padStart(3, '0');
  return `${sign}${padded.slice(0, -2)}.${padded.slice(-2)}${rest}`;
}

type Order = 'dmy' | 'mdy' | 'unclear';

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ]\d{1,2}:\d{2}.*)?$/;
const PARTS = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})( \d{1,2}:\d{2}.*)?$/;

function dates(values: Cell[]) {
  const order = dateOrder(values);
  let told = false;
  const wrong: Wrong[] = [];
  const out = values.map((value, index) => {
    if (value === null) return null;
    const date = oneDate(value, order);
    if (date === 'unclear') {
      wrong.push({ index, code: told ? '' : 'date_ambiguous' });
      told = true;
      return null;
    }
    if (!date) wrong.push({ index, code: 'date_wrong' });
    return date ?? null;
  });
  return { values: out, wrong };
}

/** Whether the day or the month comes first where both are possible; points mean the day does. */
function dateOrder(values: Cell[]): Order {
  let dmy = 0;
  let mdy = 0;
  for (const value of values) {
    const parts = value === null ? null : PARTS.exec(value);
    if (!parts || parts[2] === '.') continue;
    if (Number(parts[1]) > 12) dmy += 1;
    else if (Number(parts[3]) > 12) mdy += 1;
  }
  if (dmy > 0 === mdy > 0) return 'unclear';
  return dmy > 0 ? 'dmy' : 'mdy';
}

function oneDate(value: string, order: Order): string | 'unclear' | undefined {
  const iso = ISO.exec(value);
  if (iso) return onCalendar(iso[1]!, iso[2]!, iso[3]!, iso[4]);
  const parts = PARTS.exec(value);
  if (!parts) return undefined;
  const [, first = '', mark, second = '', year = '', time] = parts;
  const full = year.length === 4 ? year : `${Number(year) < 70 ? 20 : 19}${year}`;
  if (mark === '.' || order === 'dmy') return onCalendar(full, second, first, time);
  if (order === 'mdy') return onCalendar(full, first, second, time);
  if (Number(first) > 12) return onCalendar(full, second, first, time);
  if (Number(second) > 12 || Number(first) === Number(second))
    return onCalendar(full, first, second, time);
  return 'unclear';
}

function onCalendar(year: string, month: string, day: string, time = ''): string | undefined {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const there = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(there.getTime()) || there.toISOString().slice(0, 10) !== date) return undefined;
  return date + time;
}
