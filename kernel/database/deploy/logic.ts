import pg from 'pg';
import type { Kind, LogicStatement } from './statements.ts';

export interface ModuleLogic {
  module: string;
  statements: LogicStatement[];
}

interface Applied {
  module: string;
  kind: Kind;
  name: string;
  hash: Buffer;
}

/**
 * Applies what changed, by content: functions, views and triggers one by one; rights (policies,
 * grants) all anew where any of them or any function changed, or a schema file ran: a new column is
 * granted with its table's others.
 */
export async function applyLogic(
  admin: pg.Client,
  wanted: ModuleLogic[],
  reshaped: boolean,
): Promise<void> {
  const { rows: applied } = await admin.query<Applied>(
    'select module, kind, name, hash from kernel.logic_object order by module, position',
  );
  const now = wanted.flatMap(({ module, statements }) => statements.map((s) => ({ module, ...s })));
  const fresh = unapplied(now, applied);
  for (const s of fresh.filter((f) => f.kind !== 'right')) await replace(admin, s);
  if (reshaped || rightsChanged(now, applied) || fresh.some((f) => f.kind === 'function')) {
    await forgetRights(
      admin,
      [...wanted, ...applied].map((w) => w.module),
    );
    for (const s of now.filter((n) => n.kind === 'right')) await run(admin, s);
  }
  if (fresh.some((f) => f.kind === 'function')) await keepFromReaders(admin, wanted);
  // What was made last goes first: triggers and views before the functions that they call.
  for (const gone of unapplied(applied, now).reverse()) await drop(admin, gone, now);
  if (fresh.length > 0 || applied.length !== now.length) await keep(admin, wanted);
}

/** Views stand in the way of a column's new type. They hold nothing: they come again with the logic. */
export async function dropViews(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query(
    `with gone as (delete from kernel.logic_object where kind = 'view' returning name)
     select string_agg(name, ', ') as views from gone`,
  );
  if (rows[0].views) await admin.query(`drop view if exists ${rows[0].views}`);
}

/**
 * Takes functions that may write, as somebody else than their caller, from the role that reads
 * reports; those whose rights are said in a logic.sql stay as said there.
 */
async function keepFromReaders(admin: pg.Client, wanted: ModuleLogic[]): Promise<void> {
  const { rows } = await admin.query(
    `select format('revoke execute on function %1$s from public;
                    grant execute on function %1$s to kontor_app, kontor_door, kontor_list',
                   p.oid::regprocedure) as sql
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any($1) and p.prosecdef and p.provolatile = 'v' and p.proacl is null
        and p.prorettype <> 'trigger'::regtype and p.proowner = 'kontor_owner'::regrole
        and p.oid <> 'kernel_logic.set_actor(text)'::regprocedure`,
    [wanted.map((w) => `${w.module}_logic`)],
  );
  for (const { sql } of rows) await admin.query(sql);
}

/** Those of `these` whose like, by kind, name and hash, isn't among `those`. */
function unapplied<T extends { kind: Kind; name: string; hash: Buffer }>(
  these: T[],
  those: { kind: Kind; name: string; hash: Buffer }[],
): T[] {
  const known = new Set(those.map((t) => `${t.kind} ${t.name} ${t.hash.toString('hex')}`));
  return these.filter((t) => !known.has(`${t.kind} ${t.name} ${t.hash.toString('hex')}`));
}

function rightsChanged(now: Applied[], applied: Applied[]): boolean {
  const text = (list: Applied[]) =>
    list
      .filter((a) => a.kind === 'right')
      .map((a) => a.module + a.hash.toString('hex'))
      .sort()
      .join();
  return text(now) !== text(applied);
}

/** A function whose result changed can't be replaced: it is dropped, never by cascade, and made. */
async function replace(admin: pg.Client, s: LogicStatement): Promise<void> {
  await admin.query('savepoint logic');
  try {
    if (s.kind === 'trigger' && /create\s+constraint\s+trigger/i.test(s.text)) {
      await admin.query(`drop trigger if exists ${s.name}`);
    }
    await run(admin, s);
  } catch (error) {
    const reshaped =
      error instanceof pg.DatabaseError && ['42P13', '42P16'].includes(error.code ?? '');
    if (!reshaped) throw error;
    await admin.query('rollback to savepoint logic');
    await admin.query(`drop ${s.kind} if exists ${s.name}`);
    await run(admin, s);
  }
  await admin.query('release savepoint logic');
}

async function run(admin: pg.Client, s: LogicStatement): Promise<void> {
  try {
    await admin.query(s.text);
  } catch (error) {
    if (error instanceof Error) error.message += `\n  in: ${s.text.trim().slice(0, 200)}`;
    throw error;
  }
}

async function drop(admin: pg.Client, gone: Applied, now: Applied[]): Promise<void> {
  const standing = now.some((n) => n.kind === gone.kind && n.name === gone.name);
  if (gone.kind !== 'right' && !standing) {
    await admin.query(`drop ${gone.kind} if exists ${gone.name}`);
  }
}

async function forgetRights(admin: pg.Client, schemas: string[]): Promise<void> {
  const { rows } = await admin.query(
    `select format('drop policy %I on %s', polname, polrelid::regclass) as sql
       from pg_policy p join pg_class c on c.oid = polrelid
      where c.relnamespace::regnamespace::text = any($1)`,
    [schemas],
  );
  for (const { sql } of rows) await admin.query(sql);
  for (const schema of schemas) {
    await admin.query(
      `revoke all on all tables in schema ${schema}
         from kontor_app, kontor_read, kontor_list, kontor_door`,
    );
  }
  await admin.query(`delete from kernel.setting where name like 'search:%'`);
  await admin.query('delete from kernel.guarded_column');
}

async function keep(admin: pg.Client, wanted: ModuleLogic[]): Promise<void> {
  await admin.query('delete from kernel.logic_object');
  const rows = wanted.flatMap(({ module, statements }) =>
    statements.map((s, position) => ({
      module,
      position,
      kind: s.kind,
      name: s.name,
      hash: `\\x${s.hash.toString('hex')}`,
    })),
  );
  await admin.query(
    `insert into kernel.logic_object
     select * from jsonb_to_recordset($1) as r(module text, "position" integer, kind text,
                                               name text, hash bytea)`,
    [JSON.stringify(rows)],
  );
}
