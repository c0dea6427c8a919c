import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Icon } from '../../../../kernel/ui/base/icon.tsx';
import { may, useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Note, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Catalogue, Me } from '../../../../kernel/ui/base/types.ts';
import { hrefOf, listLabel } from '../../../../kernel/ui/shell/menu.ts';

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

const dataPages = (): Record<string, string> => ({
  import: t('Bring your data from spreadsheets.'),
  'custom-fields': t('Fields of your own, for any list.'),
  webhooks: t('Tell other programs what changes here.'),
});

function groupsFor(me: Me, catalogue: Catalogue | undefined): Group[] {
  const list = (name: string, icon: string, text?: string): Entry[] => {
    const table = catalogue?.tables.find((one) => one.name === name);
    if (!table) return [];
    const label = listLabel(me, table);
    return [
      { label, text: text ?? table.help ?? '', href: `/${table.module}/${table.table}`, icon },
    ];
  };
  const page = (entry: Entry, permission: string): Entry[] => (may(me, permission) ? [entry] : []);
  const administers = 'kernel.administer';
  const groups: Group[] = [
    {
      title: t('You'),
      entries: [
        {
          label: t('Change password'),
          text: t('Language and theme are behind your initials at the top.'),
          href: '/password',
          icon: 'key',
        },
      ],
    },
    {
      title: t('Business'),
      entries: [
        ...list('master.company', 'building'),
        ...page(
          {
            label: t('Colour and logo'),
            text: t('How Kontor looks to everybody here.'),
            href: '/settings/appearance',
            icon: 'palette',
          },
          administers,
        ),
        ...page(
          {
            label: t('E-mail'),
            text: t('The mail server by which receipts go to customers.'),
            href: '/settings/mail',
            icon: 'mail',
          },
          administers,
        ),
        ...list('master.store', 'store'),
        ...list('master.tax_registration', 'id'),
        ...list('master.number_series', 'list-numbers'),
        ...list('catalog.tax', 'receipt-tax'),
        ...list('catalog.price_list', 'list'),
        ...list('pos.till', 'device-desktop'),
        ...list('inventory.location', 'package'),
        ...list('finance.account', 'scale'),
        ...list('finance.period', 'calendar'),
      ],
    },
    {
      title: t('People'),
      entries: [
        ...list('identity.user', 'user-shield'),
        ...page(
          {
            label: t('Roles'),
            text: t('What each of them permits, and roles of your own.'),
            href: '/settings/roles',
            icon: 'shield',
          },
          'identity.manage_users',
        ),
        ...list('master.employee', 'id'),
      ],
    },
    {
      title: t('Data'),
      entries: [
        ...me.menu
          .filter(({ page: one }) => one && one in dataPages())
          .map((entry) => ({
            label: entry.label,
            text: dataPages()[entry.page ?? ''] ?? '',
            href: hrefOf(entry),
            icon: entry.icon ?? '',
          })),
      ],
    },
    {
      title: t('This installation'),
      entries: [
        ...page(
          {
            label: t('Jobs'),
            text: t('Background work and its schedule.'),
            href: '/jobs',
            icon: 'progress',
          },
          'jobs.use',
        ),
        ...list('kernel.finding', 'flag'),
        ...list('audit.request', 'history'),
        ...page(
          {
            label: t('Log'),
            text: t('What happened in one request, by the number that an error shows.'),
            href: '/settings/log',
            icon: 'file-text',
          },
          administers,
        ),
        {
          label: t('About Kontor'),
          text: t('Versions, and the licences of its parts.'),
          href: '/settings/about',
          icon: 'info',
        },
      ],
    },
  ];
  return groups;
}
