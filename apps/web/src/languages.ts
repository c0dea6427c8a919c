import { activate, type Locale } from '../../../kernel/ui/i18n.ts';

// Each language is a chunk of its own, so that English pages load none.
const catalogues = {
  ar: () => import('./i18n/ar.json').then((found) => found.default as Record<string, string>),
};

/** Switches the page to a language; its texts come on demand. */
export const speak = (locale: Locale): Promise<void> => activate(locale, catalogues);
