import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { type Caller, call } from '../database/writing/call.ts';
import { problem } from '../problem.ts';
import { attachFile } from './attachment.ts';
import { mostMegabytes } from './limits.ts';
import { cleanName } from './names.ts';
import { type FileStore, fileStore } from './store.ts';
import { ALLOWED, HEAD_BYTES, typeOf } from './types.ts';

/** The form of an id; anything else is nowhere. */
export const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Receiving {
  db: Database;
  home: string;
  store: FileStore;
  megabytes: number;
}

/**
 * Takes a file's bytes as they come, and stores them by their SHA-256; answers the upload's id, which
 * its actor can attach. Errors: file_empty, file_over_limit, file_type_refused; nothing stays then.
 */
async function receive(
  { db, home, store, megabytes }: Receiving,
  actor: string,
  given: { name: string; bytes: Readable },
): Promise<string> {
  const name = cleanName(given.name);
  const drafts = join(home, 'files', 'drafts');
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  const draft = join(drafts, randomUUID());
  const seen = new Seen(megabytes * 1_000_000);
  try {
    await pipeline(given.bytes, seen, createWriteStream(draft, { mode: 0o600 }));
    if (seen.over) throw problem('file_over_limit', { name, limit: megabytes });
    if (seen.size === 0) throw problem('file_empty', { name });
    const type = typeOf(seen.head, name);
    if (!type) throw problem('file_type_refused', { name, allowed: ALLOWED });
    const hash = seen.hash.digest('hex');
    // Known first, so that what removes orphans leaves it alone; then stored.
    const { rows } = await db.door.query('select files_logic.received($1, $2, $3, $4, $5) as id', [
      actor,
      hash,
      seen.size,
      name,
      type,
    ]);
    await store.put(draft, hash, seen.size);
    return rows[0].id;
  } catch (error) {
    throw asProblem(error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Asks, receives, attaches: an upload from any door. Errors: those of receive, not_found, files_not_yours. */
export async function attachFrom(
  { db, home }: { db: Database; home: string },
  caller: Caller,
  { table, id }: { table: string; id: string },
  given: { name: string; bytes: Readable },
): Promise<unknown> {
  const actor = await uploader(db, caller.token, table, id);
  const receiving = { db, home, store: fileStore(home), megabytes: mostMegabytes() };
  const upload_id = await receive(receiving, actor, given);
  const said = { upload_id, table_name: table, row_id: id };
  return call(db, attachFile, { ...caller, key: caller.key ?? upload_id }, said);
}

/** Who uploads, asked before a byte is taken. Errors: not_found, files_not_yours. */
export async function uploader(
  db: Database,
  token: string,
  table: string,
  id: string,
): Promise<string> {
  if (!ID.test(id)) throw problem('not_found');
  try {
    const said = 'select files_logic.check_upload($1, $2, $3) as actor';
    return (await db.app.query(said, [token, table, id])).rows[0].actor;
  } catch (error) {
    throw asProblem(error);
  }
}

/** Looks at bytes as they pass: hash, size, the first of them; nothing passes over the limit. */
class Seen extends Transform {
  readonly hash = createHash('sha256');
  head: Buffer = Buffer.alloc(0);
  size = 0;
  over = false;
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    this.size += chunk.length;
    this.over ||= this.size > this.#most;
    if (!this.over) this.#take(chunk);
    done();
  }

  #take(chunk: Buffer): void {
    this.hash.update(chunk);
    if (this.head.length < HEAD_BYTES) {
      this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
    }
    this.push(chunk);
  }
}
