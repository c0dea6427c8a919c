import type { Condition, ListSpec, Row } from '../../kernel/database/list.ts';
import { atDesk, type ColumnOf, rowsOf } from './desk.ts';
import { WrongCall } from './fail.ts';
import { printJson, printTable, type Shown } from './print.ts';

export interface ListOptions {
  json?: boolean;
  search?: string;
  filter?: string[];
  sort?: string;
  limit?: string;
  all?: boolean;
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
    printTable(shown(await desk.columns(table), rows), rows);
    if (more) process.stderr.write(`The first ${most} rows. More: --limit, or --all.\n`);
  });
}

/** What to list, from the options that `list` and `export` share. */
export function specOf(options: Pick<ListOptions, 'search' | 'filter' | 'sort'>): ListSpec {
  const filter = options.filter?.map(conditionOf);
  const sort = options.sort?.split(',').map((said) => sortOf(said.trim()));
  return {
    ...(options.search ? { q: options.search } : {}),
    ...(filter ? { filter } : {}),
    ...(sort ? { sort } : {}),
  };
}

const CONDITION =
  /^\s*(\w+)\s*(!=|<=|>=|=|<|>|\s(?:in|contains|starts|is_null|not_null)\b)\s*(.*)$/s;

/** 'column operator value', as a person writes it; `in` takes values between commas. */
export function conditionOf(said: string): Condition {
  const [, column = '', operator = '', value = ''] = CONDITION.exec(said) ?? [];
  if (!column) {
    throw new WrongCall(
      `“${said}” is no filter. Write 'column operator value', for instance 'number > 100'. ` +
        'Operators: = != < <= > >= in contains starts is_null not_null.',
    );
  }
  const op = operator.trim();
  if (op === 'in') return [column, op, value.split(',').map((one) => one.trim())];
  return op.endsWith('_null') ? [column, op] : [column, op, value.trim()];
}

function sortOf(said: string): [string, 'asc' | 'desc'] {
  const [, minus, column = '', way] = /^(-)?(\w+)(?:\s+(asc|desc))?$/.exec(said) ?? [];
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

/** The columns worth a person's eye: labels in the place of ids, without what nobody reads. */
function shown(columns: ColumnOf[], rows: Row[]): Shown[] {
  const wanted = columns.filter((c) => !SELDOM.has(c.name) && !c.name.endsWith('_hash'));
  const told = wanted.filter((c) => {
    const name = `${c.name}_label`;
    const values = rows.map((r) => (name in r ? r[name] : r[c.name]));
    return rows.length === 0 || values.some((v) => v !== null && v !== undefined);
  });
  return told.map((c) => {
    const label = `${c.name}_label`;
    const named = rows.some((r) => label in r);
    return { name: named ? label : c.name, title: named ? c.name.replace(/_id$/, '') : c.name };
  });
}
