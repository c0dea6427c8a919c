import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Icon } from '../../../../kernel/ui/base/icon.tsx';
import { useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Note, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Catalogue, Me } from '../../../../kernel/ui/base/types.ts';
import { listLabel } from '../../../../kernel/ui/shell/menu.ts';

type Entry = { label: string; text: string; href: string; icon: string };
type Group = { title: string; entries: Entry[] };

/** Everything that can be set, in one place that can be searched. */
export default function Settings() {
  const me = useSignedIn();
  const { data, error } = useCatalogue();
  const [asked, setAsked] = useState('');
  const words = asked.trim().toLowerCase();
  if (error) return <Failed error={error} />;
  if (!data) return <Waiting />;
  const groups = groupsFor(me, data)
    .map(({ title, entries }) => ({
      title,
      entries: entries.filter(({ label, text }) =>
        `${label} ${text} ${title}`.toLowerCase().includes(words),
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <div className="k-page k-settings">
      <h1>{t('Settings')}</h1>
      <TextInput
        type="search"
        aria-label={t('Search in the settings')}
        placeholder={t('Search in the settings')}
        leftSection={<IconSearch size={14} stroke={1.8} />}
        value={asked}
        onChange={(event) => setAsked(event.currentTarget.value)}
      />
      {groups.length === 0 ? <Note title={t('Nothing found.')} /> : null}
      {groups.map(({ title, entries }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          <ul>
            {entries.map(({ label, text, href, icon }) => (
              <li key={href}>
                <A href={href}>
                  <Icon name={icon} size={18} />
                  <span>
                    <b>{label}</b>
                    <small>{text}</small>
                  </span>
                </A>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function groupsFor(me: Me, { tables, settings }: Catalogue): Group[] {
  const entryOf = ({ href, icon, list, label, help }: Catalogue['settings'][number]): Entry => {
    const table = tables.find(({ name }) => name === list);
    return {
      label: label ?? (table ? listLabel(me, table) : ''),
      text: help ?? table?.help ?? '',
      href,
      icon,
    };
  };
  const under = (group: string) => settings.filter((one) => one.group === group).map(entryOf);
  const password = {
    label: t('Change password'),
    text: t('Language and theme are behind your initials at the top.'),
    href: '/password',
    icon: 'key',
  };
  return [
    { title: t('You'), entries: [password] },
    { title: t('Business'), entries: under('business') },
    { title: t('People'), entries: under('people') },
    { title: t('Data'), entries: under('data') },
    { title: t('This installation'), entries: under('installation') },
  ];
}
