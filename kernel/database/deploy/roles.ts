import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';

export const GROUPS = ['kontor_owner', 'kontor_app', 'kontor_read', 'kontor_list', 'kontor_door'];
const DOORS = ['app', 'read', 'door'] as const;
export type Door = (typeof DOORS)[number];

/** The logins that server processes use, one for each door, with their passwords. */
export type Logins = Record<Door, { user: string; password: string }>;

/** Makes the groups that the whole cluster shares, and this database's right to be entered. */
export async function makeGroups(admin: Client): Promise<void> {
  // Roles belong to the cluster: two deploys at once on two databases must take turns.
  await admin.query('select pg_advisory_lock(70707070)');
  try {
    for (const group of GROUPS) {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [group]);
      if (!rowCount) await admin.query(`create role ${group} nologin`);
    }
    await admin.query('grant kontor_list to kontor_owner');
    await admin.query('grant kontor_owner to current_user');
    const { rows } = await admin.query('select quote_ident(current_database()) as name');
    await admin.query(`revoke all on database ${rows[0].name} from public`);
    await admin.query(`grant create on database ${rows[0].name} to kontor_owner`);
  } finally {
    await admin.query('select pg_advisory_unlock(70707070)');
  }
}

/**
 * Makes this database's logins, or gives those that are kept their passwords. A home that keeps none
 * gets new ones: others may be in use by another home's servers.
 */
export async function makeLogins(admin: Client, kept: Logins | undefined): Promise<Logins> {
  const { rows } = await admin.query(
    'select current_database() as name, oid from pg_database where datname = current_database()',
  );
  const database = rows[0].name as string;
  const logins = {} as Logins;
  const own = kept ? '' : await freeSuffix(admin, rows[0].oid);
  for (const door of DOORS) {
    const user = kept?.[door].user ?? `kontor_${door}_${rows[0].oid}${own}`;
    const password = kept?.[door].password ?? randomBytes(24).toString('base64url');
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [user]);
    const verb = rowCount ? 'alter' : 'create';
    const { rows: said } = await admin.query(
      `select format('${verb} role %I login password %L', $1::text, $2::text) as sql`,
      [user, password],
    );
    await admin.query(said[0].sql);
    const { rows: grants } = await admin.query(
      `select format('grant %I to %I', $1::text, $2::text) as member,
              format('grant connect on database %I to %I', $3::text, $2::text) as enter`,
      [`kontor_${door}`, user, database],
    );
    await admin.query(grants[0].member);
    await admin.query(grants[0].enter);
    logins[door] = { user, password };
  }
  return logins;
}

async function freeSuffix(admin: Client, oid: number): Promise<string> {
  const { rowCount } = await admin.query('select from pg_roles where rolname = any($1)', [
    DOORS.map((door) => `kontor_${door}_${oid}`),
  ]);
  return rowCount ? `_${randomBytes(4).toString('hex')}` : '';
}
