import { useMantineColorScheme } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api, hooks } from '../base/api.ts';
import { type Locale, spoken } from '../base/i18n.ts';
import { useMe } from '../base/session.tsx';
import type { ListLayout, Me } from '../base/types.ts';

type Preferences = Me['preferences'];

const key = 'kontor-preferences';
const textOf = (me: Me) => JSON.stringify({ ...me.preferences, id: me.user.id });

// An answer that was asked for before a choice was saved tells of the one before it.
let saving = 0;
let unsaved: Preferences = {};

/** What is said on top of what was; of lists only those that are named. */
const over = (before: Preferences, said: Preferences): Preferences => ({
  ...before,
  ...said,
  ...(said.lists && { lists: { ...before.lists, ...said.lists } }),
});

/** Keeps how the person wants their screens, so that it is so wherever they sign in. */
export function usePrefer(): (said: Preferences) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    (said) => {
      const put = () =>
        client.setQueryData<Me>(['me'], (me) =>
          me ? { ...me, preferences: over(me.preferences, unsaved) } : me,
        );
      saving++;
      unsaved = over(unsaved, said);
      const me = put();
      if (me) localStorage.setItem(key, textOf(me));
      // What is chosen holds on this page at once; unsaved it holds in this browser all the same.
      return api
        .call('identity.preference.set', said)
        .then(() => {})
        .catch(() => {})
        .then(() => client.cancelQueries({ queryKey: ['me'] }))
        .finally(() => {
          put();
          if (--saving === 0) unsaved = {};
        });
    },
    [client],
  );
}

/** Whether the rows of lists stand close; in this browser until the person says so for good. */
export function useCompact(): [boolean, (compact: boolean) => void] {
  const prefer = usePrefer();
  const [compact, keep] = useLocalStorage({
    key: 'kontor-compact',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const set = (next: boolean) => {
    keep(next);
    void prefer({ density: next ? 'compact' : 'comfortable' });
  };
  return [compact, set];
}

/** How the person wants the list of this table, and a way to say it. */
export function useLayout(table: string): [ListLayout, (said: ListLayout) => void] {
  const prefer = usePrefer();
  const layout = useMe().data?.preferences.lists?.[table] ?? {};
  const set = (said: ListLayout) => {
    const kept = Object.entries({ ...layout, ...said }).filter(([, one]) => one !== undefined);
    void prefer({ lists: { [table]: kept.length ? Object.fromEntries(kept) : null } });
  };
  return [layout, set];
}

type Known = Preferences & { id: string };

/**
 * Does what the person chose at another browser. What they chose here since, such as a language in
 * the address, is left as it is until they choose anew.
 */
export function useTheirPreferences(): void {
  const me = useMe().data;
  const { setColorScheme } = useMantineColorScheme();
  const [, setCompact] = useLocalStorage({ key: 'kontor-compact', defaultValue: true });
  const said = me ? textOf(me) : '';
  useEffect(() => {
    const before = localStorage.getItem(key);
    if (!said || before === said || saving > 0) return;
    localStorage.setItem(key, said);
    const now = JSON.parse(said) as Known;
    const was = JSON.parse(before ?? '{}') as Partial<Known>;
    const fresh = <K extends keyof Preferences>(name: K) =>
      was.id === now.id && was[name] === now[name] ? undefined : now[name];
    const [language, theme, density] = [fresh('language'), fresh('theme'), fresh('density')];
    if (theme) setColorScheme(theme);
    if (density) setCompact(density === 'compact');
    const known = spoken.find(([locale]) => locale === language);
    const asked = new URLSearchParams(location.search).has('lang');
    if (known && !asked) void hooks.speak(known[0] as Locale);
  }, [said, setColorScheme, setCompact]);
}
