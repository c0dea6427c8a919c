import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../database/writing/call.ts';
import { problem } from '../problem.ts';

export const COOKIE = 'kontor_session';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The session's token, by cookie or bearer header; a cookie's writes must carry its CSRF token. */
export function tokenOf(request: FastifyRequest): string {
  const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const token = request.cookies[COOKIE];
  if (!token) throw problem('not_signed_in');
  if (!SAFE.has(request.method)) checkCsrf(request, token);
  return token;
}

/** What a page must send with its writes: only who read an answer of ours can know it. */
export const csrfOf = (token: string): string =>
  createHash('sha256').update(`csrf ${token}`).digest('base64url');

export function callerOf(request: FastifyRequest): Caller {
  const key = request.headers['idempotency-key'];
  const approval = request.headers['x-approval'];
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(String(key))) throw problem('key_wrong');
  return {
    token: tokenOf(request),
    ...(key ? { key: String(key) } : {}),
    request_id: request.id,
    address: request.ip,
    ...(approval ? { approval: String(approval) } : {}),
  };
}

function checkCsrf(request: FastifyRequest, token: string): void {
  const said = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const wanted = Buffer.from(csrfOf(token));
  if (said.length !== wanted.length || !timingSafeEqual(said, wanted)) throw problem('csrf_wrong');
}
