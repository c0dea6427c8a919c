import type pg from 'pg';
import type { LoadedModule } from '../../modules.ts';
import { problem } from '../../problem.ts';

/**
 * Refuses operations made for a table that they don't fit: one that isn't there, a fact, what is kept
 * from other rows, one without version or trail. Error: `made_not_possible`.
 */
export async function checkMade(
  admin: Pick<pg.Pool, 'query'> | Pick<pg.Client, 'query'>,
  all: Pick<LoadedModule, 'name' | 'made'>[],
): Promise<void> {
  const asked = all.flatMap((m) => Object.keys(m.made ?? {}).map((t) => `${m.name}.${t}`));
  const { rows } = await admin.query<{ table: string; why: string }>(WRONG, [asked]);
  if (rows[0]) throw problem('made_not_possible', rows[0]);
}

const WRONG = `
  select asked as table, why
    from unnest($1::text[]) as asked
    left join pg_class c on c.oid = to_regclass(asked)
    cross join lateral (select case
      when c.relkind is distinct from 'r' then 'there is no such table'
      when exists (select from pg_attribute where attrelid = c.oid and attname = 'made_in')
        then 'it holds facts, which never change'
      when not has_any_column_privilege('kontor_app', c.oid, 'insert')
        or not has_any_column_privilege('kontor_app', c.oid, 'update')
        then 'it is kept from other rows: the application may not write it'
      when not exists (select from pg_attribute where attrelid = c.oid and attname = 'version')
        then 'it has no column version'
      when not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                        where t.tgrelid = c.oid and p.proname = 'trail_update')
        then 'it is not tracked (kernel_logic.track)' end as why) w
   where why is not null`;
