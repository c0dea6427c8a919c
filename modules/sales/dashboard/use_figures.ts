import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { api } from '../../../kernel/ui/base/api.ts';
import type { Report } from '../../../kernel/ui/base/types.ts';
import { useNotice } from '../../../kernel/ui/shell/connection.tsx';

const matters = ['pos.receipt', 'sales.sales_order', 'sales.sales_goal', 'pos.till_session'];

/** All figures of a dashboard by one report; those of before stay until the new ones are there. */
export function useFigures(name: string, params: Record<string, string>, enabled = true) {
  return useQuery({
    queryKey: ['report', name, params],
    queryFn: () => api.report(name, params),
    enabled,
    placeholderData: (last: Report | undefined, query: { queryKey: QueryKey } | undefined) =>
      query?.queryKey[1] === name ? last : undefined,
  });
}

/**
 * Asks for the figures again a moment after the server tells of a sale; a whole year, of which one sale
 * moves little, not more than every ten seconds. At midnight the day is another one.
 */
export function useRefresh(year: boolean, zone: string | undefined): void {
  const client = useQueryClient();
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const again = useCallback(() => {
    due.current = undefined;
    void client.invalidateQueries({ queryKey: ['report'] });
  }, [client]);
  const wait = year ? 10_000 : 300;
  useNotice(
    matters,
    useCallback(() => {
      due.current ??= setTimeout(again, wait);
    }, [again, wait]),
  );
  useEffect(() => () => clearTimeout(due.current), []);
  useEffect(() => {
    const dayNow = () => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date());
    let day = dayNow();
    const timer = setInterval(() => {
      const now = dayNow();
      if (now !== day) again();
      day = now;
    }, 60_000);
    return () => clearInterval(timer);
  }, [again, zone]);
}
