import { ActionIcon, Drawer, UnstyledButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconChevronRight, IconMenu2, IconSearch } from '@tabler/icons-react';
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { A, useGo, usePath } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { useLabel } from '../base/label.ts';
import { tableOf, useCatalogue, useSignedIn } from '../base/session.tsx';
import { ErrorBoundary } from '../base/states.tsx';
import { keepZone } from '../base/zone.ts';
import { useAppearance } from './appearance.ts';
import { ConnectionLine, useLive } from './connection.tsx';
import { useKeys } from './keys.ts';
import { areaAt, listLabel, moduleLabel, placeAt, placesOf } from './menu.ts';
import { Notices, RunningJobs } from './notices.tsx';
import { PersonMenu } from './person_menu.tsx';
import { usePrefer, useTheirPreferences } from './preferences.ts';
import { PrintedHead } from './print.tsx';
import { Areas, Expand, FoldedMenu, Pages } from './rail.tsx';
import { StoreSwitch, useStore } from './store_switch.tsx';

const Palette = lazy(() => import('./palette.tsx'));

interface ShellProps {
  children: ReactNode;
  /** What the app says of the page that is shown, and what it shows to new people. */
  Help: ComponentType<{ close: () => void; tour: () => void }>;
  Tour: ComponentType<{ done: () => void }>;
}

