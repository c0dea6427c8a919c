import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { isElsewhereName } from '../../elsewhere.ts';
import { type LoadedModule, modules } from '../../modules.ts';
import { problem } from '../../problem.ts';
import { compareVersions, version } from '../../version.ts';
import type { SchemaFile } from '../backup/walk.ts';
import { CURRENCIES } from '../currencies.ts';
import { refuseWhereAway } from './away.ts';
import { keepsToItself } from './keeps_to_itself.ts';
import { applyLogic, dropViews, type ModuleLogic } from './logic.ts';
import { checkMade } from './made_tables.ts';
import { type Logins, makeGroups, makeLogins } from './roles.ts';
import { sha256, statements } from './statements.ts';

/** What stands in a database: the program that brought it there, and the one that it replaced. */
export interface Deployed {
  version: string;
  /** Of all that a deploy brings: schema files, logic, operations, permissions, roles. */
  hash: string;
  /** Counts the deploys of this database. */
  number: number;
  /** The oldest program that this logic serves. */
  serves: string;
}

/**
 * Brings a database to this program's schema and logic, by content, under lock; a database that
 * stands there already is left untouched, and so is one that a newer program brought on: its logic
 * serves the program before it, too. Answers the logins of the server processes.
 * Errors: `schema_file_edited`, `database_is_newer`, `program_too_old`, `module_away`.
 */
export async function deploy(
  config: pg.ClientConfig,
  kept?: Logins,
  program: string = version,
  filling?: Filling,
): Promise<Logins> {
  const admin = new pg.Client({ ...config, application_name: 'kontor deploy' });
  await admin.connect();
  try {
    const server = Number(
      (await admin.query('show server_version_num')).rows[0].server_version_num,
    );
    if (server < 180000) throw problem('postgresql_too_old', { version: String(server) });
    const all = await modules();
    // Read and parsed before anything is locked: people wait while a deploy has its transaction.
    const logic = await logicOf(all);
    const hash = sourceHash(all, logic);
    await admin.query('select pg_advisory_lock(70700)');
    const before = await deployed(admin);
    if (before && filling) throw problem('database_not_empty', { version: before.version });
    const isNewer = before !== undefined && compareVersions(before.version, program) > 0;
    if (isNewer && compareVersions(before.serves, program) > 0) {
      throw problem('program_too_old', { version: before.version, serves: before.serves, program });
    }
    const stands = isNewer || before?.hash === hash;
    if (stands && kept) return kept;
    if (before && !isNewer) await refuseWhereAway(admin, all);
    if (!isNewer) {
      await makeGroups(admin).catch((error) => {
        const refused = error instanceof pg.DatabaseError && error.code === '42501';
        throw refused ? problem('roles_not_ours', {}, error) : error;
      });
      await bring(admin, all, logic, after(before, hash, program), filling);
    }
    return await makeLogins(admin, kept);
  } finally {
    await admin.end();
  }
}

/** Rows from elsewhere, for an empty database: in the transaction that makes its tables. */
export interface Filling {
  /** The schema files that had run where the rows come from; the others run after them. */
  files: SchemaFile[];
  fill(admin: pg.ClientBase): Promise<void>;
  /** Looks at the whole before it is kept. */
  check(admin: pg.ClientBase): Promise<void>;
}

/** What stands in this database; undefined where nothing was deployed. */
export async function deployed(admin: pg.ClientBase): Promise<Deployed | undefined> {
  const { rows } = await admin.query(`select to_regclass('kernel.setting') as there`);
  if (!rows[0].there) return undefined;
  const found = await admin.query(
    `select value #>> '{}' as value from kernel.setting where name = 'deployed'`,
  );
  return found.rows[0] && (JSON.parse(found.rows[0].value) as Deployed);
}

function after(before: Deployed | undefined, hash: string, program: string): Deployed {
  const number = (before?.number ?? 0) + 1;
  if (!before) return { version: program, hash, number, serves: program };
  // The same version once more, in development, goes on serving the one before it.
  const serves = before.version === program ? before.serves : before.version;
  return { version: program, hash, number, serves };
}

