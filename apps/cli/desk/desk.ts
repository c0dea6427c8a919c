import type { Readable } from 'node:stream';
import type { ListSpec, Page, Row } from '../../../kernel/database/reading/list.ts';
import type { ShownTable } from '../../../kernel/import/sheet_columns.ts';
import type { Paper } from '../../../kernel/print/document.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { type Settings, settings } from '../../../kernel/settings.ts';
import { type SavedSession, savedSession } from './saved_session.ts';

registerSentences({
  no_database_here: {
    status: 404,
    sentence:
      'There is no Kontor in {home} yet. Make one with “kontor init”, name its folder in ' +
      'KONTOR_HOME, or sign in to one elsewhere with “kontor login --url URL”.',
  },
  not_signed_in_there: {
    status: 401,
    sentence: 'You are not signed in to {url}. Use: kontor login --url {url} --username NAME',
  },
});

export interface ReportAnswer {
  title: string;
  columns: { name: string; label: string; type: string }[];
  rows: Row[];
}

export interface PrintWish {
  paper?: Paper;
  language?: string;
}

export interface ColumnOf {
  name: string;
  label: string;
  type: string;
  refers_to: string | null;
}

/** Where a command works: at the database of this machine, or over HTTP at a server elsewhere. */
export interface Desk {
  list(table: string, spec: ListSpec): Promise<Page>;
  /** The most rows that one page can have here. */
  pageRows: number;
  /** The columns of a table that the caller may see, in the table's order. */
  columns(table: string): Promise<ColumnOf[]>;
  /** What an Excel file is written by: every table's labels, and how the shop writes amounts and moments. */
  manner(): Promise<{ tables: ShownTable[]; decimals: number; zone: string }>;
  report(name: string, parameters: Record<string, string>): Promise<ReportAnswer>;
  call(operation: string, input: unknown, key?: string): Promise<unknown>;
  /** Puts a file of this machine on a record. */
  upload(table: string, id: string, path: string): Promise<unknown>;
  /** The bytes of a file. Error: not_found. */
  download(id: string): Promise<Readable>;
  /** A document as PDF. Errors: document_unknown, not_found. */
  print(document: string, id: string, wish: PrintWish): Promise<Buffer>;
  close(): Promise<void>;
}

/** Rows of a list, page after page, as many as `most`. */
export async function* rowsOf(
  desk: Desk,
  table: string,
  spec: ListSpec,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Row> {
  let left = most;
  for (let cursor = spec.cursor; left > 0; ) {
    const limit = Math.min(left, desk.pageRows);
    const page = await desk.list(table, { ...spec, limit, ...(cursor ? { cursor } : {}) });
    yield* page.rows;
    if (!page.next) return;
    left -= page.rows.length;
    cursor = page.next;
  }
}

/** Works at the right desk, and leaves it tidy. */
export async function atDesk<T>(
  { url }: { url?: string },
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const desk = await openDesk(settings(), url);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/**
 * The sign-in to use, where the work is elsewhere: at the address that was named, or where one is
 * signed in and this machine has no data of its own. Error: not_signed_in_there.
 */
export async function sessionElsewhere(
  given: Settings,
  url: string | undefined,
): Promise<SavedSession | undefined> {
  const saved = savedSession();
  if (!url && (!saved || (await import('../../../kernel/database/open.ts')).hasDatabase(given)))
    return undefined;
  const wanted = (url ?? saved?.url ?? '').replace(/\/+$/, '');
  if (saved?.url !== wanted) throw problem('not_signed_in_there', { url: wanted });
  return saved;
}

async function openDesk(given: Settings, url: string | undefined): Promise<Desk> {
  const session = await sessionElsewhere(given, url);
  if (session) return (await import('./remote.ts')).openRemote(session);
  return await (await import('./local.ts')).openLocal(given);
}
