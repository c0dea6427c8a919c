import type { Filter } from '../base/types.ts';

type Said = {
  filter?: Filter[];
  q?: string;
  sort?: string;
  /** What it is grouped by. */
  group?: string | undefined;
  /** Such as `sum:net_amount`. */
  totals?: string[];
};

/** Where the list of a table stands, as far as is said of it. */
export function listAt(table: string, { filter, totals, ...said }: Said): string {
  const address = new URLSearchParams();
  if (filter?.length) address.set('filter', JSON.stringify(filter));
  for (const [name, value] of Object.entries(said)) if (value) address.set(name, value);
  if (totals?.length) address.set('totals', totals.join());
  const search = address.toString();
  return `/${table.replace('.', '/')}${search ? `?${search}` : ''}`;
}
