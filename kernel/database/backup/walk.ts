import pg from 'pg';
import { problem, registerSentences } from '../../problem.ts';
import { copyIn, copyOut } from './copy.ts';

registerSentences({
  rows_differ: {
    status: 500,
    sentence:
      'The rows of {table} are not the same on the other side ({rows} there, {wanted} here). ' +
      'Nothing was changed.',
  },
  rows_unknown: {
    status: 422,
    sentence: 'This Kontor knows no table {table} with the column {column}. Nothing was changed.',
  },
});

/** A schema file that ran, by which another database is brought to the same tables. */
export interface SchemaFile {
  module: string;
  file: string;
  /** SHA-256 of its text, in hex. */
  hash: string;
}

/** A table’s rows, as they are compared: their number and a sum over their hashes, in any order. */
export interface TableState {
  name: string;
  columns: string[];
  rows: number;
  hash: string;
}

/** Everything that makes a database another one’s equal, but for the rows themselves. */
export interface Contents {
  schema_files: SchemaFile[];
  tables: TableState[];
  sequences: { name: string; last_value: string }[];
}

// What deploy keeps of its own, and makes anew on the other side.
const OF_DEPLOY = ['kernel.schema_file', 'kernel.logic_object'];
// Rows that tell of this database and not of the business.
const WHICH: Record<string, string> = { 'kernel.setting': `name not in ('deployed', 'serving')` };

/** A client of its own as the owner of the tables, whom no policy hides a row from. */
export async function openOwner(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...config, application_name: 'kontor copy' });
  client.on('error', () => {});
  await client.connect();
  await client.query('set role kontor_owner');
  return client;
}

/** Begins one consistent look at a database, which lasts until the client commits or ends. */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  await sameText(client);
}

