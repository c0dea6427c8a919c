import { useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, askEarly, hooks } from '../base/api.ts';
import { type Locale, spoken, t, useLocale } from '../base/i18n.ts';
import { usePrefer } from './preferences.ts';

/** What a person has as they like it, with a way to choose it. */
type Choice<Name extends string> = {
  name: Name;
  label: string;
  chosen: boolean;
  choose: () => void;
};

export function useThemes(): Choice<'light' | 'dark' | 'auto'>[] {
  const prefer = usePrefer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const themes = { light: t('Light'), dark: t('Dark'), auto: t('As the system') };
  return (['light', 'dark', 'auto'] as const).map((name) => ({
    name,
    label: themes[name],
    chosen: name === colorScheme,
    choose: () => {
      setColorScheme(name);
      void prefer({ theme: name });
    },
  }));
}

const made: [Locale, string][] = [
  ['pseudo', 'Pseudo'],
  ['pseudo-rtl', 'Pseudo, right to left'],
];

export function useLanguages(): Choice<Locale>[] {
  const locale = useLocale();
  const client = useQueryClient();
  const prefer = usePrefer();
  const choose = async (name: Locale) => {
    await hooks.speak(name);
    // Kept first: what is asked for after that comes in it.
    if (spoken.some(([one]) => one === name)) await prefer({ language: name });
    await client.invalidateQueries();
  };
  return [...spoken, ...(import.meta.env.DEV ? made : [])].map(([name, label]) => ({
    name,
    label,
    chosen: name === locale,
    choose: () => void choose(name),
  }));
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    askEarly([]);
    await api.signOut().catch(() => {});
    client.clear();
    location.assign('/sign-in');
  };
}
