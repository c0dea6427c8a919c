import { createReadStream } from 'node:fs';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { list } from '../database/reading/list.ts';
import { callerOf, tokenOf } from '../http/who.ts';
import { problem } from '../problem.ts';
import { mostMegabytes } from './limits.ts';
import { dispositionOf } from './names.ts';
import { attachFrom, ID, uploader } from './receive.ts';
import { fileStore } from './store.ts';
import { thumbnail } from './thumbnail.ts';
import { PICTURES, SHOWN } from './types.ts';

interface Attachment {
  id: string;
  name: string;
  content_type: string;
  size: string;
  hash: string;
}
type Which = { Params: { id: string } };

/** Files on records: up with a form, down with ranges, and as small pictures. */
export async function fileRoutes(
  app: FastifyInstance,
  { db, home }: { db: Database; home: string },
): Promise<void> {
  const store = fileStore(home);
  const megabytes = mostMegabytes();
  await app.register(multipart);

  app.post<{ Params: { table: string; id: string } }>(
    '/api/v1/files/:table(^[a-z_]+\\.[a-z_]+$)/:id',
    async (request) => {
      const { table, id } = request.params;
      const caller = callerOf(request);
      // Asked first, so that a refusal comes before a long upload and not after it.
      await uploader(db, caller.token, table, id);
      const part = request.isMultipart()
        ? await request.file({ limits: { fileSize: megabytes * 1_000_000 + 1, files: 1 } })
        : undefined;
      if (!part) throw problem('no_files');
      const given = { name: part.filename, bytes: part.file };
      return attachFrom({ db, home }, caller, { table, id }, given);
    },
  );

  // A range is one of the file's own bytes.
  app.get<Which>('/api/v1/file/:id', { compress: false }, async (request, reply) => {
    const file = await attachment(db, request);
    const size = Number(file.size);
    const kind = SHOWN.has(file.content_type) ? 'inline' : 'attachment';
    reply.type(file.content_type).header('content-disposition', dispositionOf(kind, file.name));
    if (quiet(reply, file.hash, request)) return reply.status(304).send();
    const range = rangeOf(request.headers.range, size);
    if (range === 'none')
      return reply.status(416).header('content-range', `bytes */${size}`).send();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    if (range) reply.status(206).header('content-range', `bytes ${start}-${end}/${size}`);
    reply.header('accept-ranges', 'bytes').header('content-length', end - start + 1);
    return reply.send(await store.read(file.hash, start, end));
  });

  app.get<Which>('/api/v1/file/:id/thumbnail', async (request, reply) => {
    const file = await attachment(db, request);
    if (!PICTURES.has(file.content_type)) throw problem('no_thumbnail');
    const path = await thumbnail(home, store, file.hash, Number(file.size));
    reply.type('image/webp');
    const known = quiet(reply, `${file.hash}-small`, request);
    // Lists and tills are full of them, and what an id shows never changes: a browser keeps it a day.
    reply.header('cache-control', 'private, max-age=86400');
    if (known) return reply.status(304).send();
    return reply.send(createReadStream(path));
  });
}

/** The file, where the caller may read its record. Error: not_found. */
async function attachment(db: Database, request: FastifyRequest<Which>): Promise<Attachment> {
  const { id } = request.params;
  if (!ID.test(id)) throw problem('not_found');
  const page = await list(db, tokenOf(request), 'files.attachment', { filter: [['id', '=', id]] });
  if (!page.rows[0]) throw problem('not_found');
  return page.rows[0] as unknown as Attachment;
}

/** Headers that keep a browser from running a file; true where it has the file already. */
function quiet(reply: FastifyReply, tag: string, request: FastifyRequest): boolean {
  reply
    .header('etag', `"${tag}"`)
    .header('cache-control', 'private, no-cache')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'");
  return request.headers['if-none-match'] === `"${tag}"`;
}

/** One range of bytes; undefined for the whole file, 'none' where it lies outside. */
function rangeOf(header: string | undefined, size: number) {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!from && !to) return undefined;
  const start = from ? Number(from) : Math.max(size - Number(to), 0);
  const end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  return start > end || (!from && Number(to) === 0) ? 'none' : { start, end };
}
