import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../database/connect.ts';
import { reports, titleOf } from '../database/reading/reports.ts';
import { asProblem } from '../database/refusal.ts';
import { language, SOURCE, translated } from '../i18n/language.ts';
import type { Fact, List } from '../module.ts';
import { modules, operations } from '../modules.ts';
import { documents } from '../print/document.ts';
import { Problem } from '../problem.ts';

interface Column {
  name: string;
  type: string;
  label: string;
  help: string;
  sortable: boolean;
  choices: (string | { value: string; label: string })[] | null;
}

interface Table {
  name: string;
  module: string;
  label: string;
  help: string;
  columns: Column[];
}

/** The same for all who may do the same: kept until a deploy, or a field of the business's own. */
const kept = new WeakMap<Database, Map<string, ReturnType<typeof catalogueFor>>>();
const MOST_KEPT = 100;
type Permissions = Record<string, unknown>;
type Catalogue = NonNullable<Awaited<ReturnType<typeof catalogueFor>>>;

/** What the caller may see and do, for made screens; texts in the language of the request. */
export async function catalogue(db: Database, token: string): Promise<Catalogue> {
  try {
    const { rows } = await db.app.query(
      'select kernel_logic.me($1) as me, kernel_logic.catalogue_stamp() as stamp',
      [token],
    );
    const { permissions } = JSON.parse(rows[0].me) as { permissions: Permissions };
    const ours = kept.get(db) ?? new Map<string, ReturnType<typeof catalogueFor>>();
    kept.set(db, ours);
    const key = JSON.stringify([language(), rows[0].stamp, permissions]);
    const others = ours.get(key);
    const known = others ?? catalogueFor(db, token, permissions);
    // What is asked for now goes last of all.
    ours.delete(key);
    ours.set(key, known);
    known.catch(() => ours.delete(key));
    const [oldest = ''] = ours.keys();
    if (ours.size > MOST_KEPT) ours.delete(oldest);
    // That of others may fail for a reason of their own.
    const said = await (others ? known.catch(() => undefined) : known);
    if (said) return said;
    ours.delete(key);
    return await catalogue(db, token);
  } catch (error) {
    const known = asProblem(error);
    throw known instanceof Problem ? known : error;
  }
}

async function catalogueFor(db: Database, token: string, permissions: Permissions) {
  const { rows } = await db.app.query(
    `select kernel_logic.catalogue($1) as c, kernel_logic.me($1) as me,
            kernel_logic.own_roles() as own`,
    [token],
  );
  // A role was given or taken meanwhile: it is not what all with these permissions see.
  if (!isDeepStrictEqual(JSON.parse(rows[0].me).permissions, permissions)) return undefined;
  const said = language();
  const tables = await withChoices(JSON.parse(rows[0].c) as Table[], said);
  const own = JSON.parse(rows[0].own) as Record<string, string>;
  const shipped = await shippedRoles();
  const managesUsers = Boolean(permissions['identity.manage_users']);
  const starts = await listStarts();
  const figures = await figuresOf(tables, permissions);
  return {
    tables: tables.map((table) => ({
      ...inTheirLanguage(table, said),
      ...startOf(starts.get(table.name), table.module, said),
      ...(figures.get(table.name) ? { figures: figures.get(table.name) } : {}),
    })),
    operations: [...(await operations()).values()]
      .filter((o) => permissions[o.permission])
      .map(({ name, label, permission, actions }) => {
        const of = (text: string) => translated(text, said, name.split('.')[0]);
        const offered = actions?.map((one) => ({
          ...one,
          label: of(one.label ?? label),
          ...(one.question ? { question: of(one.question) } : {}),
        }));
        return { name, label: of(label), permission, ...(offered ? { actions: offered } : {}) };
      }),
    roles: managesUsers ? [...shipped, ...Object.keys(own)] : [],
    own_roles: own,
    permissions: managesUsers || permissions['kernel.administer'] ? await allowed(said) : [],
    pages: (await modules()).flatMap(({ name, pages = {} }) =>
      Object.entries(pages)
        .filter(([, { permission }]) => !permission || permissions[permission])
        .map(([page, { label, fresh = true }]) => {
          return { name: `${name}/${page}`, label: translated(label, said, name), fresh };
        }),
    ),
    settings: await settingsFor(permissions, tables, said),
    reports: [...(await reports()).values()]
      .filter((r) => permissions[r.permission])
      .map(({ name, title, parameters, chart, module, page }) => {
        return { name, title: translated(title, said, module), parameters, chart, page };
      }),
    documents: [...(await documents()).values()]
      .filter(({ name }) => tables.some((table) => table.name === name))
      .map(({ name, label, module, languages }) => {
        return { name, label: translated(label, said, module), languages };
      }),
    ...(said === SOURCE ? {} : { words: await wordsIn(tables, shipped, said) }),
  };
}

/**
 * Codes as people say them: what is odd but happened is a sentence of the module that finds it, what
 * was called an operation of a table.
 */
