import { AsyncLocalStorage } from 'node:async_hooks';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the sources are written in, and what is answered where a text has no translation. */
export const SOURCE = 'en';

/** English text → its translation; `{name}` stands for a value. */
export type Texts = Record<string, string>;

interface Language {
  /** Every text, the kernel's first. */
  all: Map<string, string>;
  /** A module's own words, which win where it speaks. */
  of: Map<string, Texts>;
}

let read: Map<string, Language> | undefined;

/** Whose texts stand in which folder’s `i18n/<language>.json`, the kernel’s first; read once. */
export function addLanguages(folders: [name: string, folder: string][]): void {
  if (read) return;
  const found = new Map<string, Language>();
  for (const [name, folder] of folders) {
    for (const [language, texts] of catalogues(folder)) {
      const one = found.get(language) ?? { all: new Map(), of: new Map() };
      found.set(language, one);
      one.of.set(name, texts);
      for (const [english, text] of Object.entries(texts)) {
        if (!one.all.has(english)) one.all.set(english, text);
      }
    }
  }
  read = found;
}

/** The languages that the kernel itself speaks. */
export const languages = (): string[] => [
  SOURCE,
  ...[...(read ?? [])].filter(([, { of }]) => of.has('kernel')).map(([language]) => language),
];

/** The languages in which a module says all of these texts; the kernel may say some for it. */
export const languagesOf = (module: string, texts: string[]): string[] => [
  SOURCE,
  ...[...(read ?? [])]
    .filter(([, { of, all }]) => texts.every((text) => of.get(module)?.[text] ?? all.get(text)))
    .map(([language]) => language),
];

/** This text in that language, in the words of that module where it has its own; else as it is. */
export function translated(text: string, language: string, module = 'kernel'): string {
  const known = language === SOURCE ? undefined : read?.get(language);
  return known?.of.get(module)?.[text] ?? known?.all.get(text) ?? text;
}

/** What one wishes most of the languages that there are (RFC 9110, 12.5.4); English otherwise. */
export function languageOf(accepted: string | undefined): string {
  if (!accepted) return SOURCE;
  const known = languages();
  const wishes = accepted
    .slice(0, 500)
    .split(',')
    .map((wish) => {
      const [tag = '', ...parameters] = wish.split(';').map((part) => part.trim());
      const weight = parameters.find((p) => p.startsWith('q='))?.slice(2) ?? '1';
      return { language: tag.toLowerCase().split('-')[0] ?? '', weight: Number(weight) || 0 };
    })
    .filter(({ language, weight }) => weight > 0 && known.includes(language))
    .sort((a, b) => b.weight - a.weight);
  return wishes[0]?.language ?? SOURCE;
}

const spoken = new AsyncLocalStorage<string>();

/** Does the rest of a request in a language; English, which most speak, costs nothing. */
export const speaking = (language: string, rest: () => void): void =>
  language === SOURCE ? rest() : spoken.run(language, rest);

/** The language of the request that is being answered. */
export const language = (): string => spoken.getStore() ?? SOURCE;

/** How a shape words what is wrong with an input: zod brings its sentences in many languages. */
export function wording(): { error?: z.core.$ZodErrorMap } {
  const said = language();
  if (said === SOURCE) return {};
  let error = errorMaps.get(said);
  if (!error) {
    error = (z.locales as Record<string, () => { localeError: z.core.$ZodErrorMap }>)[said]?.()
      .localeError;
    if (error) errorMaps.set(said, error);
  }
  return error ? { error } : {};
}

const errorMaps = new Map<string, z.core.$ZodErrorMap>();

function catalogues(folder: string): [language: string, Texts][] {
  let files: string[];
  try {
    files = readdirSync(join(folder, 'i18n')).filter((f) => /^[a-z]{2,3}\.json$/.test(f));
  } catch {
    return [];
  }
  return files.map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(join(folder, 'i18n', file), 'utf8')) as Texts,
  ]);
}
