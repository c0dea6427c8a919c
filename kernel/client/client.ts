import type { Answers, Inputs, Reports, Rows } from './types.ts';

// The client package: this file and the types that are made for it. It runs in Node and browsers,
// and uses nothing but fetch.

/** What was refused, by RFC 9457. `code` is for programs, the message for people. */
export class KontorProblem extends Error {
  override readonly name = 'KontorProblem';
  readonly code: string;
  readonly status: number;
  readonly requestId: string;
  readonly errors: { field: string; code: string; message: string }[];

  constructor(status: number, said: Record<string, unknown>) {
    super(String(said.detail ?? said.title ?? status));
    this.code = String(said.code ?? 'unknown');
    this.status = status;
    this.requestId = String(said.request_id ?? '');
    this.errors = Array.isArray(said.errors) ? (said.errors as KontorProblem['errors']) : [];
  }
}

export interface ListWishes<Column extends string> {
  q?: string;
  filter?: [Column | `${string}.${string}`, string, unknown?][];
  /** Columns; - before one for the other way. */
  sort?: (Column | `-${Column}`)[];
  columns?: Column[];
  limit?: number;
}

export interface Options {
  /** Such as https://shop.example; the API's path is added. */
  url: string;
  token?: string;
  fetch?: typeof fetch;
}

/** Kontor over HTTP. Every method throws KontorProblem for what was refused. */
export class Kontor {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  #token: string | undefined;

  constructor({ url, token, fetch: by = fetch }: Options) {
    this.#base = `${url.replace(/\/$/, '')}/api/v1`;
    this.#token = token;
    this.#fetch = by;
  }

  /** Signs in; later calls go as this person. Answers the token, to be kept secret. */
  async signIn(login: string, password: string): Promise<string> {
    const body = { login, password, bearer: true };
    const { token } = await this.#ask<{ token: string }>('POST', '/session', { body });
    this.#token = token;
    return token;
  }

  async signOut(): Promise<void> {
    await this.#ask('DELETE', '/session');
    this.#token = undefined;
  }

  /** Runs an operation. Give the same `key` when you try the same again: it then acts once. */
  call<Name extends keyof Inputs & string>(
    operation: Name,
    input: Inputs[Name],
    { key = crypto.randomUUID() }: { key?: string } = {},
  ): Promise<Answers[Name]> {
    const headers = { 'idempotency-key': key };
    return this.#ask('POST', `/${operation.replaceAll('.', '/')}`, { body: input, headers });
  }

  /** Every row, asked for page by page. */
  async *list<Table extends keyof Rows & string>(
    table: Table,
    wishes: ListWishes<keyof Rows[Table] & string> = {},
  ): AsyncGenerator<Rows[Table]> {
    for (let cursor: string | null = null; ; ) {
      const said = new URLSearchParams();
      if (wishes.q) said.set('q', wishes.q);
      if (wishes.filter) said.set('filter', JSON.stringify(wishes.filter));
      if (wishes.sort) said.set('sort', wishes.sort.join(','));
      if (wishes.columns) said.set('columns', wishes.columns.join(','));
      said.set('limit', String(wishes.limit ?? 200));
      if (cursor) said.set('cursor', cursor);
      const path = `/${table.replace('.', '/')}?${said}`;
      const page: { rows: Rows[Table][]; next: string | null } = await this.#ask('GET', path);
      yield* page.rows;
      if (!page.next) return;
      cursor = page.next;
    }
  }

  /** One row by its id. */
  async get<Table extends keyof Rows & string>(table: Table, id: string): Promise<Rows[Table]> {
    const path = `/${table.replace('.', '/')}/${id}`;
    return (await this.#ask<{ row: Rows[Table] }>('GET', path)).row;
  }

  report<Name extends keyof Reports & string>(
    name: Name,
    parameters: Reports[Name],
  ): Promise<{ title: string; columns: { name: string; label: string }[]; rows: object[] }> {
    const said = new URLSearchParams(parameters as Record<string, string>);
    return this.#ask('GET', `/report/${name}?${said}`);
  }

  async #ask<T>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<T> {
    const response = await this.#fetch(this.#base + path, {
      method,
      headers: {
        ...headers,
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text ? JSON.parse(text) : null;
    if (!response.ok) throw new KontorProblem(response.status, answer ?? {});
    return answer as T;
  }
}

export type { Answers, Inputs, Reports, Rows };
