import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { elsewhereFolder, modulesElsewhere } from './elsewhere.ts';

// Lets modules from elsewhere say `#kernel` as our own do, and run as TypeScript wherever they lie:
// Node itself strips no types below node_modules, where npm puts a package.

const here = import.meta.url;
const places = [elsewhereFolder() ?? [], modulesElsewhere().map((m) => m.folder)]
  .flat()
  .map((folder) => `${pathToFileURL(folder).href}/`);
const isElsewhere = (url: string | undefined): boolean =>
  url !== undefined && places.some((place) => url.startsWith(place));

const TYPESCRIPT = 'module-typescript';

registerHooks({
  resolve(specifier, context, next) {
    const ours = /^#(kernel|generated)\b/.test(specifier) && isElsewhere(context.parentURL);
    return next(specifier, ours ? { ...context, parentURL: here } : context);
  },
  load(url, context, next) {
    if (!isElsewhere(url) || !url.endsWith('.ts')) return next(url, context);
    if (!url.includes('/node_modules/')) return next(url, { ...context, format: TYPESCRIPT });
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', source, shortCircuit: true };
  },
});
