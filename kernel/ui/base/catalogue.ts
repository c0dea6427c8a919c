import { api, askEarly, listPath, typeOf } from './api.ts';
import { addWords } from './i18n.ts';
import type { Catalogue, Column, Me, Row, Table } from './types.ts';

/** Names of stores and users by id, for columns that say an id alone, and of the shop’s own roles. */
const names = new Map<string, string>();
export const nameOf = (id: unknown): string | undefined => names.get(String(id));

/** The catalogue as people need it: what only machines read is hidden, ids lead somewhere. */
export async function readCatalogue(asked: Promise<Me>): Promise<Catalogue> {
  const [catalogue, { stores }] = await Promise.all([api.catalogue(), asked.then(withUsers)]);
  addWords(catalogue.words ?? {});
  for (const { id, name } of stores) names.set(id, name);
  for (const [role, label] of Object.entries(catalogue.own_roles ?? {})) names.set(role, label);
  const known = new Set(catalogue.tables.map(({ name }) => name));
  const makesUsers = catalogue.operations.some(({ name }) => name === 'identity.user.make');
  const tables = catalogue.tables.map((table) => forPeople(table, known));
  const users = tables.find(({ name }) => name === 'identity.user');
  // A user is made by an operation with a page of its own.
  if (users) users.may = { ...users.may, create: makesUsers };
  for (const table of tables) {
    const page = catalogue.pages.find(({ name }) => name === `${table.module}/${table.table}_new`);
    if (!page) continue;
    table.may = { ...table.may, create: true };
    table.new_at = `/${page.name}`;
  }
  return { ...catalogue, tables };
}

const users = { columns: ['name'], limit: 200 };

// Who may see no users sees columns without their names.
async function withUsers(me: Me): Promise<Me> {
  const sees = Boolean(me.permissions['identity.see_users']);
  askEarly(['/session', '/catalogue', ...(sees ? [listPath('identity.user', users)] : [])]);
  if (!sees) return me;
  const { rows } = await api.list('identity.user', users);
  for (const { id, name } of rows) names.set(String(id), String(name));
  return me;
}

const machines = ['made_in', 'request_id', 'body_hash', 'changed_xid', 'source_id', 'normalised'];
const actors = /^(actor_id|approved_by|\w+ed_by)$/;

function forPeople(table: Table, known: Set<string>): Table {
  return { ...table, columns: table.columns.map((column) => readable(column, known)) };
}

function readable(column: Column, known: Set<string>): Column {
  const { name, refers_to } = column;
  const type = typeOf(column.type);
  const machine = type === 'bytea' || type === 'xid8' || machines.includes(name);
  // A role and a permission are referred to by their names, which say it already.
  const named = refers_to === 'identity.role' || refers_to === 'identity.permission';
  const target = named ? null : (refers_to ?? targetOf(name));
  return {
    ...column,
    type,
    hidden: column.hidden || machine,
    // Without the right to see where an id leads it stays a name.
    refers_to: target && known.has(target) ? target : null,
  };
}

function targetOf(name: string): string | null {
  if (name === 'store_id') return 'master.store';
  return actors.test(name) ? 'identity.user' : null;
}

// Archiving and bringing back are actions of their own.
const byItself = ['id', 'version', 'is_active'];

/** Whether a person can write a column. */
export const isField = ({ writable, hidden, type, name }: Column): boolean =>
  writable && !hidden && type !== 'json' && !byItself.includes(name);

/** What a record is called: its title, or what it is about and when. */
export function titleOf(table: Table, row: Row): string {
  const own = row[`${table.title}_label`] ?? row[table.title] ?? row.name ?? row.number;
  if (own !== undefined && own !== null) return String(own);
  const about = table.columns.find(({ name, refers_to }) => {
    return refers_to && name !== 'store_id' && row[`${name}_label`];
  });
  return about ? String(row[`${about.name}_label`]) : table.label;
}
