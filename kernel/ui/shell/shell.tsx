import { ActionIcon, Drawer, Tooltip, UnstyledButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import {
  IconChevronRight,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconMenu2,
  IconSearch,
} from '@tabler/icons-react';
import {
  type ComponentType,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react';
import { A, useGo, usePath } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { Icon } from '../base/icon.tsx';
import { useLabel } from '../base/label.ts';
import { tableOf, useCatalogue, useSignedIn } from '../base/session.tsx';
import { ErrorBoundary } from '../base/states.tsx';
import { keepZone } from '../base/zone.ts';
import { useAppearance } from './appearance.ts';
import { ConnectionLine, useLive } from './connection.tsx';
import { useKeys } from './keys.ts';
import { listLabel, moduleLabel, placesOf } from './menu.ts';
import { Notices, RunningJobs } from './notices.tsx';
import { PersonMenu } from './person_menu.tsx';
import { usePrefer, useTheirPreferences } from './preferences.ts';
import { PrintedHead } from './print.tsx';
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
        <Brand />
        <Rail narrow={narrow || bare} />
        {bare ? null : <Collapse narrow={narrow} toggle={() => setNarrow(!narrow)} />}
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
          <Rail narrow={false} then={() => setMenuOpen(false)} />
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
      <img src={logo ?? '/icon.svg'} alt="" width={24} height={24} />
      <span>{company.name}</span>
    </A>
  );
}

function Rail({ narrow, then }: { narrow: boolean; then?: () => void }) {
  const me = useSignedIn();
  const path = usePath();
  const groups = placesOf(me);
  // A page of its own may lie under another's: the nearest is where one is.
  const here = groups
    .flatMap(({ places }) => places.map(({ href }) => href))
    .filter((href) => (href === '/' ? path === '/' : isUnder(path, href)))
    .reduce((nearest, href) => (href.length > nearest.length ? href : nearest), '');
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one is comes into sight.
  useEffect(() => {
    // With the page's own layout, and not by one of its own.
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [here]);
  return (
    <div className="k-rail-list" ref={list}>
      {groups.map(({ group, places }) => (
        <div key={group} className="k-rail-group">
          {group ? <div className="k-rail-head">{group}</div> : null}
          {places.map((place) => {
            const current = place.href === here;
            const link = (
              <A
                key={place.href}
                href={place.href}
                onClick={then}
                className="k-rail-link"
                aria-current={current ? 'page' : undefined}
                aria-label={narrow ? place.label : undefined}
              >
                <Icon name={place.icon} />
                <span>{place.label}</span>
              </A>
            );
            if (!narrow) return link;
            return (
              <Tooltip key={place.href} label={place.label} position="right">
                {link}
              </Tooltip>
            );
          })}
        </div>
      ))}
    </div>
  );
}

const isUnder = (path: string, href: string) => path === href || path.startsWith(`${href}/`);

function Collapse({ narrow, toggle }: { narrow: boolean; toggle: () => void }) {
  const Drawn = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <UnstyledButton
      className="k-rail-link k-rail-foot"
      onClick={toggle}
      aria-label={narrow ? t('Show the words of the menu') : t('Only icons')}
    >
      <Drawn size={18} stroke={1.6} />
      <span>{t('Only icons')}</span>
    </UnstyledButton>
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
  const pages: Record<string, string> = {
    '': t('Dashboard'),
    till: t('Till'),
    import: t('Import'),
    jobs: t('Jobs'),
    'custom-fields': t('Custom fields'),
    settings: t('Settings'),
    webhooks: t('Webhooks'),
    reports: t('Reports'),
    password: t('Password'),
  };
  const page = pages[module];
  if (page && !second) return [{ label: page }];
  if (module === 'settings') {
    const inner: Record<string, string> = {
      appearance: t('Colour and logo'),
      mail: t('E-mail'),
      roles: t('Roles'),
      log: t('Log'),
      about: t('About Kontor'),
    };
    return [{ label: t('Settings'), href: '/settings' }, { label: inner[second ?? ''] ?? '' }];
  }
  if (module === 'reports') {
    const report = data?.reports.find((known) => known.name === second);
    const title = second === 'till_session' ? t('Till session') : (report?.title ?? second ?? '');
    return [{ label: t('Reports'), href: '/reports' }, { label: title }];
  }
  const brought = data?.pages.find(({ name }) => name === `${module}/${second}`);
  if (brought && !third) return [{ label: moduleLabel(me, module) }, { label: brought.label }];
  const table = tableOf(data, `${module}.${second}`);
  const steps: Step[] = [
    { label: moduleLabel(me, module) },
    {
      label: table ? listLabel(me, table) : (second ?? ''),
      href: `/${module}/${second}`,
    },
  ];
  if (third) steps.push({ label: isRecord ? (record ?? '…') : t('New') });
  return steps;
}

// `g` and then a letter goes to a page that the person's menu holds.
function useFrameKeys(open: { palette: () => void; help: () => void }) {
  const go = useGo();
  const me = useSignedIn();
  const hrefs = placesOf(me).flatMap(({ places }) => places);
  const letters: Record<string, string> = {
    d: '/',
    t: '/till',
    i: '/import',
    r: '/reports',
    p: '/catalog/product',
    c: '/master/party',
  };
  const places = Object.entries(letters).flatMap(([letter, href]) => {
    const place = hrefs.find((one) => one.href === href);
    return place ? { keys: `g ${letter}`, label: place.label, run: () => go(href) } : [];
  });
  useKeys([
    { keys: 'mod+k', label: t('Search or go to …'), run: open.palette, typing: true },
    { keys: '?', label: t('Help with this page'), run: open.help },
    ...places,
  ]);
}
