import { type Locale, language, t } from './i18n.ts';
import type {
  Catalogue,
  ColumnType,
  FieldError,
  Figure,
  Filter,
  Me,
  Page,
  Report,
  Row,
} from './types.ts';
import { uuidv7 } from './uuid.ts';
import { timeZone } from './zone.ts';

const base = '/api/v1';
let csrf = '';

/** What the server refused (RFC 9457), or `network` where it could not be reached. */
export class ApiProblem extends Error {
  status: number;
  code: string;
  requestId: string;
  errors: FieldError[];
  params: Row;
  constructor(status: number, body: Row, requestId: string) {
    super(String(body.detail ?? body.title ?? body.code ?? status));
    this.status = status;
    this.code = String(body.code ?? (status ? 'unknown' : 'network'));
    this.requestId = String(body.request_id ?? requestId);
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldError[]) : [];
    this.params = body;
  }
}

/** Told by `request`: whether the server was reached, and that a session has ended. */
export const hooks = {
  reached: (_reached: boolean): void => {},
  signInAgain: (): Promise<boolean> => Promise.resolve(false),
  /** Switches the page's language. */
  speak: (_locale: Locale): Promise<void> => Promise.resolve(),
};

type Options = {
  body?: unknown;
  key?: string;
  approval?: string;
  signal?: AbortSignal;
  quiet?: boolean;
};

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  const requestId = response.headers.get('x-request-id') ?? '';
  const text = await response.text();
  const body = parsed(text);
  if (response.ok) return body as T;
  const refused = new ApiProblem(response.status, (body ?? {}) as Row, requestId);
  if (response.status === 401 && !options.quiet && (await hooks.signInAgain())) {
    return request<T>(method, path, { ...options, quiet: true });
  }
  throw refused;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': language(),
  };
  const form = options.body instanceof FormData;
  if (method !== 'GET') headers['x-csrf-token'] = csrf;
  if (options.body !== undefined && !form) headers['content-type'] = 'application/json';
  if (options.key) headers['idempotency-key'] = options.key;
  if (options.approval) headers['x-approval'] = options.approval;
  const body = form ? (options.body as FormData) : JSON.stringify(options.body);
  try {
    const signal = options.signal ?? AbortSignal.timeout(60_000);
    const whole = /^\/(api|health)\b/.test(path) ? path : base + path;
    const early = method === 'GET' ? await earlyAnswer(whole) : undefined;
    const response = early ?? (await fetch(whole, { method, headers, body, signal }));
    hooks.reached(response.status < 502 || response.status > 504);
    return response;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    hooks.reached(false);
    throw new ApiProblem(
      0,
      { code: 'network', title: t('The server is not reached. Try again in a moment.') },
      '',
    );
  }
}

/** Has a page ask for what this person's begin with before the app is read; nothing for nobody. */
export function askEarly(paths: string[]): void {
  try {
    localStorage.setItem('kontor-early', JSON.stringify(paths.map((one) => base + one)));
  } catch {
    // Without room for it, a page asks a moment later.
  }
}

// For as long as the page takes to begin; later what was asked early is no longer how things are.
const beginning = 30_000;

/** What the page asked for before the app was read, where that was answered; each answer once. */
async function earlyAnswer(path: string): Promise<Response | undefined> {
  const asked = (window as { kontorEarly?: Record<string, unknown> }).kontorEarly;
  const answer = asked?.[path] as Promise<Response | undefined> | undefined;
  if (!asked || !answer) return undefined;
  delete asked[path];
  if (asked.language !== language() || performance.now() > beginning) return undefined;
  const response = await answer;
  return response?.ok ? response : undefined;
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { detail: text.slice(0, 300) };
  }
}

function keep(me: Me): Me {
  csrf = me.csrf;
  return me;
}

export type ListQuery = {
  q?: string;
  sort?: string;
  limit?: number;
  cursor?: string;
  columns?: string[];
  filter?: Filter[];
  count?: boolean;
  group?: string[];
  totals?: string[];
};

