import type { Condition, ListSpec, Row } from '../../../kernel/database/reading/list.ts';
import { atDesk, type ColumnOf, rowsOf } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { printJson, printTable, type Shown } from '../output/print.ts';

export interface ListOptions {
  json?: boolean;
  search?: string;
  filter?: string[];
  sort?: string;
  limit?: string;
  all?: boolean;
  columns?: string;
  group?: string;
  total?: string[];
  view?: string;
  url?: string;
}

export async function listCommand(table: string, options: ListOptions): Promise<void> {
  const spec = specOf(options);
  const most = options.all ? Number.POSITIVE_INFINITY : limitOf(options.limit);
  await atDesk(options, async (desk) => {
    // One more than is shown, to know whether there are more.
    const rows = await Array.fromAsync(rowsOf(desk, table, spec, most + 1));
    const more = rows.length > most;
    if (more) rows.pop();
    if (options.json) return printJson({ rows });
    printTable(spec.group ? grouped(rows) : shown(await desk.columns(table), rows, spec), rows);
    if (more) process.stderr.write(`The first ${most} rows. More: --limit, or --all.\n`);
  });
}

/** What to list, from the options that `list` and `export` share. */
export function specOf(options: Omit<ListOptions, 'json' | 'limit' | 'all' | 'url'>): ListSpec {
  const filter = options.filter?.map(conditionOf);
  const sort = options.sort?.split(',').map((said) => sortOf(said.trim()));
  return {
    ...(options.search ? { q: options.search } : {}),
    ...(filter ? { filter } : {}),
    ...(sort ? { sort } : {}),
    ...(options.columns ? { columns: words(options.columns) } : {}),
    ...(options.group ? { group: words(options.group) } : {}),
    ...(options.total ? { totals: options.total.flatMap(words) } : {}),
    ...(options.view ? { view: options.view } : {}),
  };
}

const words = (said: string): string[] => said.split(',').map((one) => one.trim());

const CONDITION =
  /^\s*([\w.]+)\s*(!=|<=|>=|=|<|>|\s(?:in|not_in|between|contains|not_contains|starts|within|has|is_null|not_null)\b)\s*(.*)$/s;

/** 'column operator value', as a person writes it; `in` and `between` take values between commas. */
export function conditionOf(said: string): Condition {
  const [, column = '', operator = '', value = ''] = CONDITION.exec(said) ?? [];
  if (!column) {
    throw new WrongCall(
      `“${said}” is no filter. Write 'column operator value', for instance 'number > 100'. ` +
        'Operators: = != < <= > >= between in not_in contains not_contains starts within has ' +
        'is_null not_null.',
    );
  }
  const op = operator.trim();
  if (['in', 'not_in', 'between'].includes(op)) return [column, op, words(value)];
  return op.endsWith('_null') ? [column, op] : [column, op, value.trim()];
}

function sortOf(said: string): [string, 'asc' | 'desc'] {
  const [, minus, column = '', way] = /^(-)?([\w.:]+)(?:\s+(asc|desc))?$/.exec(said) ?? [];
  if (!column) throw new WrongCall(`“${said}” is no sorting. Write a column, or -column.`);
  return [column, minus || way === 'desc' ? 'desc' : 'asc'];
}

function limitOf(said: string | undefined): number {
  if (said === undefined) return 50;
  if (!/^[1-9]\d{0,8}$/.test(said))
    throw new WrongCall(`--limit is a number of rows, not “${said}”.`);
  return Number(said);
}

const SELDOM = new Set([
  'id',
  'version',
  'custom',
  'recorded_at',
  'recorded_by',
  'made_in',
  'request_id',
]);

/** Groups as they are answered, a label in the place of an id. */
function grouped([first = {}]: Row[]): Shown[] {
  const names = Object.keys(first).filter((name) => !name.endsWith('_label'));
  return names.map((name) => ({
    name: `${name}_label` in first ? `${name}_label` : name,
    title: name,
  }));
}

/** The columns worth a person's eye: labels in the place of ids, without what nobody reads. */
function shown(columns: ColumnOf[], rows: Row[], spec: ListSpec): Shown[] {
  const usual = columns.filter((c) => !SELDOM.has(c.name) && !c.name.endsWith('_hash'));
  const wanted = spec.columns?.map((name) => ({ name })) ?? usual;
  const told = wanted.filter((c) => {
    const name = `${c.name}_label`;
    const values = rows.map((r) => (name in r ? r[name] : r[c.name]));
    return spec.columns || rows.length === 0 || values.some((v) => v !== null && v !== undefined);
  });
  return told.map((c) => {
    const label = `${c.name}_label`;
    const named = rows.some((r) => label in r);
    return { name: named ? label : c.name, title: named ? c.name.replace(/_id$/, '') : c.name };
  });
}
