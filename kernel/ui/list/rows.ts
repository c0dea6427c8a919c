import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type ListQuery } from '../base/api.ts';
import { catalogueQuery, meQuery, tableOf } from '../base/session.tsx';
import type { Page, Table } from '../base/types.ts';
import { storeOf } from '../shell/store_switch.tsx';
import { type ListState, readList } from './state.ts';

const rowsQuery = (table: string, query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: ['list', table, query],
    initialPageParam: '',
    getNextPageParam: (last: Page) => last.next ?? undefined,
    queryFn: ({ pageParam, signal }) =>
      // What is seen at once comes first; who goes on gets more at a time.
      api.list(table, { ...query, limit: pageParam ? 200 : 100, cursor: pageParam }, signal),
  });

const countQuery = (table: string, { q, filter }: ListQuery) =>
  queryOptions({
    queryKey: ['list', table, 'count', q, filter],
    queryFn: ({ signal }) =>
      api.list(table, { q, filter, limit: 1, columns: ['id'], count: true }, signal),
  });

/** Asks for what a list will show at this address, before its page is drawn. */
export async function readAhead(client: QueryClient, name: string, search: string): Promise<void> {
  const [me, catalogue] = await Promise.all([
    client.ensureQueryData(meQuery),
    client.ensureQueryData(catalogueQuery),
  ]);
  const table = tableOf(catalogue, name);
  if (!table) return;
  const columns = me.preferences.lists?.[name]?.columns?.join() ?? '';
  const { query } = readList(table, catalogue, search, storeOf(me), columns);
  const rows = client.prefetchInfiniteQuery(rowsQuery(name, query));
  void client.prefetchQuery(countQuery(name, query));
  await rows;
}

/** The rows of a list as they are read, page by page. */
export function useRows(table: Table, { query }: ListState) {
  const page = useInfiniteQuery({
    ...rowsQuery(table.name, query),
    // Groups are no rows, nor rows groups.
    placeholderData: (data, before) => {
      const [, , asked] = (before?.queryKey ?? []) as [string, string, ListQuery];
      return asked?.group?.join() === query.group?.join() ? data : undefined;
    },
  });
  const counted = useQuery(countQuery(table.name, query));
  const rows = useMemo(() => page.data?.pages.flatMap((one) => one.rows) ?? [], [page.data]);
  const further = () => void page.fetchNextPage();
  const { columns: _, ...asked } = query;
  return {
    rows,
    /** What is asked for, without the columns in which it is told. */
    question: JSON.stringify(asked),
    pages: page.data?.pages ?? [],
    further: page.hasNextPage ? further : undefined,
    count: counted.data?.count ?? undefined,
    error: page.error,
    pending: page.isPending,
    old: page.isPlaceholderData,
    retry: () => void (page.isFetchNextPageError ? page.fetchNextPage() : page.refetch()),
    reading: page.isFetching,
    loadingMore: page.isFetchingNextPage,
    again: () => void page.refetch(),
    more: () => {
      // One after the other: a page more would end the reading anew of those that are there.
      const free = page.hasNextPage && !page.isFetching && !page.isFetchNextPageError;
      if (free) void page.fetchNextPage();
    },
  };
}
