import type pg from 'pg';
import { version } from '../../version.ts';
import type { ArchiveWriter, Written } from './archive.ts';
import { addHome, once, type Progress, writeWhole } from './backup.ts';
import { beginSnapshot, type Contents, openOwner, rowsOf, takeContents } from './walk.ts';

/** The first entry of a dump: what it is, and all that its rows must come to. */
export interface DumpHead extends Contents {
  format: 1;
  kontor: string;
  /** PostgreSQL's version, for instance `18.4`. */
  postgresql: string;
  started_at: string;
}

export const HEAD = 'kontor-dump.json';
/** The last entry: every other one with its size and hash. */
export const MANIFEST = 'kontor-dump-manifest.json';

/** The passwords of one cluster, which mean nothing to another. */
export const OF_CLUSTER = ['secrets/database_admin', 'secrets/logins', 'secrets/logins-foreign'];

const PART_BYTES = 4_000_000;

/**
 * Writes everything into one file (gzipped tar, mode 0600) that loads on another machine, another
 * PostgreSQL and a later Kontor: the rows of every table as of one moment, in the text form of COPY,
 * the attached files and the secrets. Throws what writeWhole throws.
 */
export async function dump(
  home: string,
  admin: pg.ClientConfig,
  toFile: string,
  progress: Progress = () => {},
): Promise<{ bytes: number; rows: number }> {
  let rows = 0;
  const { bytes } = await writeWhole(home, toFile, async (archive) => {
    const client = await openOwner(admin);
    try {
      rows = await writeDump(home, client, archive, progress);
    } finally {
      await client.end().catch(() => {});
    }
  });
  return { bytes, rows };
}

async function writeDump(
  home: string,
  client: pg.Client,
  archive: ArchiveWriter,
  progress: Progress,
): Promise<number> {
  await beginSnapshot(client);
  const contents = await takeContents(client, (_table, done, total) =>
    progress({ step: 'counting', done, total }),
  );
  const server = await client.query(`select current_setting('server_version') as version`);
  const head: DumpHead = {
    format: 1,
    kontor: version,
    postgresql: server.rows[0].version,
    started_at: new Date().toISOString(),
    ...contents,
  };
  const entries: Record<string, Written> = {};
  await addText(archive, HEAD, head);
  const total = contents.tables.reduce((sum, t) => sum + t.rows, 0);
  let done = 0;
  for (const table of contents.tables) {
    let part = 0;
    for await (const bytes of inParts(rowsOf(client, table))) {
      const path = `tables/${table.name}/${String(part++).padStart(6, '0')}`;
      entries[path] = await archive.file(path, bytes.length, once(bytes));
    }
    done += table.rows;
    progress({ step: 'writing the rows', done, total });
  }
  await client.query('commit');
  progress({ step: 'writing the files', done: 0, total: 0 });
  await addHome(home, archive, entries, OF_CLUSTER);
  await addText(archive, MANIFEST, entries);
  return total;
}

/** A tar names the size of a file before its content: rows come in parts that fit in memory. */
async function* inParts(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let some: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of rows) {
    some.push(chunk);
    bytes += chunk.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(some);
    some = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(some);
}

async function addText(archive: ArchiveWriter, path: string, said: unknown): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(said, null, 2));
  await archive.file(path, bytes.length, once(bytes));
}
