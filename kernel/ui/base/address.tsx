import { useParams, useRouter, useRouterState } from '@tanstack/react-router';
import { type ComponentProps, type MouseEvent, useCallback, useMemo } from 'react';

export type Go = (to: string, how?: { replace?: boolean }) => void;

export function useGo(): Go {
  const { history } = useRouter();
  return useCallback(
    (to, how) => (how?.replace ? history.replace(to) : history.push(to)),
    [history],
  );
}

export function usePath(): string {
  return useRouterState({ select: (state) => state.location.pathname });
}

export function useParam(name: string): string {
  return (useParams({ strict: false }) as Record<string, string | undefined>)[name] ?? '';
}

type Patch = Record<string, string | null | undefined>;

/** What the address says behind its `?`, and a way to change it in place. */
export function useAddress(): [URLSearchParams, (patch: Patch) => void] {
  const path = usePath();
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const go = useGo();
  const values = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (patch: Patch) => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(patch)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const text = next.toString();
      go(text ? `${path}?${text}` : path, { replace: true });
    },
    [go, path, search],
  );
  return [values, change];
}

/** A link inside the app: real address, no reload. */
export function A({ href, onClick, ...rest }: ComponentProps<'a'>) {
  const go = useGo();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const special = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
    if (event.defaultPrevented || special || !href || rest.target) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
