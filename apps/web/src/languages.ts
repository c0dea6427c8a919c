import { texts } from 'virtual:module-pages';
import { activate, type Locale } from '../../../kernel/ui/base/i18n.ts';

type Texts = Record<string, string>;
type Load = () => Promise<{ default: Texts }>;

// Each language is chunks of its own, so that English pages load none. Modules say the texts of
// their screens themselves; what several say stands here.
const together = async (common: Load, ofModules: Load | undefined): Promise<Texts> => {
  const [modules, own] = await Promise.all([ofModules?.(), common()]);
  return { ...modules?.default, ...own.default };
};

const files = import.meta.glob<{ default: Texts }>('./i18n/*.json');
const catalogues = Object.fromEntries(
  Object.entries(files).map(([path, common]) => {
    const language = path.slice('./i18n/'.length, -'.json'.length);
    return [language, () => together(common, texts[language])];
  }),
);

/** Switches the page to a language; its texts come on demand. */
export const speak = (locale: Locale): Promise<void> => activate(locale, catalogues);