async function bring(
  admin: pg.Client,
  all: LoadedModule[],
  logic: ModuleLogic[],
  now: Deployed,
  filling?: Filling,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    await admin.query('begin');
    try {
      await admin.query(`set local lock_timeout = '2s'; set local check_function_bodies = off;
        set local client_min_messages = warning`);
      await admin.query('select pg_advisory_xact_lock(7070)');
      await ground(admin, all);
      await admin.query('set local role kontor_owner');
      await lockTables(admin);
      let reshaped = false;
      if (filling) {
        reshaped = await runSchemaFiles(admin, all, filling.files);
        await filling.fill(admin);
      }
      reshaped = (await runSchemaFiles(admin, all)) || reshaped;
      const before = await shape(admin);
      await applyLogic(admin, logic, reshaped);
      if ((await shape(admin)) !== before) throw new Error('A logic.sql changed what holds data.');
      await checkMade(admin, all);
      await register(admin, all);
      await admin.query(
        `insert into kernel.setting values ('deployed', $1) on conflict (name) do update
            set value = excluded.value`,
        [JSON.stringify(now)],
      );
      // Rows from elsewhere bring their fields, not the indexes of those.
      await admin.query('select kernel_logic.index_custom_fields()');
      await filling?.check(admin);
      await admin.query('commit');
      return;
    } catch (error) {
      await admin.query('rollback');
      const waiting =
        error instanceof pg.DatabaseError && ['55P03', '40P01'].includes(error.code ?? '');
      if (!waiting || filling || tries === 10) throw error;
      await new Promise((r) => setTimeout(r, 200 * tries));
    }
  }
}

/**
 * Every view and table, in the order in which readers take them, before anything else is done: one
 * lock that comes later would meet somebody who reads, and all would be done again while people wait.
 */
async function lockTables(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query(
    `select string_agg(format('%I.%I', n.nspname, c.relname), ', '
              order by c.relkind desc, n.nspname, c.relname) as all
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v') and to_regnamespace(n.nspname || '_logic') is not null`,
  );
  if (rows[0].all) await admin.query(`lock table ${rows[0].all} in access exclusive mode`);
}

/** Schemas and extensions, owned by kontor_owner, open to the roles that work in them. */
async function ground(admin: pg.Client, all: LoadedModule[]): Promise<void> {
  const schemas = all.flatMap((m) => [m.name, `${m.name}_logic`]);
  for (const schema of ['extension', ...schemas]) {
    await admin.query(`create schema if not exists ${schema} authorization kontor_owner`);
    await admin.query(
      `grant usage on schema ${schema} to kontor_app, kontor_read, kontor_list, kontor_door`,
    );
  }
  await admin.query('grant create on schema kernel_logic to kontor_list');
  for (const name of ['pgcrypto', 'pg_trgm', 'btree_gist']) {
    await admin.query(`create extension if not exists ${name} schema extension`);
  }
}

/**
 * Runs those that haven't run here; with `only`, no others, and each of those must be here. Answers
 * whether any ran.
 */
async function runSchemaFiles(
  admin: pg.Client,
  all: LoadedModule[],
  only?: SchemaFile[],
): Promise<boolean> {
  let any = false;
  const wanted = only && new Map(only.map((f) => [`${f.module}/${f.file}`, f.hash]));
  const { rows } = await admin.query(`select to_regclass('kernel.schema_file') as there`);
  const ran = new Map<string, Buffer>();
  if (rows[0].there) {
    const { rows: files } = await admin.query('select module, file, hash from kernel.schema_file');
    for (const f of files) ran.set(`${f.module}/${f.file}`, f.hash);
  }
  for (const m of all) {
    for (const file of schemaFiles(m)) {
      const text = readFileSync(join(m.folder, 'schema', file), 'utf8');
      const before = ran.get(`${m.name}/${file}`);
      ran.delete(`${m.name}/${file}`);
      if (before?.equals(sha256(text))) continue;
      const hash = wanted?.get(`${m.name}/${file}`);
      if (wanted && !hash) continue;
      wanted?.delete(`${m.name}/${file}`);
      if (hash && hash !== sha256(text).toString('hex')) {
        throw problem('schema_file_edited', { file: `${m.name}/schema/${file}` });
      }
      if (before) throw problem('schema_file_edited', { file: `${m.name}/schema/${file}` });
      if (isElsewhereName(m.name)) await keepsToItself(m.name, text);
      await reshape(admin, text);
      any = true;
      await admin.query('insert into kernel.schema_file (module, file, hash) values ($1, $2, $3)', [
        m.name,
        file,
        sha256(text),
      ]);
    }
  }
  // A module from elsewhere may be switched off or away: its data stays as it is.
  const later = ran.keys().filter((file) => !file.startsWith('x_'));
  const [newer] = [...later, ...(wanted?.keys() ?? [])];
  if (newer) throw problem('database_is_newer', { file: newer });
  return any;
}

