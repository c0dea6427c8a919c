import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconHelp,
  IconKey,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useGo } from './address.tsx';
import { api, hooks } from './api.ts';
import { type Locale, spoken, t, useLocale } from './i18n.ts';
import { usePrefer } from './preferences.ts';
import { useSignedIn } from './session.tsx';

const done = <IconCheck size={14} />;

export function PersonMenu({ help }: { help: () => void }) {
  const me = useSignedIn();
  const go = useGo();
  const client = useQueryClient();
  const prefer = usePrefer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = me.user.name || me.user.username;
  const signOut = async () => {
    await api.signOut().catch(() => {});
    client.clear();
    location.assign('/sign-in');
  };
  const themes = [
    { scheme: 'light', label: t('Light'), icon: <IconSun size={16} stroke={1.6} /> },
    { scheme: 'dark', label: t('Dark'), icon: <IconMoon size={16} stroke={1.6} /> },
    {
      scheme: 'auto',
      label: t('As the system'),
      icon: <IconDeviceDesktop size={16} stroke={1.6} />,
    },
  ] as const;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <UnstyledButton className="k-person" aria-label={`${initials(name)}, ${name}`}>
          {initials(name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="k-menu-person">
          <b>{name}</b>
          <span>{roles(me.roles.map(({ role }) => role))}</span>
        </div>
        <Menu.Divider />
        <Menu.Label>{t('Theme')}</Menu.Label>
        {themes.map(({ scheme, label, icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={icon}
            rightSection={scheme === colorScheme ? done : null}
            onClick={() => {
              setColorScheme(scheme);
              prefer({ theme: scheme });
            }}
          >
            {label}
          </Menu.Item>
        ))}
        <Languages />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKey size={16} stroke={1.6} />} onClick={() => go('/password')}>
          {t('Change password')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHelp size={16} stroke={1.6} />}
          rightSection={<kbd>?</kbd>}
          onClick={help}
        >
          {t('Help with this page')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={signOut}>
          {t('Sign out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Languages() {
  const locale = useLocale();
  const client = useQueryClient();
  const prefer = usePrefer();
  const made: [Locale, string][] = [
    ['pseudo', 'Pseudo'],
    ['pseudo-rtl', 'Pseudo, right to left'],
  ];
  const choose = async (one: Locale) => {
    await hooks.speak(one);
    if (spoken.some(([locale]) => locale === one)) prefer({ language: one });
    await client.invalidateQueries();
  };
  return (
    <>
      <Menu.Label>{t('Language')}</Menu.Label>
      {[...spoken, ...(import.meta.env.DEV ? made : [])].map(([one, label]) => (
        <Menu.Item
          key={one}
          lang={one}
          leftSection={<IconLanguage size={16} stroke={1.6} />}
          rightSection={one === locale ? done : null}
          onClick={() => void choose(one)}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return (
    (words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')
  ).toUpperCase();
}

function roles(names: string[]): string {
  const words: Record<string, string> = {
    administrator: t('Administrator'),
    manager: t('Manager'),
    cashier: t('Cashier'),
  };
  return [...new Set(names)].map((name) => words[name] ?? name).join(', ');
}
