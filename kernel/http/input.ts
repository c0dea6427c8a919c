import type { z } from 'zod';
import { wording } from '../i18n/language.ts';
import { problem } from '../problem.ts';

/** A request's body or query as its shape says. Error: input_wrong, naming each field. */
export function checked<T>(shape: z.ZodType<T>, given: unknown): T {
  const parsed = shape.safeParse(given ?? {}, wording());
  if (parsed.success) return parsed.data;
  throw problem(
    'input_wrong',
    {},
    undefined,
    parsed.error.issues.map((i) => ({ field: i.path.join('.'), code: i.code, message: i.message })),
  );
}
