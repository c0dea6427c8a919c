import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { titleOf } from './catalogue.ts';
import { useTable } from './session.tsx';

/** The title of one record, for ids that come without their label. */
export function useLabel(name: string, id: string | null | undefined): string | undefined {
  const { table } = useTable(name);
  const { data } = useQuery({
    queryKey: ['record', name, id],
    enabled: Boolean(id),
    queryFn: () => api.record(name, id!),
  });
  if (!data) return undefined;
  return table ? titleOf(table, data.row) : undefined;
}
