import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../database/connect.ts';
import { retrying } from '../database/refusal.ts';
import { timed } from '../database/timed.ts';
import { languagesOf, SOURCE, translated } from '../i18n/language.ts';
import type { Mail } from '../module.ts';
import { modules } from '../modules.ts';
import { problem, registerSentences } from '../problem.ts';
import { isRightToLeft, tagOf } from '../ui/base/writing.ts';
import { written } from './figures.ts';

registerSentences({
  document_unknown: {
    status: 404,
    sentence: 'There is no document {document} to print.',
  },
  too_many_documents: {
    status: 503,
    sentence: 'Too many documents are being printed at this moment. Try again in a minute.',
  },
});

export const PAPERS = ['a4', 'a5', 'letter', 'roll'] as const;
export type Paper = (typeof PAPERS)[number];

interface KnownDocument {
  /** `module.table`. */
  name: string;
  module: string;
  label: string;
  /** The SQL function that answers what stands on it, as the caller sees it; nothing is not found. */
  reads: string;
  number: string;
  template: string;
  /** The texts of the template, which stand in the module's catalogues. */
  words: string[];
  /** The languages that say all of them. */
  languages: string[];
  mail: Mail | undefined;
}

export interface Printed {
  pdf: Buffer;
  pages: number;
  /** What the document is called, such as `Receipt T1-A00001`. */
  title: string;
  /** In which it is: English where it can’t be in the one that was asked for. */
  language: string;
  data: Record<string, unknown>;
}

export interface Wish {
  paper?: Paper | undefined;
  language?: string | undefined;
}

/** Where sheets are of the letter size; elsewhere they are A4. */
const LETTER = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO', 'VE', 'CR', 'GT', 'DO']);

let read: Promise<Map<string, KnownDocument>> | undefined;

/** The documents that modules declare, with their templates `<name>.template.typ`. */
export function documents(): Promise<Map<string, KnownDocument>> {
  read ??= readDocuments();
  return read;
}

/**
 * A document as PDF, of what the owner of the token may read. Errors: document_unknown, not_found.
 */
export async function printDocument(
  db: Database,
  token: string,
  which: { document: string; id: string },
  wish: Wish = {},
): Promise<Printed> {
  const known = (await documents()).get(which.document);
  if (!known) throw problem('document_unknown', { document: which.document });
  return await timed('document', known.name, () => print(db, token, known, which.id, wish));
}

/**
 * What stands on a document, unwritten: for a screen that shows the same as the paper. Errors:
 * document_unknown, not_found.
 */
export async function documentData(
  db: Database,
  token: string,
  which: { document: string; id: string },
  wish: Wish = {},
): Promise<Record<string, unknown>> {
  const known = (await documents()).get(which.document);
  if (!known) throw problem('document_unknown', { document: which.document });
  return (await readData(db, token, known, which.id, wish.language ?? SOURCE)).data;
}

async function print(
  db: Database,
  token: string,
  known: KnownDocument,
  id: string,
  wish: Wish,
): Promise<Printed> {
  const language = known.languages.find((l) => l === wish.language) ?? SOURCE;
  const { data, logo } = await readData(db, token, known, id, language);
  const country = String(data.country ?? '');
  const words = Object.fromEntries(
    known.words.map((text) => [text, translated(text, language, known.module)]),
  );
  const title = `${words[known.label] ?? known.label} ${data.number ?? ''}`.trim();
  const { typeset } = await import('./typesetter.ts');
  const { pdf, pages } = await typeset({
    template: known.template,
    logo,
    made_at: Math.floor(new Date(String(data.made_at ?? 0)).getTime() / 1000),
    data: {
      ...(written(data, tagOf(language, `${language}-${country || 'US'}`)) as object),
      ...{ words, title, language, has_logo: logo !== undefined },
      paper: wish.paper ?? (LETTER.has(country) ? 'letter' : 'a4'),
      direction: isRightToLeft(language) ? 'rtl' : 'ltr',
    },
  });
  return { pdf, pages, title, language, data };
}

/** What stands on it, read in the caller's own session: the policies decide what there is. */
async function readData(
  db: Database,
  token: string,
  known: KnownDocument,
  id: string,
  language: string,
): Promise<{ data: Record<string, unknown>; logo: Uint8Array | undefined }> {
  return await retrying(async () => {
    const client = await db.app.connect();
    try {
      const [, , found, look] = await Promise.all([
        client.query('begin read only'),
        client.query('select kernel_logic.set_actor($1)', [token]),
        client.query(`select ${known.reads}($1, $2) as data`, [id, language]),
        client.query('select logo from kernel.appearance'),
        client.query('commit'),
      ]);
      if (!found.rows[0]?.data) throw problem('not_found');
      return { data: JSON.parse(found.rows[0].data), logo: look.rows[0]?.logo ?? undefined };
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  });
}

async function readDocuments(): Promise<Map<string, KnownDocument>> {
  const found = new Map<string, KnownDocument>();
  for (const m of await modules()) {
    for (const [name, { label, reads, number, mail }] of Object.entries(m.documents ?? {})) {
      const template = templateOf(m, name);
      const words = [...new Set([label, ...wordsOf(template), ...Object.values(mail ?? {})])];
      const document = `${m.name}.${name}`;
      const languages = languagesOf(m.name, words);
      const known = { name: document, module: m.name, label, reads, number, mail, template };
      found.set(document, { ...known, words, languages });
    }
  }
  return found;
}

function templateOf({ name, folder }: { name: string; folder: string }, document: string): string {
  const file = `${document}.template.typ`;
  const broken = (why: string) => problem('module_broken', { name, why });
  if (!existsSync(join(folder, file))) throw broken(`There is no ${file}.`);
  const template = readFileSync(join(folder, file), 'utf8');
  // The compiler would fetch such a package from elsewhere.
  if (/"@[a-z]/.test(template)) throw broken(`${file} imports a package, which nothing may.`);
  return template;
}

/** The texts of a template: what it says by `t("…")`. */
const wordsOf = (template: string): string[] => [
  ...new Set([...template.matchAll(/\bt\("([^"]+)"[,)]/g)].map((m) => m[1] as string)),
];
