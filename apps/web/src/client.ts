import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../../../kernel/ui/base/api.ts';

/** What was read from the server, for as long as it is thought to hold. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A shop's server is mostly on this side of the line that the browser looks at.
      networkMode: 'always',
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});

// Who one is and what one may do are told anew by the server when they change.
const lasting = ['me', 'catalogue'];

/** Has all that a page shows read again when it asks for it the next time. */
export const readAnew = (): Promise<void> =>
  client.invalidateQueries({
    refetchType: 'none',
    predicate: ({ queryKey }) => !lasting.includes(String(queryKey[0])),
  });
