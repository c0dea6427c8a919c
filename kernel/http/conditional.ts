import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problem, registerSentences } from '../problem.ts';

registerSentences({
  condition_not_taken: {
    status: 400,
    sentence: 'If-Match is taken by change, archive and restore of one record. Leave it out here.',
  },
  etag_wrong: {
    status: 400,
    sentence: 'If-Match takes the ETag of the record as you read it, such as "3".',
  },
});

/** Answers what was read with its ETag; 304 where the caller has it already (RFC 9110, 13.1.2). */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  version?: unknown,
): FastifyReply {
  const text = JSON.stringify(answer);
  // A row's version doesn't change with the labels of what it refers to, so the rest is in, too.
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  const tag = version === undefined ? `W/"${hash}"` : `"${version}.${hash}"`;
  reply.header('etag', tag);
  const had = String(request.headers['if-none-match'] ?? '').split(/,\s*/);
  if (had.includes(tag) || had.includes('*')) return reply.status(304).send();
  return reply.type('application/json; charset=utf-8').send(text);
}

/**
 * The input with the version of If-Match, where the body itself says none. What asks so is changed as
 * it was seen or not at all: nothing is merged (RFC 9110, 13.1.1).
 */
export function withVersion(request: FastifyRequest, verb: string): unknown {
  const tag = request.headers['if-match'];
  const { body } = request;
  if (tag === undefined) return body;
  if (!/^(change|archive|restore)$/.test(verb)) throw problem('condition_not_taken');
  const version = /^"(\d{1,9})(\.[\w-]*)?"$/.exec(tag)?.[1];
  if (!version) throw problem('etag_wrong');
  const given = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!given) return body;
  return { version: Number(version), ...(verb === 'change' ? { exactly: true } : {}), ...body };
}

/** A condition that did not hold is told by its own status: 412. */
export function refusedFor(request: FastifyRequest, error: unknown): unknown {
  const unmet =
    request.headers['if-match'] && error instanceof Problem && error.code === 'changed_meanwhile';
  if (!unmet) return error;
  const { code, params, message, errors } = error;
  return new Problem(code, { status: 412, params, message, ...(errors ? { errors } : {}) });
}

/** Answers a write: without a body where the caller prefers that (RFC 7240). */
export function sendWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
): FastifyReply {
  const { id } = (answer ?? {}) as { id?: unknown };
  const made = /^(.*)\/create$/.exec(request.url)?.[1];
  if (made && typeof id === 'string') reply.header('location', `${made}/${id}`);
  if (!/\breturn=minimal\b/.test(String(request.headers.prefer ?? ''))) {
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer ?? null));
  }
  return reply.header('preference-applied', 'return=minimal').status(204).send();
}
