// Replaces the texts that texts.json names in the checkout given as argument; places.json holds
// replacements of single places ({ file, from, to }), made afterwards.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = process.argv[2];
if (!root) throw new Error('Name the checkout.');
const here = import.meta.dirname;
const read = (name: string) =>
  existsSync(join(here, name)) ? JSON.parse(readFileSync(join(here, name), 'utf8')) : [];
const pairs: { from: string; to: string }[] = read('texts.json');
const extra: { file: string; from: string; to: string }[] = read('places.json');
const moves: { key: string; out: string; to?: string }[] = read('moves.json');
pairs.sort((a, b) => b.from.length - a.from.length);

const files = execFileSync('git', ['-C', root, 'ls-files'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path && existsSync(join(root, path)));
const changed = new Set<string>();
const placed = new Set<string>();
const load = (path: string) => readFileSync(join(root, path), 'utf8');
const store = (path: string, text: string) => {
  writeFileSync(join(root, path), text);
  changed.add(path);
};

// (a) the catalogues
type Texts = Record<string, string>;
const sorted = (texts: Texts): string =>
  `${JSON.stringify(Object.fromEntries(Object.entries(texts).sort(([a], [b]) => a.localeCompare(b, 'en'))), null, 2)}\n`;
const keys = new Map(pairs.map(({ from, to }) => [from, to]));
for (const path of files.filter((p) => /\/i18n\/\w+\.json$/.test(p))) {
  const old = JSON.parse(load(path)) as Texts;
  const made: Texts = {};
  for (const [key, value] of Object.entries(old)) if (!keys.has(key)) made[key] = value;
  for (const [key, value] of Object.entries(old)) {
    const to = keys.get(key);
    if (to !== undefined && !(to in made)) made[to] = value;
  }
  const text = sorted(made);
  if (text !== load(path)) store(path, text);
}
for (const { key, out, to } of moves) {
  for (const language of ['ar', 'fr', 'hi', 'ru']) {
    const file = (folder: string) => `${folder}/i18n/${language}.json`;
    const source = JSON.parse(load(file(out))) as Texts;
    const value = source[key];
    if (value === undefined) continue;
    if (to !== undefined) {
      const target = JSON.parse(load(file(to))) as Texts;
      if (!(key in target)) store(file(to), sorted({ ...target, [key]: value }));
    }
    if (!to || to !== out) {
      const { [key]: _, ...rest } = source;
      if (!(to ?? '').startsWith('+')) store(file(out), sorted(rest));
    }
  }
}

// (b) sources
const inPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const JOIN = `(?:'\\s*(?:\\+|\\|\\|)?\\s*\\n\\s*')`;
const body = (text: string) =>
  inPattern(text).replaceAll('\n', '\\\\n').replaceAll(' ', `(?:${JOIN}? ${JOIN}?)`);
const inSource = (text: string) => text.replaceAll('\n', '\\n');
const isTest = (path: string) =>
  /\.test\.tsx?$|scenes\.ts$|^bench\/|^test\/|\/test_\w+\.ts$|fixture/.test(path);
const code = files.filter(
  (p) => /\.(ts|tsx|sql|typ)$/.test(p) && !p.startsWith('tidy/texts') && !/\/i18n\//.test(p),
);

/** The new text as literal, broken as the old one was. */
const broken = (to: string, match: string): string => {
  if (!/'\s*(?:\+|\|\|)?\s*\n/.test(match)) return to;
  const operator = /'(\s*(?:\+|\|\|)?\s*\n\s*)'/.exec(match)?.[1] ?? ' +\n    ';
  const lines: string[] = [''];
  for (const word of to.split(/(?<= )/)) {
    if ((lines.at(-1) as string).length + word.length > 80) lines.push('');
    lines[lines.length - 1] += word;
  }
  return lines.join(`'${operator}'`);
};

const patterns = pairs.map(({ from, to }) => ({
  from,
  to,
  head: from.split(/[ \n]/)[0] as string,
  pattern: new RegExp(
    `(^-- words:.*?, |^-- words: |(?<!\\w)['"\`]|(?<!\\w)['"\`][^'"\`\\n]* \\| |\\| )(${body(from)})(?=['"\`]| \\| |, |$)`,
    'gm',
  ),
}));
const anchored = (text: string, path: string): string => {
  let made = text;
  for (const { from, to, head, pattern } of patterns) {
    if (!made.includes(head)) continue;
    made = made.replace(
      pattern,
      (whole, before: string, match: string, at: number, all: string) => {
        const after = all.slice(at + whole.length, at + whole.length + 2);
        const inWords = before.startsWith('-- words');
        if (!inWords && (after === ', ' || after === '' || after.startsWith('\n'))) return whole;
        if (before === '| ' && !path.endsWith('.sql')) return whole;
        const quote = /['"`]/.exec(before)?.[0];
        if (quote && !after.startsWith(quote) && !after.startsWith(' |')) return whole;
        placed.add(from);
        return before + broken(inSource(to), match);
      },
    );
  }
  return made;
};

// (c) tests: also parts of strings, regexps, and texts with values in their places
const PLACE = /\{\w+(?:, number)?\}/g;
const skeletons = pairs
  .filter(({ from }) => PLACE.test(from) && !from.includes('plural'))
  .map(({ from, to }) => {
    const names = [...from.matchAll(PLACE)].map(([name]) => name);
    const parts = from.split(/\{\w+(?:, number)?\}/).map(inPattern);
    const letters = parts.join('').length;
    return {
      names,
      to,
      letters,
      pattern: new RegExp(`(?<=(?<!\\w)(['"\`]))${parts.join('([^\'"`\\n]+?)')}(?=\\1)`, 'g'),
    };
  })
  .filter(({ letters }) => letters >= 8);
const fill = (to: string, names: string[], values: string[]) =>
  names.reduce((text, name, i) => text.replace(name, () => values[i] ?? name), to);
const inTest = (text: string): string => {
  let made = text;
  for (const { from, to } of pairs) {
    const long = from.length >= 18 && from.split(' ').length >= 3;
    const variants: [string, string][] = [
      ...(long ? [[from, to] as [string, string]] : []),
      [inPattern(from).replaceAll('\\/', '\\/'), inPattern(to)],
    ];
    for (const [a, b] of variants) {
      if (long) made = made.replaceAll(a, () => b);
    }
    for (const [open, close] of [
      ['/^', '$/'],
      ['/^', '/'],
      ['/', '$/'],
      ['/', '/'],
    ] as const) {
      if (from.length < 4) continue;
      made = made.replaceAll(
        `${open}${inPattern(from)}${close}`,
        () => `${open}${inPattern(to)}${close}`,
      );
    }
  }
  for (const { names, to, pattern } of skeletons) {
    made = made.replace(pattern, (...found) =>
      fill(to, names, found.slice(2, 2 + names.length) as string[]),
    );
  }
  return made;
};
for (const path of code) {
  const old = load(path);
  let made = anchored(old, path);
  if (isTest(path)) made = inTest(made);
  if (made !== old) store(path, made);
}
// Documents quote whole sentences.
for (const path of files.filter((p) => p.endsWith('.md'))) {
  const old = load(path);
  let made = old;
  for (const { from, to } of pairs) if (from.length >= 20) made = made.replaceAll(from, () => to);
  if (made !== old) store(path, made);
}
for (const { file, from, to } of extra) {
  if (!existsSync(join(root, file))) console.log(`no file ${file}`);
  else if (!load(file).includes(from)) console.log(`not found in ${file}: ${from}`);
  else
    store(
      file,
      load(file).replaceAll(from, () => to),
    );
}

for (const { from } of pairs) if (!placed.has(from)) console.log(`not placed: ${from}`);
const formatted = [...changed].filter((p) => /\.(ts|tsx)$/.test(p));
const node = process.execPath;
execFileSync(node, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', ...formatted], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
});
console.log(`${changed.size} files changed`);
