import { Menu, UnstyledButton } from '@mantine/core';
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
import { useGo } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import { roleName } from '../field/cell.tsx';
import { useLanguages, useSignOut, useThemes } from './person_choices.ts';

const done = <IconCheck size={14} />;
const icons = {
  light: <IconSun size={16} stroke={1.6} />,
  dark: <IconMoon size={16} stroke={1.6} />,
  auto: <IconDeviceDesktop size={16} stroke={1.6} />,
};

export function PersonMenu({ help }: { help: () => void }) {
  const me = useSignedIn();
  const go = useGo();
  const signOut = useSignOut();
  const name = me.user.name || me.user.username;
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
        {useThemes().map(({ name: theme, label, chosen, choose }) => (
          <Menu.Item
            key={theme}
            leftSection={icons[theme]}
            rightSection={chosen ? done : null}
            onClick={choose}
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
  return (
    <>
      <Menu.Label>{t('Language')}</Menu.Label>
      {useLanguages().map(({ name, label, chosen, choose }) => (
        <Menu.Item
          key={name}
          lang={name}
          leftSection={<IconLanguage size={16} stroke={1.6} />}
          rightSection={chosen ? done : null}
          onClick={choose}
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
  return [...new Set(names)].map((name) => words[name] ?? roleName(name)).join(', ');
}
