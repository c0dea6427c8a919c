import pg from 'pg';
import { deploy } from '../database/deploy/deploy.ts';

const base: pg.ClientConfig = {
  host: process.env.PGHOST,
  port: Number(process.env.PGPORT),
  user: process.env.PGUSER,
  password: process.env.PGPASSWORD,
};

export interface TestDatabase {
  /** Of the application role, as the import uses it. */
  pool: pg.Pool;
  /** Of the owner, to look at what became of it. */
  admin: pg.Pool;
  /** A session of each role in a company that is set up and has no store yet. */
  tokens: { administrator: string; manager: string; cashier: string };
  close(): Promise<void>;
}

/** A database of its own with this program's schema, a company and a user of each role. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `kontor_transfer_${process.pid}_${Date.now().toString(36)}`;
  await asAdmin(`create database ${name}`);
  const config = { ...base, database: name };
  const { app } = await deploy(config);
  const admin = new pg.Pool(config);
  await admin.query(SEED);
  const pool = new pg.Pool({ ...config, ...app, max: 3 });
  return {
    pool,
    admin,
    tokens: { administrator: 'administrator', manager: 'manager', cashier: 'cashier' },
    async close() {
      await pool.end();
      await admin.end();
      await asAdmin(`drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(text: string): Promise<void> {
  const client = new pg.Client({ ...base, database: 'postgres' });
  await client.connect();
  await client.query(text);
  await client.end();
}

const SEED = `
  insert into master.company (name, currency) values ('Hill Bikes', 'USD');
  insert into master.tax_registration (company_id, name, country)
  select id, 'NY', 'US' from master.company;
  insert into identity.user (username, name, password_hash)
  select r, r, 'x' from unnest(array['administrator', 'manager', 'cashier']) r;
  insert into identity.user_role (user_id, role) select id, username from identity.user;
  insert into identity.session (token_hash, user_id, kind, expires_at)
  select sha256(username::bytea), id, 'bearer', now() + interval '1 day' from identity.user`;
