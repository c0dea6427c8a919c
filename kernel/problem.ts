/** What is wrong with one field of an input. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** A refusal that a person is told: a code of the register, its details, fields where known. */
export class Problem extends Error {
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly errors: FieldError[];

  constructor(code: string, params: Record<string, unknown> = {}, errors: FieldError[] = []) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.params = params;
    this.errors = errors;
  }
}
