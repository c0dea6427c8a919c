import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../kernel/database/connect.ts';
import { asProblem } from '../../kernel/database/refusal.ts';
import { checked } from '../../kernel/http/input.ts';
import { tokenOf } from '../../kernel/http/who.ts';
import type {
  FileReport,
  GivenFile,
  GivenMapping,
  ShownTarget,
} from '../../kernel/import/import.ts';
import { Problem, problem } from '../../kernel/problem.ts';

const MOST_BYTES = 50 * 1024 * 1024;
const MOST_FILES = 50;
const LIMITS = { fileSize: MOST_BYTES, files: MOST_FILES, fields: 10 };
const KEPT_MS = 3_600_000;

const NAME = z.string().max(500);
const GIVEN = z.record(
  NAME,
  z.strictObject({
    table: NAME.nullish(),
    columns: z.record(NAME, NAME.nullable()).optional(),
  }),
);
const CORRECTION = z.strictObject({ mapping: GIVEN });
const MAPPING = z
  .string()
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      addIssue('This isn’t JSON.');
      return z.NEVER;
    }
  })
  .pipe(GIVEN);

interface Import {
  id: string;
  owner: string;
  state: 'reading' | 'checked' | 'loading' | 'done' | 'failed' | 'cancelled';
  step: string;
  done: number;
  total: number;
  given: GivenFile[];
  mapping: GivenMapping;
  files: FileReport[];
  targets: ShownTarget[];
  /** By which the import is undone, once it is loaded. */
  batch?: string;
  problem?: { code: string; detail: string };
  abort: AbortController;
}

/** Files by the browser: dropped, checked in a dry run, then loaded or thrown away. */
export async function importRoutes(
  app: FastifyInstance,
  db: Database,
  home: string,
): Promise<void> {
  const imports = new Map<string, Import>();
  const folder = join(home, 'run', 'import');
  rmSync(folder, { recursive: true, force: true });

  const forget = (one: Import) => {
    imports.delete(one.id);
    rmSync(join(folder, one.id), { recursive: true, force: true });
  };
  const mine = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<Import> => {
    const one = imports.get(request.params.id);
    if (!one || one.owner !== (await userOf(db, tokenOf(request)))) throw problem('import_unknown');
    return one;
  };

  app.post('/api/v1/import', async (request, reply) => {
    const token = tokenOf(request);
    const owner = await userOf(db, token, 'kernel.import');
    const id = randomUUID();
    const { given, mapping } = await receive(request, join(folder, id));
    if (given.length === 0) throw problem('no_files');
    const one: Import = {
      id,
      owner,
      state: 'reading',
      step: 'reading',
      done: 0,
      total: given.length,
      given,
      mapping,
      files: [],
      targets: [],
      abort: new AbortController(),
    };
    imports.set(id, one);
    setTimeout(() => forget(one), KEPT_MS).unref();
    void work(db, one, token, request, true);
    return reply.status(202).send({ id });
  });

  app.get<{ Params: { id: string } }>('/api/v1/import/:id', async (request) =>
    shown(await mine(request)),
  );

  // What was taken for something else is corrected, and all is checked again.
  app.post<{ Params: { id: string } }>('/api/v1/import/:id/check', async (request, reply) => {
    const { corrected } = await import('../../kernel/import/recognise.ts');
    const one = await mine(request);
    // Nothing is waited for between this and the new state: a load that came meanwhile would run beside.
    if (one.state !== 'checked') throw problem('import_not_ready', { state: one.state });
    const { mapping } = checked(CORRECTION, request.body);
    one.mapping = corrected(one.mapping, mapping);
    one.state = 'reading';
    void work(db, one, tokenOf(request), request, true);
    return reply.status(202).send(shown(one));
  });

  app.post<{ Params: { id: string } }>('/api/v1/import/:id/load', async (request, reply) => {
    const one = await mine(request);
    if (one.state !== 'checked') throw problem('import_not_ready', { state: one.state });
    one.state = 'loading';
    void work(db, one, tokenOf(request), request, false);
    return reply.status(202).send(shown(one));
  });

  app.delete<{ Params: { id: string } }>('/api/v1/import/:id', async (request) => {
    const one = await mine(request);
    one.abort.abort(new Error('cancelled'));
    if (one.state !== 'loading' && one.state !== 'reading') forget(one);
    return { cancelled: true };
  });
}

async function work(
  db: Database,
  one: Import,
  token: string,
  request: FastifyRequest,
  dryRun: boolean,
): Promise<void> {
  try {
    // Readers of files are loaded with the first import: most days bring none.
    const { importFiles } = await import('../../kernel/import/import.ts');
    const { id, files, targets } = await importFiles({
      pool: db.app,
      token,
      files: one.given,
      mapping: one.mapping,
      dryRun,
      signal: one.abort.signal,
      requestContext: { request_id: request.id, address: request.ip },
      onProgress: ({ step, done, total }) => Object.assign(one, { step, done, total }),
    });
    Object.assign(one, { files, targets, ...(id ? { batch: id } : {}) });
    one.state = dryRun || !id ? 'checked' : 'done';
  } catch (error) {
    if (one.abort.signal.aborted) {
      one.state = 'cancelled';
      return;
    }
    const known = asProblem(error);
    const told = known instanceof Problem ? known : problem('internal', { request_id: request.id });
    if (told.status >= 500) request.log.error({ err: error }, 'import failed');
    one.state = 'failed';
    one.problem = { code: told.code, detail: told.message };
  }
}

/** Writes what comes to disk as it comes: fifty files of 50 MB are no reason to fill the memory. */
async function receive(
  request: FastifyRequest,
  folder: string,
): Promise<{ given: GivenFile[]; mapping: GivenMapping }> {
  const given: GivenFile[] = [];
  let mapping: GivenMapping = {};
  try {
    for await (const part of request.parts({ limits: LIMITS })) {
      if (part.type === 'field') {
        if (part.fieldname === 'mapping') mapping = checked(MAPPING, part.value);
        continue;
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, String(given.length));
      await pipeline(part.file, createWriteStream(path, { mode: 0o600 }));
      if (part.file.truncated) throw problem('file_too_large', { file: part.filename });
      given.push({ name: part.filename, path });
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { given, mapping };
}

async function userOf(db: Database, token: string, permission?: string): Promise<string> {
  try {
    const { rows } = await db.app.query('select kernel_logic.me($1) as me', [token]);
    const me = JSON.parse(rows[0].me) as {
      user: { id: string };
      permissions: Record<string, unknown>;
    };
    if (permission && !me.permissions[permission]) throw problem('not_permitted', { permission });
    return me.user.id;
  } catch (error) {
    throw asProblem(error);
  }
}

const shown = ({
  id,
  state,
  step,
  done,
  total,
  files,
  targets,
  batch,
  problem: wrong,
}: Import) => ({
  id,
  state,
  step,
  done,
  total,
  files,
  ...(state === 'checked' || state === 'reading' ? { targets } : {}),
  ...(batch ? { batch } : {}),
  ...(wrong ? { problem: wrong } : {}),
});
