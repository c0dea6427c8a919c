import { ActionIcon, Drawer, Tooltip, UnstyledButton } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import {
  IconChevronRight,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconMenu2,
  IconSearch,
} from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { A, useGo, usePath } from './address.tsx';
import { ConnectionLine, useLive } from './connection.tsx';
import { t } from './i18n.ts';
import { Icon } from './icon.tsx';
import { useLabel } from './label.ts';
import { listLabel, moduleLabel, placesOf } from './menu.ts';
import { PersonMenu } from './person_menu.tsx';
import { PrintedHead } from './print.tsx';
import { tableOf, useCatalogue, useSignedIn } from './session.tsx';
import { ErrorBoundary } from './states.tsx';
import { StoreSwitch } from './store_switch.tsx';

const Palette = lazy(() => import('./palette.tsx'));

/** The frame around every page: modules at the side, where one is and the person on top. */
export function Shell({ children }: { children: ReactNode }) {
  const [narrow, setNarrow] = useLocalStorage({ key: 'kontor-rail', defaultValue: false });
  const [menuOpen, setMenuOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const path = usePath();
  useLive();
  useHotkeys([['mod+K', () => setPalette(true)]], []);
  useGoKeys();
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
        <PersonMenu />
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
    </div>
  );
}

function Brand() {
  const { company } = useSignedIn();
  return (
    <A href="/" className="k-brand" title={company.name}>
      <img src="/icon.svg" alt="" width={24} height={24} />
      <span>{company.name}</span>
    </A>
  );
}

function Rail({ narrow, then }: { narrow: boolean; then?: () => void }) {
  const me = useSignedIn();
  const path = usePath();
  return (
    <div className="k-rail-list">
      {placesOf(me).map(({ group, places }) => (
        <div key={group} className="k-rail-group">
          {group ? <div className="k-rail-head">{group}</div> : null}
          {places.map((place) => {
            const current = place.href === '/' ? path === '/' : isUnder(path, place.href);
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
    reports: t('Reports'),
    password: t('Password'),
  };
  const page = pages[module];
  if (page && !second) return [{ label: page }];
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
      label: listLabel(me, `${module}.${second}`) ?? table?.label ?? second ?? '',
      href: `/${module}/${second}`,
    },
  ];
  if (third) steps.push({ label: isRecord ? (record ?? '…') : t('New') });
  return steps;
}

// `g` and then a letter goes to a page, as long as no field is being typed in.
function useGoKeys() {
  const go = useGo();
  useEffect(() => {
    let since = 0;
    const places: Record<string, string> = {
      d: '/',
      t: '/till',
      i: '/import',
      r: '/reports',
      p: '/catalog/product',
      c: '/master/party',
    };
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = places[event.key];
      if (event.key === 'g') since = Date.now();
      else if (place && Date.now() - since < 1000) go(place);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [go]);
}

export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.('input, textarea, select, [contenteditable], [role=dialog]'));
}
