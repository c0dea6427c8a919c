import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asProblem } from '../database/refusal.ts';
import { language, translated } from '../i18n/language.ts';
import { Problem, problem, wordsOf } from '../problem.ts';

/** When to come again where the database is away or too many ask. */
const RETRY_SECONDS = 2;

/** Answers every error as a problem by RFC 9457; nothing internal leaves the server. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = knownProblem(error, request);
    if (known.status >= 500) request.log.error({ err: error, code: known.code }, 'failed');
    else request.log.info({ code: known.code, status: known.status }, 'refused');
    return sendProblem(reply, known);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problem('page_not_found', { path: request.url.split('?')[0] ?? '' })),
  );
}

export function sendProblem(reply: FastifyReply, known: Problem): FastifyReply {
  if (known.status === 503) reply.header('retry-after', RETRY_SECONDS);
  const said = language();
  const { message, errors } = wordsOf(known, (text) => translated(text, said));
  return reply
    .status(known.status)
    .type('application/problem+json')
    .send({
      type: `/api/errors#${known.code}`,
      title: message,
      status: known.status,
      code: known.code,
      detail: message,
      params: known.params,
      request_id: reply.request.id,
      errors,
    });
}

function knownProblem(error: FastifyError, request: FastifyRequest): Problem {
  const made = asProblem(error);
  if (made instanceof Problem) return made;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return problem('body_too_large', { limit: '1 MB' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem('body_not_json', { why: 'send Content-Type: application/json.' });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problem('body_not_json', { why: 'it is empty.' });
  }
  if (error.statusCode === 429) return problem('too_many_requests');
  if (error instanceof SyntaxError || error.statusCode === 400) {
    return problem('body_not_json', { why: error.message });
  }
  return problem('internal', { request_id: request.id }, error);
}
