import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type LoadedModule, modules } from '../../modules.ts';
import { problem } from '../../problem.ts';
import { CURRENCIES } from '../currencies.ts';
import { applyLogic, type ModuleLogic } from './logic.ts';
import { type Logins, makeGroups, makeLogins } from './roles.ts';
import { sha256, statements } from './statements.ts';

/**
 * Brings a database to this program's schema and logic, by content, under lock; a database that
 * stands there already is left untouched. Answers the logins of the server processes.
 * Errors: `schema_file_edited`, `database_is_newer`.
 */
export async function deploy(config: pg.ClientConfig, kept?: Logins): Promise<Logins> {
  const admin = new pg.Client({ ...config, application_name: 'kontor deploy' });
  await admin.connect();
  try {
    const version = Number(
      (await admin.query('show server_version_num')).rows[0].server_version_num,
    );
    if (version < 180000) throw problem('postgresql_too_old', { version: String(version) });
    const all = await modules();
    const fingerprint = await sourceHash(all);
    await admin.query('select pg_advisory_lock(70700)');
    if (!kept || (await deployedHash(admin)) !== fingerprint) {
      await makeGroups(admin).catch((error) => {
        const refused = error instanceof pg.DatabaseError && error.code === '42501';
        throw refused ? problem('roles_not_ours', {}, error) : error;
      });
      await bring(admin, all, fingerprint);
      return await makeLogins(admin, kept);
    }
    return kept;
  } finally {
    await admin.end();
  }
}

async function deployedHash(admin: pg.Client): Promise<string | undefined> {
  const { rows } = await admin.query(`select to_regclass('kernel.setting') as there`);
  if (!rows[0].there) return undefined;
  const found = await admin.query(`select value from kernel.setting where name = 'deployed'`);
  return found.rows[0]?.value;
}

async function bring(admin: pg.Client, all: LoadedModule[], fingerprint: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await admin.query('begin');
    try {
      await admin.query(`set local lock_timeout = '2s'; set local check_function_bodies = off;
        set local client_min_messages = warning`);
      await admin.query('select pg_advisory_xact_lock(7070)');
      await ground(admin, all);
      await admin.query('set local role kontor_owner');
      await runSchemaFiles(admin, all);
      const before = await shape(admin);
      await applyLogic(admin, await logicOf(all));
      if ((await shape(admin)) !== before) throw new Error('A logic.sql changed what holds data.');
      await register(admin, all);
      await admin.query(
        `insert into kernel.setting values ('deployed', $1) on conflict (name) do update
            set value = excluded.value`,
        [JSON.stringify(fingerprint)],
      );
      await admin.query('commit');
      return;
    } catch (error) {
      await admin.query('rollback');
      const waiting =
        error instanceof pg.DatabaseError && ['55P03', '40P01'].includes(error.code ?? '');
      if (!waiting || tries === 10) throw error;
      await new Promise((r) => setTimeout(r, 200 * tries));
    }
  }
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

async function runSchemaFiles(admin: pg.Client, all: LoadedModule[]): Promise<void> {
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
      if (before) throw problem('schema_file_edited', { file: `${m.name}/schema/${file}` });
      await admin.query(text);
      await admin.query('insert into kernel.schema_file (module, file, hash) values ($1, $2, $3)', [
        m.name,
        file,
        sha256(text),
      ]);
    }
  }
  const [newer] = ran.keys();
  if (newer) throw problem('database_is_newer', { file: newer });
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
      const files = existsSync(m.folder)
        ? readdirSync(m.folder)
            .filter((f) => f === 'logic.sql' || f.endsWith('.logic.sql'))
            .sort()
        : [];
      const texts = files.map((f) => readFileSync(join(m.folder, f), 'utf8'));
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
  const operations = all.flatMap((m) => m.operations);
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
  await admin.query('select kernel_logic.register($1)', [JSON.stringify(said)]);
}

async function sourceHash(all: LoadedModule[]): Promise<string> {
  const parts: string[] = [];
  for (const m of all) {
    for (const f of schemaFiles(m))
      parts.push(f, readFileSync(join(m.folder, 'schema', f), 'utf8'));
    for (const o of m.operations) parts.push(o.name, o.permission, o.sql ?? '', String(o.keyed));
    parts.push(JSON.stringify([m.name, m.label, m.permissions, m.roles]));
  }
  for (const { statements: list } of await logicOf(all)) parts.push(...list.map((s) => s.text));
  return sha256(parts.join('\u0000')).toString('hex');
}
