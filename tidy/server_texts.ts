import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { reports, titleOf } from '../kernel/database/reading/reports.ts';
import { SENTENCES } from '../kernel/import/sentences.ts';
import type { Target } from '../kernel/import/types.ts';
import { kernelModules } from '../kernel/kernel_modules.ts';
import { type LoadedModule, modules } from '../kernel/modules.ts';
import { documents } from '../kernel/print/document.ts';
import { sentences } from '../kernel/problem.ts';
import { sources, withoutComments } from './files.ts';
import { walk } from './syntax.ts';

type Query = (
  text: string,
  values?: unknown[],
) => Promise<{
  rows: Record<string, string>[];
  fields: { name: string }[];
}>;

/** English text → the modules that say it; `kernel` for the kernel and its own modules. */
export type Owners = Map<string, Set<string>>;

// What only who runs the program at a shell is told stays English, as the shell is.
const SHELL = /^kernel\/(settings|elsewhere|database\/(postgres|backup)\/.*)\.ts$/;
const ofKernel = new Set(kernelModules.map((m) => m.name));

/** Every text that the server answers with, read from the live catalogue, modules and sources. */
export async function serverTexts(query: Query): Promise<Owners> {
  const owners: Owners = new Map();
  const all = await modules();
  const add = (module: string, ...texts: (string | null | undefined)[]) => {
    const owner = ofKernel.has(module) ? 'kernel' : module;
    for (const text of texts) {
      if (text && /\p{L}/u.test(text)) owners.set(text, (owners.get(text) ?? new Set()).add(owner));
    }
  };
  for (const m of all) add(m.name, ...saidBy(m), ...(await broughtBy(m)));
  await addComments(query, add);
  await addReports(query, all, add);
  for (const { module, words } of (await documents()).values()) add(module, ...words);
  const refusals = new Set(all.flatMap((m) => Object.keys(m.refusals ?? {})));
  for (const file of sources('kernel/**/*.ts')) {
    if (/registerSentences\(\{/.test(file.text)) await import(`../${file.path}`);
  }
  const notHere = heardAtAShell().union(refusals);
  for (const [code, { sentence }] of sentences()) if (!notHere.has(code)) add('kernel', sentence);
  add('kernel', ...phrases(), ...Object.values(SENTENCES));
  return owners;
}

function saidBy(m: LoadedModule): string[] {
  return [
    m.label,
    ...Object.values(m.permissions),
    ...Object.values(m.refusals ?? {}),
    ...Object.values(m.findings ?? {}),
    ...Object.keys(m.roles).map(words),
    ...m.menu.map(({ label }) => label),
    ...Object.values(m.areas ?? {}).map(({ label }) => label),
    ...(m.settings ?? []).flatMap(({ label = '', help = '' }) => [label, help]),
    ...Object.values(m.pages ?? {}).map(({ label }) => label),
    ...Object.values(m.lists ?? {}).flatMap(({ label, sections = {} }) => [
      ...(label ? [label] : []),
      ...Object.keys(sections),
    ]),
    ...Object.values(m.facts ?? {}).flatMap((facts) => facts.map(({ label }) => label)),
    ...m.operations.map(({ label }) => label),
    ...m.operations.flatMap(({ actions = [] }) =>
      actions.flatMap(({ label = '', question = '' }) => [label, question]),
    ),
    ...m.jobs.map(({ label }) => label),
  ];
}

/** What a module calls the rows of files, and what stands in them. */
async function broughtBy({ folder }: LoadedModule): Promise<string[]> {
  const file = join(folder, 'import.ts');
  if (!existsSync(file)) return [];
  const { targets } = (await import(file)) as { targets: Target[] };
  return targets.flatMap(({ label, fields }) => [label, ...fields.map((field) => field.label)]);
}

type Add = (module: string, ...texts: (string | null | undefined)[]) => void;

/** Labels and helps of what the application may read, what rules ask for, and what may be chosen. */
async function addComments(query: Query, add: Add): Promise<void> {
  const { rows } = await query(`
    select n.nspname as module, split_part(d.description, ' | ', 1) as label,
           split_part(d.description, ' | ', 2) as help
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join kernel.module m on m.name = n.nspname
      join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass
     where c.relkind in ('r', 'v') and has_any_column_privilege('kontor_app', c.oid, 'select')`);
  for (const { module, label, help } of rows) add(module as string, label, help);
  const { rows: rules } = await query(`
    select n.nspname as module, d.description as said from pg_constraint k
      join pg_namespace n on n.oid = k.connamespace join kernel.module m on m.name = n.nspname
      join pg_description d on d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass`);
  for (const { module, said } of rules) add(module as string, said);
  const { rows: choices } = await query(`
    select n.nspname as module, k.choice
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join kernel.module m on m.name = n.nspname
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_constraint s on s.conrelid = c.oid and s.contype = 'c' and s.conkey = array[a.attnum]
     cross join lateral (select r[1] as choice from
         regexp_matches(pg_get_constraintdef(s.oid), '''([a-z_]+)''::text', 'g') r) k
     where has_any_column_privilege('kontor_app', c.oid, 'select')
       and pg_get_constraintdef(s.oid) like '%= ANY%'`);
  for (const { module, choice } of choices) add(module as string, words(choice as string));
}

/** Titles, columns and the words that rows hold (`-- words:` in the head). */
async function addReports(query: Query, all: LoadedModule[], add: Add): Promise<void> {
  for (const report of (await reports()).values()) {
    const module = all.find((m) => m.name === report.module)?.name ?? 'kernel';
    const none = report.parameters.map(() => null);
    const { fields } = await query(`select * from (${report.text}) r limit 0`, none);
    const shown = fields.filter(({ name }) => !report.hidden.includes(name));
    add(module, report.title, ...report.words, ...shown.map(({ name }) => titleOf(name)));
  }
}

/** Texts in our sources that no register holds: `phrase('…')`, field errors and why something is so. */
function phrases(): string[] {
  const found: string[] = [];
  for (const file of sources('{kernel,apps/server}/**/*.ts')) {
    if (!/phrase\(|fieldError\(|why: '/.test(file.text) || file.path.endsWith('.test.ts')) continue;
    walk(parseSync(file.path, file.text).program, (node) => {
      const { type, callee, key, value } = node;
      const at = type === 'CallExpression' ? { phrase: 0, fieldError: 2 }[String(callee.name)] : -1;
      const said = type === 'Property' && key.name === 'why' ? value : node.arguments?.[at ?? -1];
      if (typeof said?.value === 'string') found.push(said.value);
    });
  }
  for (const { text } of sources('kernel/**/*.sql')) found.push(...reasonsIn(text));
  return found;
}

/** Why SQL refuses something: `'why', '…'`, and what a variable of that name is set to. */
function reasonsIn(sql: string): string[] {
  const code = withoutComments(sql);
  const said = [...code.matchAll(/'why', '([^']+)'/g)].map((m) => m[1] as string);
  const set = [...code.matchAll(/\bwhy := ([\s\S]*?);\n/g)].flatMap((m) => [
    ...(m[1] as string).matchAll(/(?:^|\bthen )\s*'([^']+)'/g),
  ]);
  return [...said, ...set.map((m) => m[1] as string)];
}

/** Codes that a shell alone hears of. */
function heardAtAShell(): Set<string> {
  const codes = new Set<string>();
  for (const file of sources('kernel/**/*.ts').filter(({ path }) => SHELL.test(path))) {
    walk(parseSync(file.path, file.text).program, ({ type, callee, arguments: given }) => {
      if (type !== 'CallExpression' || callee.name !== 'registerSentences') return;
      for (const { key } of given[0].properties) codes.add(key.name);
    });
  }
  return codes;
}

/** A code as people read it: `store_credit` is Store credit. */
export const words = (code: string): string => {
  const plain = code.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};
