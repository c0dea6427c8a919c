import { phrase } from '../problem.ts';
import { worded } from './sentences.ts';
import type { SheetColumn } from './sheet.ts';

/** A table as the catalogue tells of it, its labels in the reader's language. */
export interface ShownTable {
  name: string;
  label: string;
  columns: { name: string; label: string; type: string; refers_to?: string | null }[];
}

const TOTALS: Record<string, string> = {
  sum: phrase('Sum'),
  avg: phrase('Average'),
  min: phrase('Least'),
  max: phrase('Most'),
};
const PARTS: Record<string, string> = {
  day: phrase('{column} by day'),
  week: phrase('{column} by week'),
  month: phrase('{column} by month'),
  quarter: phrase('{column} by quarter'),
  year: phrase('{column} by year'),
};

/** The heads of an exported list as a person reads them; a label stands in the place of its id. */
export function sheetColumns(tables: ShownTable[], table: string, heads: string[]): SheetColumn[] {
  const of = tables.find(({ name }) => name === table);
  return heads
    .filter((name) => !(name.endsWith('_label') && heads.includes(name.slice(0, -6))))
    .map((name) => ({ name, ...headOf(tables, of, name) }));
}

function headOf(tables: ShownTable[], table: ShownTable | undefined, name: string) {
  if (name === 'count') return { title: worded(phrase('Rows'), {}), type: 'integer' };
  const [first = '', second = ''] = name.split(':');
  if (second && second in PARTS) {
    const { title } = columnAt(tables, table, first);
    return { title: worded(PARTS[second]!, { column: title }), type: 'date' };
  }
  if (second && first in TOTALS) {
    const { title, type } = columnAt(tables, table, second);
    return { title: `${worded(TOTALS[first]!, {})}: ${title}`, type };
  }
  return columnAt(tables, table, name);
}

/** A column, or one of what a column refers to: `brand_id.name`. */
function columnAt(
  tables: ShownTable[],
  table: ShownTable | undefined,
  path: string,
): { title: string; type: string } {
  const [, first = '', rest = ''] = /^((?:custom\.)?[^.]*)\.?(.*)$/.exec(path) ?? [];
  const column = table?.columns.find(({ name }) => name === first);
  if (!column) return { title: path, type: 'text' };
  if (!rest) return { title: column.label, type: column.refers_to ? 'text' : column.type };
  const other = tables.find(({ name }) => name === column.refers_to);
  const found = columnAt(tables, other, rest);
  const title = worded(phrase('{column} of {reference}'), {
    ...{ column: found.title, reference: column.label },
  });
  return { title, type: found.type };
}