async function withChoices(tables: Table[], said: string): Promise<Table[]> {
  const choices = (await modules()).flatMap(({ name, findings = {} }) =>
    Object.entries(findings).map(([value, label]) => {
      return { value, label: translated(label, said, name) };
    }),
  );
  const called = [...(await operations()).values()].map(({ name, label }) => {
    const [module = '', of = ''] = name.split('.');
    const table = tables.find((one) => one.name === `${module}.${of}`);
    const labels = [table?.label ?? titleOf(of), label].map((one) => translated(one, said, module));
    return { value: name, label: labels.join(': ') };
  });
  // What no operation did: a statement at the database, and files that were loaded.
  called.push(
    { value: 'sql', label: 'SQL' },
    { value: 'kernel.import', label: translated('Import', said) },
  );
  const given = { 'kernel.finding.code': choices, 'audit.request.operation': called };
  for (const table of tables) {
    for (const column of table.columns) {
      const words = given[`${table.name}.${column.name}` as keyof typeof given];
      if (words) Object.assign(column, { type: 'choice', choices: words });
    }
  }
  return tables;
}

/** How many figures the records of each table tell the caller at most. */
async function figuresOf(tables: Table[], permissions: Permissions): Promise<Map<string, number>> {
  const isTold = ({ list, total, permission }: Fact) => {
    const column = total.split(':')[1];
    const listed = tables.find(({ name }) => name === list);
    const sees = !column || listed?.columns.some(({ name }) => name === column);
    return Boolean(listed && sees && (!permission || permissions[permission]));
  };
  const all = (await modules()).flatMap(({ facts = {} }) => Object.entries(facts));
  const counts = new Map<string, number>();
  for (const [table, facts] of all)
    counts.set(table, (counts.get(table) ?? 0) + facts.filter(isTold).length);
  return counts;
}

async function listStarts() {
  const all = (await modules()).flatMap(({ name, lists = {} }) =>
    Object.entries(lists).map(([table, start]) => [`${name}.${table}`, start] as const),
  );
  return new Map<string, List>(all);
}

function startOf(start: List | undefined, module: string, said: string) {
  if (!start) return {};
  const of = (text: string) => translated(text, said, module);
  const sections = Object.entries(start.sections ?? {}).map(([label, columns]) => {
    return { label: of(label), columns };
  });
  return {
    start: {
      ...start,
      ...(start.label ? { label: of(start.label) } : {}),
      ...(start.sections ? { sections } : {}),
    },
  };
}

function inTheirLanguage(table: Table, said: string): Table {
  if (said === SOURCE) return table;
  const of = (text: string) => translated(text, said, table.module);
  return {
    ...table,
    label: of(table.label),
    help: of(table.help),
    columns: table.columns.map((c) => ({ ...c, label: of(c.label), help: of(c.help) })),
  };
}

/** Words for the codes that columns hold, for roles and for jobs. */
async function wordsIn(tables: Table[], roles: string[], said: string) {
  const words = new Map<string, string>();
  const add = (english: string, module?: string) => {
    if (!words.has(english)) words.set(english, translated(english, said, module));
  };
  for (const { module, columns } of tables) {
    for (const { label, choices } of columns) {
      // Details name columns, too: how much was on hand, of which product.
      add(label, module);
      for (const one of choices ?? []) if (typeof one === 'string') add(titleOf(one), module);
    }
  }
  for (const role of roles) add(titleOf(role));
  for (const m of await modules()) for (const { label } of m.jobs) add(label, m.name);
  return Object.fromEntries(words);
}

/** What there is to permit, in words, module after module. */
async function allowed(said: string) {
  return (await modules()).flatMap(({ name: module, label, permissions }) =>
    Object.entries(permissions).map(([name, sentence]) => {
      const of = (text: string) => translated(text, said, module);
      return { name, allows: of(sentence), module, module_label: of(label) };
    }),
  );
}

async function shippedRoles(): Promise<string[]> {
  const all = (await modules()).flatMap((m) => Object.keys(m.roles));
  // Nobody is given the role of what comes by itself.
  return [...new Set(all)].filter((role) => role !== 'system');
}

/** The page of settings: what of each module the person may open, by the heading it stands under. */
async function settingsFor(permissions: Permissions, tables: Table[], said: string) {
  const open = new Map(tables.map((table) => [table.name, table]));
  return (await modules()).flatMap(({ name: module, settings = [] }) =>
    settings.flatMap(({ permission, list, page, label, help, ...rest }) => {
      const table = list && open.get(list);
      if ((permission && !permissions[permission]) || (list && !table)) return [];
      const of = (text: string | undefined) => (text ? translated(text, said, module) : undefined);
      // The screen calls a list as its menu and its table do.
      return [
        {
          ...rest,
          list,
          href: `/${page ?? list?.replace('.', '/')}`,
          label: of(label),
          help: of(help),
        },
      ];
    }),
  );
}
