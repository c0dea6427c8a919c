import { words } from 'virtual:module-pages';
import { activate, type Locale } from '../../../kernel/ui/base/i18n.ts';

type Texts = Record<string, string>;
type Load = () => Promise<{ default: Texts }>;

// Each language is a chunk of its own, so that English pages load none. Modules from elsewhere say
// the words of their pages themselves; where one says a word otherwise, ours holds.
const together = async (own: Load, brought: Load[]): Promise<Texts> => {
  const found = await Promise.all([...brought, own].map((load) => load()));
  return Object.assign({}, ...found.map((one) => one.default));
};

const files = import.meta.glob<{ default: Texts }>('./i18n/*.json');
const catalogues = Object.fromEntries(
  Object.entries(files).map(([path, own]) => {
    const language = path.slice('./i18n/'.length, -'.json'.length);
    return [language, () => together(own, Object.values(words[language] ?? {}))];
  }),
);

/** Switches the page to a language; its texts come on demand. */
export const speak = (locale: Locale): Promise<void> => activate(locale, catalogues);
