import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { language, SOURCE, translated } from '../../i18n/language.ts';
import { modules } from '../../modules.ts';
import { problem } from '../../problem.ts';
import type { Database } from '../connect.ts';
import { retrying } from '../refusal.ts';
import { timed } from '../timed.ts';
import type { Row } from './list.ts';

interface Parameter {
  name: string;
  /** date, text or a table whose id it is. */
  type: string;
  optional: boolean;
}

export interface Report {
  name: string;
  /** The module that brings it. */
  module: string;
  title: string;
  permission: string;
  parameters: Parameter[];
  chart?: string;
  /** The page that shows it, of a report that isn't opened by itself. */
  page?: string;
  /** Texts that its rows hold, which are answered in the reader's language. */
  words: string[];
  /** Columns that stand in its rows for its list, and are shown nowhere. */
  hidden: string[];
  list?: ListOfReport;
  text: string;
}

/** The list that a row of a report is the sum of. */
interface ListOfReport {
  table: string;
  group?: string;
  /** Columns that are summed there. */
  sums: string[];
  /** A path, an operator, and what it is compared with: `:parameter`, or a column of the row. */
  where: [path: string, operator: string, value: string][];
}

/**
 * That list as it is answered: a filter's value that stands in each row is said by its column; where
 * the row has none, the filter is is_null.
 */
interface ToldList {
  table: string;
  group?: string;
  totals: string[];
  filter: [path: string, operator: string, value: string | null | { column: string }][];
}

let read: Promise<Map<string, Report>> | undefined;

/** The reports of all modules by name: files `<name>.report.sql` with a head and one query. */
export function reports(): Promise<Map<string, Report>> {
  read ??= readReports();
  return read;
}

interface Told {
  title: string;
  columns: { name: string; label: string; type: string }[];
  rows: Row[];
  chart?: string;
  list?: ToldList;
}

/** A report's rows as the owner of the token sees them. Errors: report_unknown, parameter_wrong. */
export async function runReport(
  db: Database,
  token: string,
  name: string,
  given: Record<string, string | undefined>,
): Promise<Told> {
  const report = (await reports()).get(name);
  if (!report) throw problem('report_unknown', { report: name });
  return await timed('report', name, () => run(db, token, report, given));
}

async function run(
  db: Database,
  token: string,
  report: Report,
  given: Record<string, string | undefined>,
): Promise<Told> {
  const values = report.parameters.map((p) => parameterValue(p, given[p.name]));
  const answer = await retrying(() =>
    db.read.run(async (client) => {
      const [, , allowed, found] = await Promise.all([
        client.query('begin read only'),
        client.query('select kernel_logic.set_actor($1)', [token]),
        client.query('select kernel_logic.may($1) as may', [report.permission]),
        client.query(report.text, values),
        client.query('commit'),
      ]);
      if (!allowed.rows[0].may) throw problem('not_permitted', { permission: report.permission });
      return found;
    }),
  );
  const shown = answer.fields.filter(({ name }) => !report.hidden.includes(name));
  return {
    title: translated(report.title, language(), report.module),
    columns: shown.map((f) => ({
      name: f.name,
      label: translated(titleOf(f.name), language(), report.module),
      type: kindOf(f.dataTypeID, f.name),
    })),
    rows: inWords(report, answer.rows),
    ...(report.chart ? { chart: report.chart } : {}),
    ...(report.list ? { list: toldList(report.list, report, values) } : {}),
  };
}

function toldList(
  { table, group, sums, where }: ListOfReport,
  { parameters }: Report,
  values: (string | null)[],
): ToldList {
  const filter = where.flatMap(([path, operator, value]): ToldList['filter'] => {
    if (!value.startsWith(':')) return [[path, operator, { column: value }]];
    const given = values[parameters.findIndex(({ name }) => `:${name}` === value)];
    return given ? [[path, operator, given]] : [];
  });
  const totals = sums.map((one) => `sum:${one}`);
  return { table, ...(group ? { group } : {}), totals, filter };
}

/** What a column or parameter is called: its name as words. */
export const titleOf = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