/** What there is. `each` is told of every table once it is counted. */
export async function takeContents(
  client: pg.ClientBase,
  each: (name: string, done: number, total: number) => void = () => {},
): Promise<Contents> {
  const { rows: files } = await client.query(
    `select module, file, encode(hash, 'hex') as hash from kernel.schema_file order by 1, 2`,
  );
  const tables: TableState[] = [];
  const found = await tablesOf(client);
  for (const [name, columns] of found) {
    each(name, tables.length, found.size);
    tables.push(await stateOf(client, name, [...columns.keys()], columns));
  }
  const { rows: sequences } = await client.query(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text
       from pg_sequences join kernel.module m on m.name = schemaname
      where last_value is not null order by 1`,
  );
  return { schema_files: files, tables, sequences };
}

/** The rows of one table. What names a transaction of this cluster is written as 0: a fact stays one. */
export async function* rowsOf(
  client: pg.ClientBase,
  { name, columns }: TableState,
): AsyncGenerator<Buffer> {
  const types = (await tablesOf(client)).get(name) as Map<string, string>;
  const list = columns.map((c) => selected(c, types)).join(', ');
  yield* copyOut(client, `copy (select ${list} from ${identifier(name)}${where(name)}) to stdout`);
}

/**
 * Fills the empty tables of a database: without foreign keys while rows come in any order, then
 * with them again, which checks every row; compares each table with what it must be. Inside the
 * caller’s transaction. Errors: rows_differ, rows_unknown.
 */
export async function fillTables(
  client: pg.ClientBase,
  wanted: Contents,
  bring: (put: (table: string, rows: AsyncIterable<Buffer>) => Promise<void>) => Promise<void>,
  each: (name: string, done: number, total: number) => void = () => {},
): Promise<void> {
  await sameText(client);
  const here = await tablesOf(client);
  const states = new Map(wanted.tables.map((t) => [t.name, t]));
  for (const { name, columns } of wanted.tables) {
    const missing = columns.find((c) => !here.get(name)?.has(c));
    if (missing) throw problem('rows_unknown', { table: name, column: missing });
  }
  const keys = await foreignKeys(client);
  for (const { table, name } of keys) {
    await client.query(`alter table ${table} drop constraint ${pg.escapeIdentifier(name)}`);
  }
  // Schema files may have brought rows of their own; those that are copied stand for them.
  await client.query(`truncate ${wanted.tables.map((t) => identifier(t.name)).join(', ')}`);
  await bring(async (name, rows) => {
    const state = states.get(name);
    if (!state) throw problem('rows_unknown', { table: name, column: '' });
    const columns = state.columns.map(pg.escapeIdentifier).join(', ');
    await copyIn(client, `copy ${identifier(name)} (${columns}) from stdin`, rows);
  });
  for (const [done, table] of wanted.tables.entries()) {
    each(table.name, done, wanted.tables.length);
    const columns = here.get(table.name) as Map<string, string>;
    const state = await stateOf(client, table.name, table.columns, columns);
    if (state.rows !== table.rows || state.hash !== table.hash) {
      throw problem('rows_differ', { table: table.name, rows: state.rows, wanted: table.rows });
    }
  }
  for (const { table, name, definition } of keys) {
    await client.query(
      `alter table ${table} add constraint ${pg.escapeIdentifier(name)} ${definition}`,
    );
  }
  for (const { name, last_value } of wanted.sequences) {
    await client.query(
      'select setval($1::text::regclass, $2::bigint) where to_regclass($1) is not null',
      [name, last_value],
    );
  }
}

/** Tables of all modules with the columns that are written, and their types. */
async function tablesOf(client: pg.ClientBase): Promise<Map<string, Map<string, string>>> {
  const { rows } = await client.query(
    `select n.nspname || '.' || c.relname as name, a.attname as column,
            format_type(a.atttypid, null) as type
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and c.relpersistence = 'p' and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and to_regnamespace(n.nspname || '_logic') is not null
        and n.nspname || '.' || c.relname <> all($1)
      order by 1, a.attnum`,
    [OF_DEPLOY],
  );
  const found = new Map<string, Map<string, string>>();
  for (const { name, column, type } of rows) {
    if (!found.has(name)) found.set(name, new Map());
    found.get(name)?.set(column, type);
  }
  return found;
}

async function stateOf(
  client: pg.ClientBase,
  name: string,
  columns: string[],
  types: Map<string, string>,
): Promise<TableState> {
  const list = columns.map((c) => selected(c, types)).join(', ');
  const part = (from: number) =>
    `coalesce(sum(('x' || substr(h, ${from}, 15))::bit(60)::bigint), 0)::text`;
  const { rows } = await client.query(
    `select count(*)::integer as rows, ${part(1)} || '.' || ${part(17)} as hash
       from (select encode(sha256(convert_to(row(${list})::text, 'UTF8')), 'hex') as h
               from ${identifier(name)}${where(name)}) hashed`,
  );
  return { name, columns, rows: rows[0].rows, hash: rows[0].hash };
}

/** The same value is the same text on every server. */
async function sameText(client: pg.ClientBase): Promise<void> {
  await client.query(`set local datestyle = 'ISO, YMD'; set local timezone = 'UTC';
    set local intervalstyle = 'postgres'; set local bytea_output = 'hex';
    set local extra_float_digits = 1`);
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

async function foreignKeys(client: pg.ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query(
    `select format('%I.%I', n.nspname, c.relname) as table, k.conname as name,
            pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid
       join pg_namespace n on n.oid = c.relnamespace
      where k.contype = 'f' and k.conparentid = 0
        and to_regnamespace(n.nspname || '_logic') is not null order by 1, 2`,
  );
  return rows;
}

const selected = (column: string, types: Map<string, string>): string =>
  types.get(column) === 'xid8' ? `'0'::xid8` : pg.escapeIdentifier(column);

const where = (table: string): string => (WHICH[table] ? ` where ${WHICH[table]}` : '');

const identifier = (name: string): string => name.split('.').map(pg.escapeIdentifier).join('.');
