import { A } from '../base/address.tsx';
import { ApiProblem } from '../base/api.ts';
import { moment } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { tableOf, useCatalogue } from '../base/session.tsx';
import type { Row } from '../base/types.ts';

/** A record that stands in the way of what was asked. */
type Way = { table: string; id: string; why: string; label?: string; by?: string; at?: string };

/** The records that a refusal names. */
export function waysOf(error: unknown): Way[] {
  if (!(error instanceof ApiProblem)) return [];
  const { in_the_way } = (error.params.params ?? {}) as Row;
  return Array.isArray(in_the_way) ? (in_the_way as Way[]) : [];
}

/** What stands in the way, each with the way to it. */
export function InTheWay({ ways }: { ways: Way[] }) {
  const { data } = useCatalogue();
  if (ways.length === 0) return null;
  return (
    <ul className="k-in-the-way">
      {ways.map(({ table, id, label, ...why }) => {
        const of = tableOf(data, table);
        const name = [of?.label ?? table, label].filter(Boolean).join(': ');
        return (
          <li key={`${table} ${id} ${why.why}`}>
            {of ? <A href={`/${of.module}/${of.table}/${id}`}>{name}</A> : name}
            <small className="k-dim">{reason(why)}</small>
          </li>
        );
      })}
    </ul>
  );
}

function reason({ why, by, at }: Omit<Way, 'table' | 'id'>): string {
  const words: Record<string, string> = {
    changed: by
      ? t('changed by {by}, {at}', { by, at: moment(at) })
      : t('changed, {at}', { at: moment(at) }),
    uses: t('refers to what was imported'),
    commented: t('has comments'),
    has_files: t('has files'),
    moved: t('its goods have moved since'),
    posted: t('was posted'),
    erased: t('what it held before was erased'),
  };
  return words[why] ?? why;
}
