import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { Problem, problem, registerSentences } from '../../problem.ts';
import { compareVersions, version } from '../../version.ts';
import { deploy } from '../deploy/deploy.ts';
import { type Entry, readArchive, type Written } from './archive.ts';
import type { Progress } from './backup.ts';
import { type DumpHead, HEAD, MANIFEST } from './dump.ts';
import { text, write } from './restore.ts';
import { fillTables } from './walk.ts';

registerSentences({
  load_no_file: { status: 404, sentence: 'The dump {path} is not there or not a file.' },
  load_not_a_dump: {
    status: 422,
    sentence: '{path} is not a dump that Kontor made. A backup is brought back by “restore”.',
  },
  load_damaged: {
    status: 422,
    sentence: 'The dump {path} is damaged ({reason}). Nothing was loaded; use another one.',
  },
  load_needs_module: {
    status: 422,
    sentence:
      'The dump {path} holds data of the module {name}, which is not here. Add it first, then ' +
      'load again. Nothing was loaded.',
  },
  load_too_new: {
    status: 422,
    sentence:
      'The dump {path} was made by Kontor {found}, and this is {here}. Load it with that version ' +
      'or a later one. Nothing was loaded.',
  },
});

export interface LoadOptions {
  /** Looks at the whole before it is kept; what it throws refuses it. */
  check(client: pg.ClientBase): Promise<void>;
  progress?: Progress;
}

/**
 * Loads a dump into an empty database and the folder of a home, in one transaction: schema as it was,
 * rows, what later versions brought, logic, then every rule is looked at. Throws load_no_file,
 * load_not_a_dump, load_damaged, load_too_new, database_not_empty, rows_differ; then nothing is left.
 */
export async function load(
  fromFile: string,
  home: string,
  admin: pg.ClientConfig,
  { check, progress = () => {} }: LoadOptions,
): Promise<DumpHead> {
  const file = resolve(fromFile);
  const head = await readHead(file);
  try {
    await deploy(admin, undefined, version, {
      files: head.schema_files,
      fill: (client) =>
        fillTables(
          client,
          head,
          (put) => readRows(file, home, put, progress),
          (_table, done, total) => progress({ step: 'comparing', done, total }),
        ),
      async check(client) {
        progress({ step: 'checking every rule', done: 0, total: 0 });
        await check(client);
      },
    });
  } catch (error) {
    throw inSentence(error, file, true);
  }
  return head;
}

/** What a dump says of itself. Throws load_no_file, load_not_a_dump, load_too_new. */
export async function readHead(file: string): Promise<DumpHead> {
  let head: DumpHead | undefined;
  try {
    await readArchive(file, async (entry, content) => {
      if (entry.path !== HEAD) throw problem('load_not_a_dump', { path: file });
      head = JSON.parse(await text(content));
      throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw inSentence(error, file, false);
  }
  if (head?.format !== 1) throw problem('load_not_a_dump', { path: file });
  if (compareVersions(head.kontor, version) > 0) {
    throw problem('load_too_new', { path: file, found: head.kontor, here: version });
  }
  return head;
}

/** Enough was read. */
class Enough extends Error {}

async function readRows(
  file: string,
  home: string,
  put: (table: string, rows: AsyncIterable<Buffer>) => Promise<void>,
  progress: Progress,
): Promise<void> {
  const found = new Map<string, Written>();
  let wanted: Record<string, Written> | undefined;
  let done = 0;
  const take = async (entry: Entry, content: AsyncIterable<Buffer>) => {
    const [top, table = ''] = entry.path.split('/');
    if (entry.path === HEAD) await text(content);
    else if (entry.path === MANIFEST) wanted = JSON.parse(await text(content));
    else if (entry.kind === 'folder') return;
    else if (top === 'tables') {
      const hash = createHash('sha256');
      await put(table, hashed(content, hash));
      found.set(entry.path, { bytes: entry.bytes, sha256: hash.digest('hex') });
      done += entry.bytes;
      progress({ step: 'loading the rows', done, total: 0 });
    } else if (top === 'files' || top === 'secrets') {
      found.set(entry.path, await write(join(home, entry.path), content));
    } else throw damaged(file, `${entry.path} is not expected`);
  };
  await readArchive(file, take);
  if (!wanted) throw damaged(file, 'its end is missing');
  for (const path of new Set([...Object.keys(wanted), ...found.keys()])) {
    const same = found.get(path)?.sha256 === wanted[path]?.sha256;
    if (!same) throw damaged(file, `${path} is not as it was`);
  }
}

async function* hashed(
  content: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

const damaged = (path: string, reason: string) => problem('load_damaged', { path, reason });

function inSentence(error: unknown, path: string, begun: boolean): unknown {
  if (error instanceof Problem) {
    const [name = ''] = String(error.params.file ?? '').split('/');
    if (error.code === 'database_is_newer' && name.startsWith('x_')) {
      return problem('load_needs_module', { path, name }, error);
    }
    // The two say of a database what here is said of the file.
    if (error.code === 'database_is_newer' || error.code === 'schema_file_edited') {
      return problem('load_too_new', { path, found: error.message, here: version }, error);
    }
    return error;
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (['ENOENT', 'EISDIR', 'EACCES'].includes(code) && !begun) {
    return problem('load_no_file', { path }, error);
  }
  const ofFile = code.startsWith('Z_') || error instanceof SyntaxError || /archive/.test(message);
  // Class 22 and 23: rows that are no rows of these tables.
  const ofRows = /^2[23]/.test(code);
  if (!ofFile && !ofRows) return error;
  return begun ? damaged(path, message) : problem('load_not_a_dump', { path }, error);
}
