import type pg from 'pg';
import { testDatabase as ofTemplate } from '../test/database.ts';

export interface TestDatabase {
  /** Of the application role, as the import uses it. */
  pool: pg.Pool;
  /** Of the owner, to look at what became of it. */
  admin: pg.Pool;
  /** A session of each role in a company that is set up and has no store yet. */
  tokens: { administrator: string; manager: string; cashier: string };
  close(): Promise<void>;
}

/** A database of its own with a company and a user of each role. */
export async function testDatabase(): Promise<TestDatabase> {
  const db = await ofTemplate();
  await db.admin.query(SEED);
  return {
    pool: db.app,
    admin: db.admin,
    tokens: { administrator: 'administrator', manager: 'manager', cashier: 'cashier' },
    // The test file's end drops it.
    close: async () => {},
  };
}

const SEED = `
  insert into master.company (name, currency) values ('Hill Bikes', 'USD');
  insert into master.tax_registration (company_id, name, country)
  select id, 'NY', 'US' from master.company;
  insert into identity.user (username, name, password_hash)
  select r, r, 'x' from unnest(array['administrator', 'manager', 'cashier']) r;
  insert into identity.user_role (user_id, role)
  select id, username from identity.user where username <> 'system';
  insert into identity.session (token_hash, user_id, kind, expires_at)
  select sha256(username::bytea), id, 'bearer', now() + interval '1 day' from identity.user`;