/** Runs a schema file; views that stand in its way go first. Error: `view_in_the_way`. */
async function reshape(admin: pg.Client, text: string): Promise<void> {
  await admin.query('savepoint reshape');
  try {
    await admin.query(text);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '0A000')) throw error;
    await admin.query('rollback to savepoint reshape');
    // What is still in the way then is somebody's own: a view on ours, or on the table itself.
    try {
      await dropViews(admin);
      await admin.query(text);
    } catch (error) {
      const theirs =
        error instanceof pg.DatabaseError && ['2BP01', '0A000'].includes(error.code ?? '');
      throw theirs ? problem('view_in_the_way', { why: error.detail ?? '' }, error) : error;
    }
  }
  await admin.query('release savepoint reshape');
}

function schemaFiles(m: LoadedModule): string[] {
  const folder = join(m.folder, 'schema');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((f) => f.endsWith('.sql'))
        .sort()
    : [];
}

async function logicOf(all: LoadedModule[]): Promise<ModuleLogic[]> {
  return Promise.all(
    all.map(async (m) => {
      const folders = [m.folder, ...(m.rooms ?? [])].filter(existsSync);
      const files = folders.flatMap((folder) =>
        readdirSync(folder)
          .filter((f) => f === 'logic.sql' || f.endsWith('.logic.sql'))
          .map((f) => join(folder, f)),
      );
      // By name wherever they lie: what one file needs of another does not hang on its room.
      files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
      const texts = files.map((f) => readFileSync(f, 'utf8'));
      if (isElsewhereName(m.name)) for (const text of texts) await keepsToItself(m.name, text);
      return { module: m.name, statements: (await Promise.all(texts.map(statements))).flat() };
    }),
  );
}

/** What holds data: columns, defaults, checks and indexes, as one hash. */
async function shape(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query(`
    select md5(string_agg(line, E'\\n' order by line)) as hash from (
      select format('%s.%s %s %s %s', attrelid::regclass, attname,
               format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) as line
        from pg_attribute join pg_class c on c.oid = attrelid and c.relkind in ('r', 'p')
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where attnum > 0 and not attisdropped and c.relnamespace::regnamespace::text !~ '^(pg_|information)'
      union all select indexdef from pg_indexes where schemaname !~ '^pg_'
      union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
        from pg_constraint where contype <> 't') all_lines`);
  return rows[0].hash;
}

/** What modules say of themselves, where SQL asks for it: operations, permissions, roles. */
async function register(admin: pg.Client, all: LoadedModule[]): Promise<void> {
  const jobs = all.flatMap((m) => m.jobs);
  // A job's own transactions are calls under its name.
  const operations = [
    ...all.flatMap((m) => m.operations),
    ...jobs.map(({ name, permission }) => ({ name, permission, sql: undefined, keyed: false })),
  ];
  const rights = all.flatMap((m) =>
    Object.entries(m.roles).flatMap(([role, list]) =>
      list.map((permission) => ({ role, permission })),
    ),
  );
  const said = {
    modules: all.map((m) => ({ name: m.name, label: m.label })),
    operations: operations.map((o) => ({
      name: o.name,
      permission: o.permission,
      function: o.sql ?? null,
      keyed: o.keyed ?? true,
    })),
    permissions: all.flatMap((m) =>
      Object.entries(m.permissions).map(([name, sentence]) => ({ name, sentence })),
    ),
    roles: [...new Set(rights.map((r) => r.role))].map((name) => ({
      name,
      label: name[0]?.toUpperCase() + name.slice(1),
    })),
    rights,
    currencies: CURRENCIES,
  };
  await admin.query('select kernel_logic.register($1), jobs_logic.register($2)', [
    JSON.stringify(said),
    JSON.stringify(jobs.map(({ input: _input, ...job }) => job)),
  ]);
}

function sourceHash(all: LoadedModule[], logic: ModuleLogic[]): string {
  const parts: string[] = [];
  for (const m of all) {
    for (const f of schemaFiles(m))
      parts.push(f, readFileSync(join(m.folder, 'schema', f), 'utf8'));
    for (const o of m.operations) parts.push(o.name, o.permission, o.sql ?? '', String(o.keyed));
    for (const j of m.jobs)
      parts.push(j.name, j.label, j.permission, j.schedule ?? '', `${j.attempts}`);
    parts.push(JSON.stringify([m.name, m.label, m.permissions, m.roles]));
  }
  for (const { statements: list } of logic) parts.push(...list.map((s) => s.text));
  return sha256(parts.join('\u0000')).toString('hex');
}