function listSearch(query: ListQuery): string {
  const out = new URLSearchParams();
  if (query.q) out.set('q', query.q);
  if (query.sort) out.set('sort', query.sort);
  if (query.limit) out.set('limit', String(query.limit));
  if (query.cursor) out.set('cursor', query.cursor);
  if (query.columns?.length) out.set('columns', query.columns.join(','));
  if (query.filter?.length) out.set('filter', JSON.stringify(query.filter));
  if (query.count) out.set('count', '1');
  if (query.group?.length) out.set('group', query.group.join(','));
  if (query.totals?.length) out.set('totals', query.totals.join(','));
  const text = out.toString();
  return text ? `?${text}` : '';
}

/** Whole numbers are numbers on a screen. */
export const typeOf = (type: string): ColumnType =>
  type === 'integer' ? 'number' : (type as ColumnType);

/** A file's heads are in the page's language, its moments by the clocks that the page shows. */
function inExcel(): string {
  const zone = timeZone();
  const manner = { format: 'xlsx', language: language(), ...(zone ? { time_zone: zone } : {}) };
  return new URLSearchParams(manner).toString();
}

/** Where rows of a table are asked for. */
export const listPath = (table: string, query: ListQuery): string =>
  path(table) + listSearch(query);

const path = (table: string) => `/${table.replace('.', '/')}`;

export const api = {
  me: () => request<Me>('GET', '/session', { quiet: true }).then(keep),
  signIn: (login: string, password: string) =>
    request<Me>('POST', '/session', { body: { login, password }, quiet: true }).then(keep),
  signOut: () => request<void>('DELETE', '/session', { quiet: true }),
  changePassword: (old_password: string, new_password: string) =>
    request<Me | null>('POST', '/session/password', { body: { old_password, new_password } }),
  catalogue: () => request<Catalogue>('GET', '/catalogue'),
  list: (table: string, query: ListQuery, signal?: AbortSignal) =>
    request<Page>('GET', listPath(table, query), { signal }),
  record: (table: string, id: string) => request<{ row: Row }>('GET', `${path(table)}/${id}`),
  facts: (table: string, id: string, signal?: AbortSignal) =>
    request<{ facts: Figure[] }>('GET', `/facts/${table}/${id}`, { signal }),
  report: async (name: string, params: Record<string, string> = {}): Promise<Report> => {
    const told = await request<Report>('GET', `/report/${name}?${new URLSearchParams(params)}`);
    return { ...told, columns: told.columns.map((one) => ({ ...one, type: typeOf(one.type) })) };
  },
  /** What stands on a document, as its paper has it. */
  document: <T>(name: string, id: string, language: string) =>
    request<T>('GET', `/document/${name}/${id}?format=json&language=${language}`),
  /** Runs an operation by its name, such as `pos.receipt.ring_up`. */
  call: <T = Row>(operation: string, body: unknown, options: Options = {}) =>
    request<T>('POST', `/${operation.replaceAll('.', '/')}`, {
      ...options,
      body,
      key: options.key ?? uuidv7(),
    }),
  /** Puts a file on a record; tells the share that was sent. */
  upload: (table: string, id: string, file: File, tell: (share: number) => void): Promise<Row> =>
    new Promise((resolve, reject) => {
      const sending = new XMLHttpRequest();
      sending.open('POST', `${base}/files/${table}/${id}`);
      sending.setRequestHeader('x-csrf-token', csrf);
      sending.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0);
      sending.onerror = () => reject(new ApiProblem(0, { code: 'network' }, ''));
      sending.onload = () => {
        const body = (parsed(sending.responseText) ?? {}) as Row;
        if (sending.status < 300) resolve(body);
        else reject(new ApiProblem(sending.status, body, ''));
      };
      const form = new FormData();
      form.append('file', file);
      sending.send(form);
    }),
  approve: (login: string, password: string, operation: string, input: unknown) =>
    request<{ approval: string }>('POST', '/approval', {
      body: { login, password, operation, input },
      quiet: true,
    }),
  exportUrl: (table: string, format: 'csv' | 'json' | 'xlsx', query: ListQuery) => {
    const search = listSearch(query);
    const manner = format === 'xlsx' ? inExcel() : `format=${format}`;
    return `${base}/export/${table}${search ? `${search}&` : '?'}${manner}`;
  },
  /** A report as an Excel file. */
  reportUrl: (name: string, params: Record<string, string>) =>
    `${base}/report/${name}?${new URLSearchParams(params)}&${inExcel()}`,
  health: () => request<unknown>('GET', '/health', { quiet: true }),
  liveUrl: `${base}/live`,
};