function inWords({ words, module }: Report, rows: Row[]): Row[] {
  const said = language();
  if (said === SOURCE || words.length === 0) return rows;
  const known = new Map(words.map((word) => [word, translated(word, said, module)]));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, known.get(value as string) ?? value]),
    ),
  );
}

function parameterValue(p: Parameter, value: string | undefined): string | null {
  if (value === undefined || value === '') {
    if (!p.optional) throw problem('parameter_wrong', { parameter: p.name, why: 'is missing' });
    return null;
  }
  if (p.type === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value)) {
    throw problem('parameter_wrong', {
      parameter: p.name,
      why: 'must be a day such as 2026-11-21',
    });
  }
  if (p.type.includes('.') && !/^[0-9a-f-]{36}$/i.test(value)) {
    throw problem('parameter_wrong', { parameter: p.name, why: 'must be an id' });
  }
  return value;
}

/** A column's kind by its type, and money by its name, as tables name it. */
function kindOf(oid: number, name: string): string {
  if (oid === 1700 && /(amount|price|cost|debit|credit|balance)$/.test(name)) return 'money';
  return KINDS[oid] ?? 'text';
}

const KINDS: Record<number, string> = {
  1700: 'number',
  20: 'integer',
  23: 'integer',
  1082: 'date',
  1184: 'timestamp',
  16: 'boolean',
  2950: 'uuid',
};

async function readReports(): Promise<Map<string, Report>> {
  const found = new Map<string, Report>();
  for (const m of await modules()) {
    for (const file of readdirSync(m.folder).filter((f) => f.endsWith('.report.sql'))) {
      const report = parseReport(
        m.name,
        file.replace('.report.sql', ''),
        readFileSync(join(m.folder, file), 'utf8'),
      );
      found.set(report.name, report);
    }
  }
  return found;
}

/** `:name` becomes a numbered parameter; everything else is the query as it stands. */
function parseReport(module: string, name: string, source: string): Report {
  const head = (key: string) => new RegExp(`^-- ${key}: (.*)$`, 'm').exec(source)?.[1]?.trim();
  const parameters = (head('parameters') ?? '')
    .split(/,\s*(?=\w+ \()/)
    .filter(Boolean)
    .map((said) => {
      const [, parameter = '', type = '', optional] =
        /^(\w+) \(([\w.]+)(, optional)?\)$/.exec(said) ?? [];
      if (!parameter) throw new Error(`${name}.report.sql: “${said}” is no parameter.`);
      return { name: parameter, type, optional: Boolean(optional) };
    });
  const text = parameters.reduce(
    (all, p, i) => all.replaceAll(new RegExp(`(?<!:):${p.name}\\b`, 'g'), `$${i + 1}`),
    source.replaceAll(/^--.*\n/gm, ''),
  );
  const [chart, page, list] = [head('chart'), head('page'), head('list')];
  const names = (said: string | undefined) => (said ?? '').split(/,\s*/).filter(Boolean);
  return {
    name,
    module,
    title: head('title') ?? name,
    permission: head('permission') ?? '',
    parameters,
    words: names(head('words')),
    hidden: names(head('hidden')),
    text,
    ...(chart ? { chart } : {}),
    ...(page ? { page } : {}),
    ...(list ? { list: parseList(name, list, names(head('where'))) } : {}),
  };
}

function parseList(name: string, said: string, where: string[]): ListOfReport {
  const [, table = '', group, sums = ''] =
    /^([\w.]+)(?: by ([\w.:]+))?(?: sum ([\w, ]+))?$/.exec(said) ?? [];
  const filters = where.map((one) => /^([\w.]+) (=|<=|>=|<|>) (:?\w+)$/.exec(one)?.slice(1));
  if (!table || filters.some((one) => !one))
    throw new Error(`${name}.report.sql: “${said}” where “${where.join(', ')}” is no list.`);
  return {
    ...{ table, sums: sums.split(/,\s*/).filter(Boolean) },
    ...(group ? { group } : {}),
    where: filters as ListOfReport['where'],
  };
}