/** The frame around every page: modules at the side, where one is and the person on top. */
export function Shell({ children, Help, Tour }: ShellProps) {
  const [narrow, setNarrow] = useLocalStorage({ key: 'kontor-rail', defaultValue: false });
  const [menuOpen, setMenuOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const path = usePath();
  const { as_of, stores } = useSignedIn();
  const [store] = useStore();
  // Before any page below says a time.
  keepZone(stores, store);
  useLive(as_of);
  useTheirPreferences();
  const [help, setHelp] = useState(false);
  const [tour, setTour] = useTour();
  useFrameKeys({ palette: () => setPalette(true), help: () => setHelp(true) });
  const bare = path === '/till';
  return (
    <div className="k-frame" data-narrow={narrow || bare || undefined}>
      <a className="k-skip" href="#page">
        {t('Skip to the page')}
      </a>
      <nav className="k-rail" aria-label={t('Modules')}>
        <div className="k-rail-side">
          <Brand />
          <Areas narrow={narrow || bare} />
          {narrow && !bare ? <Expand expand={() => setNarrow(false)} /> : null}
        </div>
        {narrow || bare ? null : <Pages collapse={() => setNarrow(true)} />}
      </nav>
      <Drawer
        opened={menuOpen}
        onClose={() => setMenuOpen(false)}
        title={t('Menu')}
        size={280}
        padding="sm"
        transitionProps={{ duration: 100 }}
      >
        <nav aria-label={t('Menu')}>
          <FoldedMenu then={() => setMenuOpen(false)} />
        </nav>
      </Drawer>
      <header className="k-top">
        <ActionIcon
          className="k-burger"
          aria-label={t('Open the menu')}
          size={32}
          onClick={() => setMenuOpen(true)}
        >
          <IconMenu2 size={20} stroke={1.6} />
        </ActionIcon>
        <Breadcrumb />
        <UnstyledButton className="k-search" onClick={() => setPalette(true)}>
          <IconSearch size={15} stroke={1.8} />
          <span>{t('Search or go to …')}</span>
          <kbd>Ctrl K</kbd>
        </UnstyledButton>
        <StoreSwitch />
        <RunningJobs />
        <Notices />
        <PersonMenu help={() => setHelp(true)} />
      </header>
      <main className="k-main" id="page" tabIndex={-1}>
        {bare ? null : <ConnectionLine />}
        {bare ? null : <PrintedHead />}
        <ErrorBoundary key={path}>{children}</ErrorBoundary>
      </main>
      {palette ? (
        <Suspense fallback={null}>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      ) : null}
      <Suspense fallback={null}>
        {help ? (
          <Help
            close={() => setHelp(false)}
            tour={() => {
              setHelp(false);
              setTour(true);
            }}
          />
        ) : null}
        {tour && !bare ? <Tour done={() => setTour(false)} /> : null}
      </Suspense>
    </div>
  );
}

/** Whether the tour is shown: to who never saw it to its end, or asked for it. */
function useTour(): [boolean, (shown: boolean) => void] {
  const me = useSignedIn();
  const prefer = usePrefer();
  const [later] = useLocalStorage({ key: 'kontor-tour', defaultValue: '' });
  const [asked, setAsked] = useState<boolean | null>(null);
  const set = (shown: boolean) => {
    setAsked(shown);
    if (!shown && !me.preferences.is_toured) prefer({ is_toured: true });
  };
  return [asked ?? (!me.preferences.is_toured && later !== 'later'), set];
}

function Brand() {
  const { company } = useSignedIn();
  const { logo } = useAppearance();
  return (
    <A href="/" className="k-brand" title={company.name}>
      <img src={logo ?? '/icon.svg'} alt={company.name} width={26} height={26} />
    </A>
  );
}

function Breadcrumb() {
  const steps = useSteps();
  return (
    <nav className="k-crumbs" aria-label={t('Where you are')}>
      {steps.map((step, at) => (
        <span key={`${step.label}${step.href ?? ''}`}>
          {at > 0 ? <IconChevronRight size={14} stroke={1.6} aria-hidden /> : null}
          {step.href && at < steps.length - 1 ? (
            <A href={step.href}>{step.label}</A>
          ) : (
            <b aria-current={at === steps.length - 1 ? 'page' : undefined}>{step.label}</b>
          )}
        </span>
      ))}
    </nav>
  );
}

type Step = { label: string; href?: string };

function useSteps(): Step[] {
  const me = useSignedIn();
  const path = usePath();
  const { data } = useCatalogue();
  const parts = path.split('/').filter(Boolean);
  const [module = '', second, third] = parts;
  const isRecord = Boolean(third) && third !== 'new';
  const record = useLabel(`${module}.${second}`, isRecord ? third : null);
  const area = areaAt(me, path);
  const inArea: Step[] = area ? [{ label: area.label, href: area.places[0]?.href }] : [];
  const place = placeAt(me, path);
  // A page of the menu, or one that stands under it, such as a setting under settings.
  if (place?.href === path) return named([...inArea, { label: place.label }]);
  if (module === 'password') return [{ label: t('Password') }];
  if (module === 'settings') {
    const label = data?.settings.find(({ href }) => href === path)?.label ?? '';
    return [{ label: place?.label ?? t('Settings'), href: '/settings' }, { label }];
  }
  if (module === 'reports') {
    const report = data?.reports.find((known) => known.name === second);
    const title = second === 'till_session' ? t('Till session') : (report?.title ?? second ?? '');
    return [{ label: t('Reports'), href: '/reports' }, { label: title }];
  }
  const brought = data?.pages.find(({ name }) => name === `${module}/${second}`);
  if (brought && !third) return named([...inArea, { label: brought.label }]);
  const table = tableOf(data, `${module}.${second}`);
  const steps: Step[] = [
    ...(inArea.length > 0 ? inArea : [{ label: moduleLabel(me, module) }]),
    {
      label: table ? listLabel(me, table) : (second ?? ''),
      href: `/${module}/${second}`,
    },
  ];
  if (third) steps.push({ label: isRecord ? (record ?? '…') : t('New') });
  return named(steps);
}

/** “Leads › Leads” says it twice: a list that is called as its area stands for both. */
const named = (steps: Step[]): Step[] =>
  steps.filter(({ label }, at) => label !== steps[at + 1]?.label);

// `g` and then a letter goes to a page that the person's menu holds.
function useFrameKeys(open: { palette: () => void; help: () => void }) {
  const go = useGo();
  const me = useSignedIn();
  const places = placesOf(me).flatMap(({ letter, label, href }) =>
    letter ? [{ keys: `g ${letter}`, label, run: () => go(href) }] : [],
  );
  useKeys([
    { keys: 'mod+k', label: t('Search or go to …'), run: open.palette, typing: true },
    { keys: '?', label: t('Help with this page'), run: open.help },
    ...places,
  ]);
}
