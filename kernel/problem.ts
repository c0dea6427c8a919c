/** One field of the input that is wrong, with a code and the sentence that says what to do. */
export type FieldError = { field: string; code: string; message: string };

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
    ...(known ? { message: fill(known.sentence, params) } : {}),
    ...(errors ? { errors } : {}),
  });
}

/** Whether a code stands in the register. */
export const isRegistered = (code: string): boolean => register.has(code);

function fill(sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
}
