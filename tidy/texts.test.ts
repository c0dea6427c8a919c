import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { story } from '#kernel/test';
import { modules, root } from '../kernel/modules.ts';
import { serverTexts } from './server_texts.ts';
import { screenTexts } from './ui_texts.ts';

const LANGUAGES = ['ar', 'fr', 'hi', 'ru'];

type Texts = Record<string, string>;

const catalogueAt = (...path: string[]): Texts => {
  const file = join(root, ...path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Texts) : {};
};

for (const language of LANGUAGES) {
  test(`what the screens say stands in ${language}.json, and nothing else`, () => {
    const texts = catalogueAt('apps', 'web', 'src', 'i18n', `${language}.json`);
    const common = [...screenTexts().texts].filter(([, by]) => !ownerOf(by)).map(first);
    agree(`apps/web/src/i18n/${language}.json`, common, texts, language);
  });

  story(`what the server says stands in the ${language}.json of who says it`, async ({ db }) => {
    const owners = await serverTexts((text, values) => db.admin.query(text, values));
    const own = (await modules()).filter((m) => m.folder.startsWith(join(root, 'modules')));
    const common = catalogueAt('kernel', 'i18n', `${language}.json`);
    for (const { name } of own) {
      const said = catalogueAt('modules', name, 'i18n', `${language}.json`);
      // What several modules say stands once, with the kernel.
      const wanted = [...owners].filter(([text, by]) => by.has(name) && !(text in common));
      const onScreens = [...screenTexts().texts].filter(([, by]) => ownerOf(by) === name);
      const all = new Set([...wanted, ...onScreens].map(first));
      agree(`modules/${name}/i18n/${language}.json`, all, said, language);
    }
    const names = new Set(['kernel', ...own.map((m) => m.name)]);
    const ours = [...owners].filter(([, by]) => by.intersection(names).size > 0);
    const wanted = ours.filter(([text, by]) => by.has('kernel') || (by.size > 1 && text in common));
    agree(`kernel/i18n/${language}.json`, wanted.map(first), common, language);
  });
}

test('a text that people read goes through t()', () => {
  assert.deepEqual(screenTexts().unmarked, []);
  const file = (text: string) => [{ path: 'x.tsx', text }];
  const found = screenTexts([
    ...file('const a = <b title="Hello there">{done ? t("Done") : "Open it"} Good day</b>;'),
  ]);
  const said = found.unmarked.map((one) => one.replace('x.tsx:1: ', ''));
  assert.deepEqual(said.sort(), ['Good day', 'Hello there', 'Open it']);
  assert.deepEqual([...found.texts.keys()], ['Done']);
});

const first = ([text]: [string, unknown]) => text;

/** The one module whose screens say a text; what others say, too, stands with the web app. */
const ownerOf = (by: Set<string>): string | undefined =>
  by.size === 1 ? [...by].find(Boolean) : undefined;

function agree(file: string, wanted: Iterable<string>, said: Texts, language: string): void {
  const known = new Set(wanted);
  const wrong = [
    ...[...known].filter((text) => !said[text]).map((text) => `misses: ${text}`),
    ...Object.keys(said)
      .filter((text) => !known.has(text))
      .map((text) => `is no longer used: ${text}`),
  ];
  for (const [english, text] of Object.entries(said)) {
    const differs = differenceOf(english, text, language);
    if (differs) wrong.push(`${differs}: ${english} | ${text}`);
  }
  assert.deepEqual(wrong, [], file);
}

/** Placeholders that differ, or forms of a plural that the language has and the text has not. */
function differenceOf(english: string, text: string, language: string): string | undefined {
  const names = (s: string) =>
    [...new Set([...s.matchAll(/\{(\w+)(?=[},:])/g)].map((m) => m[1]))].sort().join();
  if (names(english) !== names(text)) return 'other placeholders';
  if (!/, plural,/.test(english)) return undefined;
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const absent = forms.filter((form) => !new RegExp(`\\b${form} \\{`).test(text));
  return absent.length > 0 ? `no plural for ${absent}` : undefined;
}
