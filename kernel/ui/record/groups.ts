import { t } from '../base/i18n.ts';
import type { Column, Table } from '../base/types.ts';

/** `key` stays as it is in every language, and when a field comes to it. */
export type Group = { key: string; label: string; columns: Column[] };

/** Columns in the sections that their table's module names; custom fields in one of their own. */
export function groupsOf(table: Table, columns: Column[]): Group[] {
  const sections = table.start?.sections ?? [];
  const left = new Set(columns);
  const take = (key: string, label: string, taken: (Column | undefined)[]): Group => {
    const held = taken.filter((column) => column !== undefined && left.delete(column));
    return { key, label, columns: held as Column[] };
  };
  const named = sections.map(({ label, columns: names }, at) =>
    take(
      `section ${at}`,
      label,
      names.split(',').map((name) => columns.find((column) => column.name === name)),
    ),
  );
  const own = take(
    'own',
    t('Custom fields'),
    columns.filter(({ name }) => name.startsWith('custom.')),
  );
  const rest = take('rest', sections.length ? t('More') : t('Details'), [...left]);
  return [...named, rest, own].filter((group) => group.columns.length > 0);
}

/** Long texts, which take the whole width. */
export const isLong = ({ type, name }: Column): boolean =>
  type === 'text' && /^(notes?|description|remarks?|reason)$/.test(name);
