import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import pg from 'pg';
import type { OperationName, Role, Rows, Table } from '#generated/catalogue';
import { type ListSpec, list, type Row } from '../database/reading/list.ts';
import type { Beginning } from '../database/template.ts';
import { type Caller, call } from '../database/writing/call.ts';
import { operations } from '../modules.ts';
import { Problem } from '../problem.ts';
import { uuidv7 } from '../ui/base/uuid.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export { uuidv7 };

/** Somebody signed in, with the public doors in their hands. */
export interface Person {
  id: string;
  token: string;
  call<O = Row>(operation: OperationName, input: unknown, key?: string): Promise<O>;
  /** The same with a second person's consent. */
  approved<O = Row>(operation: OperationName, input: unknown, approval: string): Promise<O>;
  list<T extends Table>(table: T, spec?: ListSpec<keyof Rows[T] & string>): Promise<Rows[T][]>;
  /** The same for a table whose name comes from the catalogue. */
  listAny(table: string, spec?: ListSpec): Promise<Row[]>;
  /** Raw SQL under the application role, with this person as the signed actor. */
  sql(text: string, ...values: unknown[]): Promise<Row[]>;
  /** A transaction of one's own under the application role, to let two of them meet. */
  open(isolation?: string): Promise<Transaction>;
}

export interface Transaction {
  sql(text: string, ...values: unknown[]): Promise<Row[]>;
  commit(): Promise<void>;
  /** Rolls back what isn't committed. */
  end(): Promise<void>;
}

export interface World {
  db: TestDatabase;
  /** A new user with that role, in the store of that code or in all. */
  as(role: Role | 'poster', where?: { store?: string }): Promise<Person>;
  /** As the superuser: to look behind the scene. */
  behind(text: string, ...values: unknown[]): Promise<Row[]>;
  refused(code: string, work: () => Promise<unknown>): Promise<void>;
  /** Raw SQL under the application role is refused with a message like this. */
  refusedBySql(
    who: Person,
    message: string | RegExp,
    text: string,
    ...values: unknown[]
  ): Promise<void>;
}

const COMPANY: Beginning = [
  [
    'select master_logic.set_up($1)',
    [
      JSON.stringify({
        company: 'Hill Bikes',
        country: 'US',
        currency: 'USD',
        profile: 'retail',
        store: 'Hill',
        store_code: 'HILL',
        time_zone: 'America/New_York',
        username: 'first',
        password_hash: 'none',
      }),
    ],
  ],
  [
    `insert into master.store (company_id, registration_id, code, name, time_zone)
     select company_id, registration_id, 'VALLEY', 'Valley', 'America/New_York' from master.store`,
    [],
  ],
];

let world: Promise<World> | undefined;

/** A story on this file's own database, with a company of two stores, HILL and VALLEY. */
export function story(name: string, tell: (world: World) => Promise<void>): void {
  world ??= undefined;
  test(name, async () => tell(await theWorld()));
}

export function theWorld(): Promise<World> {
  world ??= makeWorld();
  return world;
}
before(() => theWorld());

async function makeWorld(): Promise<World> {
  const db = await testDatabase(COMPANY);
  const behind = async (text: string, ...values: unknown[]) =>
    (await db.admin.query(text, values)).rows as Row[];
  return {
    db,
    behind,
    as: (role, where = {}) => signedIn(db, role, where.store),
    async refused(code, work) {
      await assert.rejects(
        work,
        (e) =>
          (e instanceof Problem && e.code === code) || assert.fail(`${code} expected, but: ${e}`),
      );
    },
    async refusedBySql(who, message, text, ...values) {
      await assert.rejects(
        () => who.sql(text, ...values),
        (e: Error) => {
          const said = `${e.message} ${'detail' in e ? e.detail : ''}`;
          const like = typeof message === 'string' ? said.includes(message) : message.test(said);
          return like || assert.fail(`“${message}” expected, but: ${said}`);
        },
      );
    },
  };
}

async function signedIn(db: TestDatabase, role: string, store?: string): Promise<Person> {
  const token = randomBytes(24).toString('base64url');
  const name = `${role}-${randomBytes(4).toString('hex')}`;
  const { rows } = await db.admin.query(
    `with u as (insert into identity.user (username, name, password_hash) values ($1, $1, 'none') returning id),
          r as (insert into identity.user_role (user_id, role, store_id)
                select u.id, $2, (select id from master.store where code = $3) from u)
     insert into identity.session (token_hash, user_id, kind, expires_at)
     select $4, u.id, 'bearer', now() + interval '1 hour' from u returning user_id`,
    [name, role, store ?? null, createHash('sha256').update(token).digest()],
  );
  const all = await operations();
  const calling = async (operation: string, input: unknown, more: Partial<Caller>) => {
    const found = all.get(operation);
    assert.ok(found, `${operation} is no operation`);
    return call(db, found, { token, key: uuidv7(), ...more }, input);
  };
  return {
    id: rows[0].user_id,
    token,
    call: async <O>(operation: OperationName, input: unknown, key: string = uuidv7()) =>
      (await calling(operation, input, { key })) as O,
    approved: async <O>(operation: OperationName, input: unknown, approval: string) =>
      (await calling(operation, input, { approval })) as O,
    listAny: async (table, spec = {}) =>
      (await list(db, token, table, { limit: 200, ...spec })).rows,
    async list<T extends Table>(table: T, spec: ListSpec = {}) {
      return (await list(db, token, table, { limit: 200, ...spec })).rows as Rows[T][];
    },
    async sql(text, ...values) {
      const { sql, commit, end } = await openTransaction(db, token);
      try {
        const rows = await sql(text, ...values);
        await commit();
        return rows;
      } finally {
        await end();
      }
    },
    open: (isolation) => openTransaction(db, token, isolation),
  };
}

/** A transaction under the application role, signed for the owner of this token. */
async function openTransaction(
  db: TestDatabase,
  token: string,
  isolation = 'read committed',
): Promise<Transaction> {
  const client = new pg.Client(db.config);
  await client.connect();
  await client.query(`begin isolation level ${isolation}`);
  await client.query('select kernel_logic.set_actor($1)', [token]);
  return {
    sql: async (text, ...values) => (await client.query(text, values)).rows as Row[],
    async commit() {
      await client.query('commit');
      await client.end();
    },
    end: () => client.end(),
  };
}
