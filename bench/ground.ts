import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import pg from 'pg';
import { type Database, openDatabase } from '../kernel/database/connect.ts';
import { type Embedded, openEmbedded } from '../kernel/database/postgres/embedded.ts';
import { temporaryFolder } from '../kernel/database/postgres/fixture.ts';
import { setUp } from '../kernel/identity/door.ts';
import { settings } from '../kernel/settings.ts';
import { startServerProcess } from '../kernel/test/servers.ts';
import { uuidv7 } from '../kernel/ui/base/uuid.ts';

/** One line of the table. A peer is what the same work costs at least, measured in the same run. */
export interface Measured {
  name: string;
  unit: string;
  value: number;
  peer: string | null;
  peer_value: number | null;
  ratio: number | null;
  must: string;
  ok: boolean;
}

/** A business of twenty stores on a PostgreSQL of its own, with its server in another process. */
export interface Ground {
  home: string;
  db: Database;
  admin: pg.Pool;
  /** As the owner of the tables, for whom row security does not hold. */
  owner: pg.Pool;
  url: string;
  server: ChildProcess;
  cashier: { id: string; token: string; stores: string[] };
  close(): Promise<void>;
}

export const POOL = 10;

/** The value in the middle. */
export const median = (of: number[]): number =>
  of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] as number;

export const p95 = (of: number[]): number =>
  of.toSorted((a, b) => a - b)[Math.floor(of.length * 0.95)] as number;

export async function makeGround(): Promise<Ground> {
  const home = temporaryFolder('bench');
  const given = settings({ home, pool: POOL });
  const db = await openDatabase(given);
  const embedded = await openEmbedded(home);
  const admin = new pg.Pool({ ...embedded.admin('kontor'), max: POOL });
  const owner = new pg.Pool({
    ...embedded.admin('kontor'),
    max: POOL,
    options: '-c role=kontor_owner',
  });
  await setUp(db, {
    company: 'Bench',
    country: 'US',
    currency: 'USD',
    profile: 'retail',
    store: 'Store 1',
    time_zone: 'America/New_York',
    username: 'owner',
    password: `B3nch!${randomBytes(9).toString('base64url')}`,
  });
  await admin.query(`insert into master.store (company_id, registration_id, code, name, time_zone)
    select company_id, registration_id, 'S' || n, 'Store ' || n, time_zone
      from master.store, generate_series(2, 20) n`);
  const cashier = await makeCashier(admin);
  const { url, server } = await startProcess(home);
  return { home, db, admin, owner, url, server, cashier, close };

  async function close(): Promise<void> {
    await stopProcess(server);
    await Promise.all([admin.end(), owner.end()]);
    await db.close();
    await (embedded as Embedded).close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Starts the server in a process of its own; answers once it says where it is. */
export async function startProcess(home: string): Promise<{ url: string; server: ChildProcess }> {
  const { url, child } = await startServerProcess({
    KONTOR_HOME: home,
    DATABASE_POOL: String(POOL),
    // As shops run it: each request is a line of the log.
    LOG_LEVEL: 'info',
  });
  return { url, server: child };
}

export function stopProcess(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.disconnect();
  });
}

async function makeCashier(admin: pg.Pool): Promise<Ground['cashier']> {
  const token = randomBytes(24).toString('base64url');
  const { rows } = await admin.query(
    `with u as (insert into identity.user (username, name, password_hash) values ('cashier', 'Cashier', '!') returning id),
          r as (insert into identity.user_role (user_id, role, store_id)
                select u.id, 'cashier', s.id from u, master.store s where s.code in ('S2', 'S3'))
     insert into identity.session (token_hash, user_id, kind, expires_at)
     select $1, u.id, 'bearer', now() + interval '1 day' from u returning user_id`,
    [createHash('sha256').update(token).digest()],
  );
  const stores = await admin.query(
    `select id from master.store where code in ('S2', 'S3') order by code`,
  );
  return { id: rows[0].user_id, token, stores: stores.rows.map((s) => s.id) };
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** One request over HTTP with a kept connection; throws where it isn't answered with success. */
export function ask<T>(
  ground: Pick<Ground, 'url' | 'cashier'>,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${ground.url}${path}`,
      {
        method,
        agent,
        headers: {
          authorization: `Bearer ${ground.cashier.token}`,
          ...(body ? { 'content-type': 'application/json', 'idempotency-key': uuidv7() } : {}),
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body ? JSON.stringify(body) : undefined);
  });
}
