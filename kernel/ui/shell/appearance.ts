import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { request } from '../base/api.ts';

export type Appearance = { accent: string | null; logo: string | null };

const key = 'kontor-appearance';

/** The business's own colour and logo; what was last known until the server has answered. */
export function useAppearance(): Appearance {
  const { data } = useQuery({
    queryKey: ['appearance'],
    queryFn: () => request<Appearance>('GET', '/appearance', { quiet: true }),
    staleTime: 300_000,
    initialData: known,
    initialDataUpdatedAt: 0,
  });
  const { accent, logo } = data ?? { accent: null, logo: null };
  useEffect(() => {
    show(accent);
    localStorage.setItem(key, JSON.stringify({ accent, logo }));
  }, [accent, logo]);
  return { accent, logo };
}

/** Colours the page; how light the colour is follows the theme (tokens.css). */
export function show(accent: string | null): void {
  const root = document.documentElement;
  if (accent) root.style.setProperty('--k-owner', accent);
  root.toggleAttribute('data-owner', Boolean(accent));
}

function known(): Appearance | undefined {
  try {
    const said = JSON.parse(localStorage.getItem(key) ?? '') as Appearance;
    return said && typeof said === 'object' ? said : undefined;
  } catch {
    return undefined;
  }
}
