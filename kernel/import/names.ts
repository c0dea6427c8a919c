import { distance } from 'fastest-levenshtein';
import { phrase } from '../problem.ts';
import { worded } from './sentences.ts';
import type { Field, Target } from './types.ts';

/** A name as it is compared: words in lower case, without accents and marks. */
export function normalise(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[%#]/g, (m) => (m === '%' ? ' percent ' : ' number '))
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase();
}

export interface Likeness {
  score: number;
  reason: string;
}

/** How well a column's name means a field of a target, with the reason that a person is told. */
export function likeness(column: string, field: Field, target: Target): Likeness | undefined {
  const said = normalise(column);
  const own = [field.name, field.label].map(normalise);
  if (own.includes(said)) return { score: 1, reason: worded(phrase('same name'), {}) };
  const means = (score: number) => ({
    score,
    reason: worded(phrase('“{column}” means {field}'), { column, field: field.label }),
  });
  const names = spellings(field);
  if (names.has(said)) return means(0.9);
  // In a file of products, product_name is the name and product_id the number.
  for (const word of target.words.map(normalise)) {
    for (const start of [`${word} `, `${plural(word)} `]) {
      if (!said.startsWith(start)) continue;
      const rest = said.slice(start.length);
      if (own.includes(rest) || names.has(rest)) return means(0.95);
    }
  }
  for (const name of [...own, ...names]) {
    const longest = Math.max(said.length, name.length);
    if (longest > 4 && distance(said, name) <= Math.floor(longest / 5)) {
      return { score: 0.7, reason: worded(phrase('almost the same as “{name}”'), { name }) };
    }
  }
  return undefined;
}

const made = new WeakMap<Field, Set<string>>();

function spellings(field: Field): Set<string> {
  const known = made.get(field);
  if (known) return known;
  const names = new Set((field.synonyms ?? []).map(normalise));
  if (field.refers) {
    const heads = new Set([
      ...names,
      normalise(field.label),
      normalise(field.name).replace(/ id$/, ''),
    ]);
    const tails = ['id', 'name', 'number', 'no', 'nr', 'code', 'key', 'ref', ...field.refers.by];
    for (const head of heads) {
      names.add(head);
      for (const tail of tails) names.add(`${head} ${normalise(tail)}`);
    }
  }
  made.set(field, names);
  return names;
}

/** Whether a file's name holds one of a target's words: `csv-stores.csv` is of stores. */
export function namedAfter(file: string, target: Target): boolean {
  const said = ` ${normalise((file.split(/[/\\]/).at(-1) ?? '').replace(/\.\w+$/, ''))} `;
  return target.words
    .map(normalise)
    .some((w) => said.includes(` ${w} `) || said.includes(` ${plural(w)} `));
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
