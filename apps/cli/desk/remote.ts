import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { ListSpec, Page } from '../../../kernel/database/reading/list.ts';
import { zoneOf } from '../../../kernel/http/zone.ts';
import type { ShownTable } from '../../../kernel/import/sheet_columns.ts';
import { Problem, problem, registerSentences } from '../../../kernel/problem.ts';
import type { ColumnOf, Desk, ReportAnswer } from './desk.ts';
import type { SavedSession } from './saved_session.ts';

registerSentences({
  server_unreachable: {
    status: 503,
    sentence: 'Nobody answers at {url} ({why}). Check the address and that Kontor runs there.',
  },
  server_not_kontor: {
    status: 502,
    sentence: 'What answers at {url} isn’t Kontor (status {status}). Check the address.',
  },
});

/** The desk of a server elsewhere, over the same endpoints as the browser's. */
export function openRemote(session: SavedSession): Desk {
  const { url, token } = session;
  const get = <T>(path: string) => request<T>(url, 'GET', path, { token });
  return {
    list: (table, spec) => get<Page>(`/${table.replace('.', '/')}?${query(spec)}`),
    pageRows: 200,
    async columns(table) {
      const { tables } = await get<{ tables: { name: string; columns: ColumnOf[] }[] }>(
        '/catalogue',
      );
      const found = tables.find((t) => t.name === table);
      if (!found) throw problem('table_unknown', { table });
      return found.columns;
    },
    async manner() {
      const [{ tables }, { company, stores }] = await Promise.all([
        get<{ tables: ShownTable[] }>('/catalogue'),
        get<{ company: { decimals: number }; stores: { time_zone: string }[] }>('/session'),
      ]);
      return { tables, decimals: company.decimals, zone: zoneOf(stores) };
    },
    report: (name, parameters) =>
      get<ReportAnswer>(`/report/${encodeURIComponent(name)}?${new URLSearchParams(parameters)}`),
    call: (operation, input, key = randomUUID()) =>
      request(url, 'POST', `/${operation.replaceAll('.', '/')}`, {
        token,
        body: input ?? {},
        headers: { 'idempotency-key': key },
      }),
    async upload(table, id, path) {
      const body = new FormData();
      body.append('file', await openAsBlob(path), basename(path));
      return request(url, 'POST', `/files/${table}/${id}`, { token, body });
    },
    async download(id) {
      await get(`/files/attachment/${encodeURIComponent(id)}`);
      const answer = await fetch(`${url}/api/v1/file/${encodeURIComponent(id)}`, {
        redirect: 'error',
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok || !answer.body) throw problem('not_found');
      return Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
    },
    async print(document, id, wish) {
      const path = `/document/${encodeURIComponent(document)}/${encodeURIComponent(id)}`;
      const answer = await fetch(`${url}/api/v1${path}?${new URLSearchParams({ ...wish })}`, {
        redirect: 'error',
        headers: { authorization: `Bearer ${token}` },
      });
      if (answer.ok) return Buffer.from(await answer.arrayBuffer());
      throw asSaid((parse(await answer.text()) ?? { code: 'not_found' }) as Said, answer.status);
    },
    async close() {},
  };
}

function query(spec: ListSpec): URLSearchParams {
  const said = new URLSearchParams();
  if (spec.q) said.set('q', spec.q);
  if (spec.sort)
    said.set('sort', spec.sort.map(([c, w]) => (w === 'desc' ? `-${c}` : c)).join(','));
  if (spec.limit) said.set('limit', String(spec.limit));
  if (spec.columns) said.set('columns', spec.columns.join(','));
  if (spec.filter) said.set('filter', JSON.stringify(spec.filter));
  if (spec.cursor) said.set('cursor', spec.cursor);
  if (spec.group) said.set('group', spec.group.join(','));
  if (spec.totals) said.set('totals', spec.totals.join(','));
  if (spec.view) said.set('view', spec.view);
  return said;
}

interface RequestOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request to /api/v1 of a server. Errors: the server's own, server_unreachable, server_not_kontor. */
export async function request<T>(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: RequestOptions = {},
): Promise<T> {
  const form = body instanceof FormData;
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    // A password or token goes to the server that was named and to no other.
    redirect: 'error',
    headers: {
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  }).catch((error: Error) => {
    const why = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message;
    throw problem('server_unreachable', { url, why }, error);
  });
  const text = await answer.text();
  const said = parse(text);
  if (answer.ok && (said !== undefined || text === '')) return said as T;
  if (!said || typeof said !== 'object' || !('code' in said)) {
    throw problem('server_not_kontor', { url, status: answer.status });
  }
  throw asSaid(said as Said, answer.status);
}

interface Said {
  code: string;
  detail?: string;
  title?: string;
  errors?: { field: string; code: string; message: string }[];
}

function asSaid({ code, detail, title, errors }: Said, status: number): Problem {
  return new Problem(code, {
    status,
    message: detail ?? title ?? code,
    ...(errors ? { errors } : {}),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
