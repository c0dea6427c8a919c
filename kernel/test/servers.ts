import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../modules.ts';
import { uuidv7 } from '../ui/base/uuid.ts';
import { type Counter, sale } from './shop.ts';

/** A server process, and what it takes to look after it. */
export interface ServerProcess {
  url: string;
  child: ChildProcess;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a server in a process of its own, from this program or a copy of it. */
export async function startServerProcess(
  env: Record<string, string>,
  program: string = root,
): Promise<ServerProcess> {
  if (env.KONTOR_HOME) mkdirSync(env.KONTOR_HOME, { recursive: true, mode: 0o711 });
  const child = fork(join(program, 'apps', 'server', 'serve.ts'), {
    cwd: program,
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'warn', ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (said) => resolve((said as { url: string }).url));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
  return {
    url: url.replace('localhost', '127.0.0.1'),
    child,
    ended,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Somebody who is signed in at a server. */
export interface Client {
  token: string;
  url(): string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** An answer that isn't one of success. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Headers;
  constructor(status: number, headers: Headers, text: string) {
    super(`${status} ${text}`);
    this.status = status;
    this.headers = headers;
  }
}

/** A client of the server at that address, which may move: it is asked anew for each request. */
export function clientOf(url: () => string, token: string): Client {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url()}${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': uuidv7(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(answer.status, answer.headers, text);
    return JSON.parse(text) as T;
  };
  return {
    token,
    url,
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  };
}

const PASSWORD = 'Cl1mb the hill!';

/** Makes the shop where there is none and signs its owner in. */
export async function ownerAt(url: string): Promise<Client> {
  const nobody = clientOf(() => url, 'x'.repeat(20));
  await nobody
    .post('setup', {
      profile: 'retail',
      company: 'Hill Bikes',
      country: 'US',
      currency: 'USD',
      username: 'owner',
      password: PASSWORD,
    })
    .catch((error) => {
      if (!/already_set_up/.test(String(error))) throw error;
    });
  const said = { login: 'owner', password: PASSWORD, bearer: true };
  const { token } = await nobody.post<{ token: string }>('session', said);
  return clientOf(() => url, token);
}

export interface Goods extends Record<string, unknown> {
  id: string;
  unit_price: string;
}

export async function makeGoods(owner: Client, count: number): Promise<Goods[]> {
  const goods: Goods[] = [];
  for (let n = 0; n < count; n++) {
    const given = { name: `Bell ${n}`, unit_price: `${10 + n}.00`, unit_cost: '4.00' };
    const { id } = await owner.post<{ id: string }>('catalog/product/create', given);
    goods.push({ id, unit_price: given.unit_price });
  }
  return goods;
}

/** A new till, claimed and open. */
export async function openTill(owner: Client): Promise<Counter> {
  const { rows } = await owner.get<{ rows: { id: string }[] }>('master/store');
  const code = `T${uuidv7().slice(-8).toUpperCase()}`;
  const given = { store_id: rows[0]?.id, code, name: code };
  const { id: till_id } = await owner.post<{ id: string }>('pos/till/create', given);
  const claim_id = uuidv7();
  const till_session_id = uuidv7();
  await owner.post('pos/till/claim', { till_id, claim_id });
  const opening = { id: till_session_id, claim_id, opening_float: '0.00' };
  await owner.post('pos/till_session/open', opening);
  return { claim_id, till_session_id, till_id, next: 1 };
}

/** Rings up a sale of two lines. */
export function ringUp(client: Client, at: Counter, goods: Goods[]): Promise<{ id: string }> {
  const lines = [
    { product: goods[0] as Goods, quantity: 1 },
    { product: goods[1 + (at.next % (goods.length - 1))] as Goods, quantity: 2 },
  ];
  return client.post('pos/receipt/ring_up', sale(at, lines));
}

/** Waits until a condition holds; fails after `seconds`. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 30,
): Promise<void> {
  for (const start = Date.now(); !(await holds()); await wait(50)) {
    if (Date.now() - start > seconds * 1000) throw new Error(`Waited in vain: ${what}.`);
  }
}
