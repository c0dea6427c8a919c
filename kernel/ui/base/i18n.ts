import { i18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { useSyncExternalStore } from 'react';
import { isRightToLeft, type Language, SPOKEN, tagOf } from './writing.ts';

/** A language, or one made up to try the screens with. */
export type Locale = Language | 'pseudo' | 'pseudo-rtl';
type Values = Record<string, unknown>;
type Messages = Record<string, string>;

const key = 'kontor-lang';
/** The languages that a person chooses from, each by its own name. */
export const spoken = Object.entries(SPOKEN) as [Language, string][];
const locales: Locale[] = [...spoken.map(([locale]) => locale), 'pseudo', 'pseudo-rtl'];

/** The text of this message in the language of the page; ICU: `{n, plural, one {…} other {…}}`. */
export function t(message: string, values?: Values): string {
  return i18n._({ id: message, message, values });
}

/** A word of the server's, such as a state, in the language of the page where that is known. */
export const word = (text: string): string => (i18n.messages[text] ? t(text) : text);

/** Words that the server translated; those of the web app come first. */
export function addWords(words: Messages): void {
  const unknown = Object.entries(words).filter(([text]) => !i18n.messages[text]);
  if (unknown.length > 0) i18n.load(i18n.locale, Object.fromEntries(unknown));
}

/** Language of the page: `?lang=` wins and is remembered, then what was chosen, then the browser's. */
export function chosenLocale(): Locale {
  const asked = new URLSearchParams(location.search).get('lang');
  const found = locales.find((locale) => locale === (asked ?? localStorage.getItem(key)));
  const browsers = navigator.languages.map((wish) => wish.split('-')[0]);
  return found ?? (browsers.find((wish) => wish && wish in SPOKEN) as Language | undefined) ?? 'en';
}

let current: Locale = 'en';
const listeners = new Set<() => void>();

/** Switches the page over: its texts, its direction, what it asks the server for. */
export async function activate(
  locale: Locale,
  load: Partial<Record<Locale, () => Promise<Messages>>>,
): Promise<void> {
  const messages = (await load[locale]?.()) ?? {};
  localStorage.setItem(key, locale);
  current = locale;
  const made = locale.startsWith('pseudo');
  i18n.setMessagesCompiler((message) =>
    made ? compileMessage(message, accented) : compileMessage(message),
  );
  i18n.loadAndActivate({ locale: made ? 'en-XA' : locale, messages });
  document.documentElement.lang = language();
  document.documentElement.dir = direction(locale);
  for (const listener of listeners) listener();
}

/** The page's language; a component that asks is drawn anew, with all in it, when it changes. */
export const useLocale = (): Locale =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );

export function direction(locale: Locale): 'ltr' | 'rtl' {
  return isRightToLeft(locale) || locale === 'pseudo-rtl' ? 'rtl' : 'ltr';
}

/** What the server is asked to answer in. */
export const language = (): Language => (current in SPOKEN ? (current as Language) : 'en');

/** What `Intl` formats with. */
export const tag = (): string => tagOf(language(), navigator.language);

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
