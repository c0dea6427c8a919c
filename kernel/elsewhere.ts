import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { problem, registerSentences } from './problem.ts';
import { homeFolder } from './settings.ts';

/** The surface that modules from elsewhere are written against; docs/surface.md says what it is. */
export const SURFACE = '0.1';

registerSentences({
  module_broken: {
    status: 500,
    sentence:
      'The module {name} can’t be loaded: {why} Mend it, or go on without it: ' +
      '“kontor module off {name}” (its data stays).',
  },
  module_away: {
    status: 409,
    sentence:
      'This database works with the module {name}, which isn’t here: another data home brought it, ' +
      'or it was taken away. Put it into this home too, or go without it: “kontor module off {name} ' +
      '--away” (its data stays). Nothing was changed.',
  },
  module_name_wrong: {
    status: 422,
    sentence:
      '“{name}” can’t be a module’s name. Use x_, then small letters, digits and _, such as x_loans.',
  },
});

/** A folder outside the program that holds a module, whether switched on or off. */
export interface Elsewhere {
  name: string;
  folder: string;
  /** The npm package that brought it, where one did. */
  package?: string;
  on: boolean;
}

/**
 * The folder of modules from elsewhere: KONTOR_MODULES, else `modules` in the data home. Under test
 * there is none unless it is named, lest somebody's own modules take part.
 */
export function elsewhereFolder(): string | undefined {
  const { KONTOR_MODULES, KONTOR_ENV } = process.env;
  if (KONTOR_MODULES !== undefined) return KONTOR_MODULES ? resolve(KONTOR_MODULES) : undefined;
  return KONTOR_ENV === 'test' ? undefined : join(homeFolder(), 'modules');
}

/** The modules from elsewhere, by name: folders, and npm packages whose package.json names one. */
export function modulesElsewhere(): Elsewhere[] {
  const place = elsewhereFolder();
  if (!place || !existsSync(place)) return [];
  const off = new Set(switchedOff(place));
  const folders = readdirSync(place, { withFileTypes: true })
    .filter((e) => /^x_/.test(e.name) && entryOf(join(place, e.name)))
    .map((e) => ({ name: e.name, folder: realpathSync(join(place, e.name)) }));
  return [...folders, ...packaged(place)]
    .map((m) => ({ ...m, on: !off.has(m.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every folder that schema, logic and operations come from: the program's and those elsewhere. */
export function sourceFolders(): string[] {
  const own = ['kernel', 'modules'].map((f) => join(import.meta.dirname, '..', f));
  return [...own, ...modulesElsewhere().flatMap((m) => (m.on ? m.folder : []))];
}

/** Its module.ts, or module.js where it was compiled. */
export function entryOf(folder: string): string | undefined {
  return ['module.ts', 'module.js'].map((f) => join(folder, f)).find(existsSync);
}

/**
 * Switches a module from elsewhere on or off, from the next start. Its data stays. away: also one that
 * isn't here, which the home then goes without, though its database works with it.
 */
export function switchModule(name: string, on: boolean, away = false): void {
  const place = elsewhereFolder();
  const known = away ? isElsewhereName(name) : modulesElsewhere().some((m) => m.name === name);
  if (!place || !known) throw problem('module_unknown', { name, where: place ?? '' });
  const off = switchedOff(place).filter((n) => n !== name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, OFF), [...off, ...(on ? [] : [name])].map((n) => `${n}\n`).join(''));
}

registerSentences({
  module_unknown: {
    status: 404,
    sentence: 'There is no module {name} in {where}. “kontor module list” shows those that are.',
  },
});

/** The modules that this home goes without, by its own word. */
export function goesWithout(): string[] {
  const place = elsewhereFolder();
  return place ? switchedOff(place) : [];
}

/** Whether its name is one that only a module from elsewhere may have. */
export const isElsewhereName = (name: string): boolean => /^x_[a-z][a-z0-9_]{0,40}$/.test(name);

const OFF = 'switched_off';

function switchedOff(place: string): string[] {
  const file = join(place, OFF);
  return existsSync(file) ? readFileSync(file, 'utf8').split(/\s+/).filter(Boolean) : [];
}

/** Packages that the folder's own package.json depends on and that say `"kontor": {"module": "x_…"}`. */
function packaged(place: string): Omit<Elsewhere, 'on'>[] {
  return packagesOf(place).flatMap((name) => {
    const folder = join(place, 'node_modules', name);
    const said = read(join(folder, 'package.json')).kontor?.module;
    if (!said || !entryOf(folder)) return [];
    return [{ name: said, folder: realpathSync(folder), package: name }];
  });
}

/** The npm packages that the folder of modules asks for. */
export const packagesOf = (place: string): string[] =>
  Object.keys(read(join(place, 'package.json')).dependencies ?? {});

interface Manifest {
  dependencies?: Record<string, string>;
  kontor?: { module?: string };
}

function read(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
