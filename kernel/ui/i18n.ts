import { i18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';

export type Locale = 'en' | 'pseudo' | 'pseudo-rtl';
type Values = Record<string, unknown>;

const key = 'kontor-lang';
export const locales: Locale[] = ['en', 'pseudo', 'pseudo-rtl'];

/** The text of this message in the language of the page; ICU: `{n, plural, one {…} other {…}}`. */
export function t(message: string, values?: Values): string {
  return i18n._({ id: message, message, values });
}

/** Language of the page: `?lang=` wins and is remembered. */
export function chosenLocale(): Locale {
  const asked = new URLSearchParams(location.search).get('lang');
  const found = locales.find((locale) => locale === (asked ?? localStorage.getItem(key)));
  return found ?? 'en';
}

export function activate(locale: Locale): void {
  localStorage.setItem(key, locale);
  i18n.setMessagesCompiler((message) =>
    locale === 'en' ? compileMessage(message) : compileMessage(message, accented),
  );
  i18n.loadAndActivate({ locale: locale === 'en' ? 'en' : 'en-XA', messages: {} });
  document.documentElement.lang = 'en';
  document.documentElement.dir = direction(locale);
}

export function direction(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'pseudo-rtl' ? 'rtl' : 'ltr';
}

/** What `Intl` formats with. */
export function tag(): string {
  return navigator.language.startsWith('en') ? navigator.language : 'en';
}

const marks: Record<string, string> = {
  a: 'á',
  e: 'ë',
  i: 'ï',
  o: 'ö',
  u: 'û',
  c: 'ç',
  n: 'ñ',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ö',
  U: 'Û',
  S: 'Š',
  s: 'š',
};

// A made language: accents show what went through translation, the added length what has room.
function accented(text: string): string {
  const out = text.replace(/[aeioucnAEIOUSs]/g, (letter) => marks[letter] ?? letter);
  return text.trim().length > 3 ? `${out}${'~'.repeat(Math.ceil(text.length / 4))}` : out;
}
