/** One field of the input that is wrong, with a code and the sentence that says what to do. */
export type FieldError = {
  field: string;
  code: string;
  message: string;
  /** Where somebody else changed the field meanwhile; who and when for who may see the trail. */
  conflict?: {
    was: unknown;
    theirs: unknown;
    yours: unknown;
    changed_by: string | null;
    changed_at: string | null;
  };
};

export type Params = Record<string, string | number | boolean | null>;

/** What a code means: the status of HTTP and the English sentence, with `{name}` for parameters. */
export type Sentence = { status: number; sentence: string };

type Options = {
  status?: number;
  params?: Params;
  message?: string;
  errors?: FieldError[];
  cause?: unknown;
};

/** An error that says what to do. `code` is for programs, `message` for people. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly params: Params;
  readonly errors?: FieldError[];

  constructor(code: string, options: Options = {}) {
    super(options.message ?? code, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.params = options.params ?? {};
    if (options.errors) this.errors = options.errors;
  }
}

const register = new Map<string, Sentence>();

/** Adds the sentences of one part to the register. */
export function registerSentences(sentences: Record<string, Sentence>): void {
  for (const [code, sentence] of Object.entries(sentences)) register.set(code, sentence);
}

const allowed = new Map<string, string>();

/** Adds what permissions allow, by the sentences of one module. */
export function registerPermissions(sentences: Record<string, string>): void {
  for (const [permission, sentence] of Object.entries(sentences)) allowed.set(permission, sentence);
}

// A permission is told by what it allows; its code stands beside it for who gives rights.
function named(params: Params): Params {
  if (typeof params.permission !== 'string') return params;
  return { ...params, allows: allowed.get(params.permission) ?? params.permission };
}

/** Every code with its sentence. */
export const sentences = (): ReadonlyMap<string, Sentence> => register;

/** Makes the Problem of a registered code; an unknown code becomes its own message. */
export function problem(
  code: string,
  params: Params = {},
  cause?: unknown,
  errors?: FieldError[],
): Problem {
  const known = register.get(code);
  return new Problem(code, {
    status: known?.status ?? 500,
    params,
    cause,
    ...(known ? { message: fill(known.sentence, named(params)) } : {}),
    ...(errors ? { errors } : {}),
  });
}

/** A field's error by its sentence, with `{name}` for parameters; they may hold such names, too. */
export function fieldError(
  field: string,
  code: string,
  sentence: string,
  params: Params = {},
): FieldError {
  const made = { field, code, message: fill(sentence, params) };
  madeOf.set(made, { sentence, params });
  return made;
}

/** The sentences that messages were made of, for who reads another language. */
const madeOf = new WeakMap<FieldError, { sentence: string; params: Params }>();

/** Marks an English text that stands in no register, so that it is translated. */
export const phrase = (text: string): string => text;

/** Parameters that hold a text of ours, not a value of somebody's. */
const TEXTS = new Set([
  'label',
  'allows',
  'why',
  'asked',
  'who',
  'now',
  'table',
  'column',
  'field',
]);

/** What a problem says in another language, by a function that translates a text. */
export function wordsOf(
  { code, message, errors, params }: Problem,
  translate: (text: string) => string,
): { message: string; errors: FieldError[] } {
  const filled = (sentence: string, values: Params) => {
    const entries = Object.entries(named(values)).map(([name, value]) => {
      const text = TEXTS.has(name) && typeof value === 'string' ? translate(value) : value;
      return [name, text] as const;
    });
    return fill(translate(sentence), Object.fromEntries(entries));
  };
  const known = register.get(code);
  // Somebody's own message isn't the register's.
  const own = known && fill(known.sentence, named(params)) === message;
  return {
    message: own ? filled(known.sentence, params) : translate(message),
    errors: (errors ?? []).map((error) => {
      const said = madeOf.get(error);
      const same = own && error.message === message;
      const text = said
        ? filled(said.sentence, said.params)
        : same
          ? filled(known.sentence, params)
          : translate(error.message);
      return { ...error, message: text };
    }),
  };
}

/** Whether a code stands in the register. */
export const isRegistered = (code: string): boolean => register.has(code);

function fill(sentence: string, params: Params): string {
  const once = (text: string, depth: number): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      if (!(name in params)) return whole;
      const value = String(params[name]);
      return depth > 0 && TEXTS.has(name) ? once(value, depth - 1) : value;
    });
  // A sentence holds a reason, which holds what is asked for, which holds values.
  return once(sentence, 2);
}
