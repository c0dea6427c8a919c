import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';
import { modulesElsewhere } from '../../kernel/elsewhere.ts';
import { SPOKEN } from '../../kernel/ui/base/writing.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** A page that a module brings: `overdue.page.tsx` of x_loans is `x_loans/overdue`. */
export interface PageFile {
  name: string;
  file: string;
}

/** The folders of the modules from elsewhere that bring pages or words for them. */
export const pageFoldersElsewhere = (): { name: string; folder: string }[] =>
  modulesElsewhere().filter((m) => m.on && globSync('*.page.tsx', { cwd: m.folder }).length > 0);

function pageFiles(): PageFile[] {
  const own = globSync('modules/*/*.page.tsx', { cwd: checkout }).map((f) => join(checkout, f));
  const there = pageFoldersElsewhere().flatMap(({ folder }) =>
    globSync('*.page.tsx', { cwd: folder }).map((f) => join(folder, f)),
  );
  return [...own, ...there].sort().map((file) => ({
    name: `${basename(join(file, '..'))}/${basename(file, '.page.tsx')}`,
    file,
  }));
}

const ID = 'virtual:module-pages';
/** The texts of all modules' screens in one language, as one chunk: `virtual:module-texts/ar`. */
const TEXTS = 'virtual:module-texts/';

/**
 * Lets the web app import the pages of all modules, each as a chunk of its own. Those from elsewhere
 * get React and the kernel's screens from here: a second copy of React in a page would not work.
 */
export function modulePages(): Plugin {
  const elsewhere = pageFoldersElsewhere();
  const isElsewhere = (file = '') => elsewhere.some(({ folder }) => file.startsWith(folder));
  return {
    name: 'kontor-module-pages',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === ID || source.startsWith(TEXTS)) return `\0${source}`;
      if (!isElsewhere(importer) || /^[./\0]/.test(source)) return null;
      return this.resolve(source, join(checkout, 'apps', 'web', 'src', 'main.tsx'), {
        skipSelf: true,
      });
    },
    load(id) {
      if (id.startsWith(`\0${TEXTS}`)) return textsIn(id.slice(TEXTS.length + 1), elsewhere);
      if (id !== `\0${ID}`) return null;
      const pages = pageFiles().map(({ name, file }) => entry(name, file));
      const texts = Object.keys(SPOKEN).map((language) => entry(language, TEXTS + language));
      return `export const pages = {${pages}};\nexport const texts = {${texts}};`;
    },
  };
}

/** Where a module from elsewhere says a text otherwise, one of ours holds. */
function textsIn(language: string, elsewhere: { folder: string }[]): string {
  const own = globSync('modules/*', { cwd: checkout }).sort();
  const folders = [...elsewhere.map((m) => m.folder), ...own.map((m) => join(checkout, m))];
  const files = folders
    .map((folder) => join(folder, 'i18n', `${language}.json`))
    .filter((file) => existsSync(file));
  const imports = files.map((file, n) => `import t${n} from ${JSON.stringify(file)};`);
  const all = files.map((_, n) => `t${n}`);
  return `${imports.join('\n')}\nexport default Object.assign({}, ${all});`;
}

const entry = (name: string, file: string) =>
  `${JSON.stringify(name)}: () => import(${JSON.stringify(file)})`;
