import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { useLocale } from '../../../kernel/ui/base/i18n.ts';
import { catalogueQuery, meQuery } from '../../../kernel/ui/base/session.tsx';
import { ErrorBoundary, Failed, Waiting } from '../../../kernel/ui/base/states.tsx';
import type { Catalogue } from '../../../kernel/ui/base/types.ts';
import { client, readAnew } from './client.ts';
import { Frame } from './frame.tsx';
import { later } from './later.tsx';
import { isKept, modulePages } from './module_page.tsx';
import { NotFound } from './pages/not_found.tsx';
import { SignIn } from './pages/sign_in.tsx';

const root = createRootRoute({
  component: () => (
    <ErrorBoundary>
      <Outlet />
    </ErrorBoundary>
  ),
  notFoundComponent: NotFound,
});

/** Drawn anew when the language changes; what is typed in it stays. */
function spoken(Page: RouteComponent): RouteComponent {
  function Spoken() {
    useLocale();
    return <Page />;
  }
  // Its script comes beside what the frame asks for, not after it.
  return Object.assign(Spoken, Page.preload ? { preload: Page.preload } : {});
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: spoken(SignIn),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: spoken(later(() => import('./pages/welcome.tsx'))),
});

// A page that is opened reads its data anew, unless it is one that keeps what it has.
let opened = '';
/** Of which page the scroll bars are. */
let scrolled = '';
/** Whether a first page stands. */
let drawn = false;
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: spoken(Frame),
  beforeLoad({ location: { pathname }, preload }) {
    if (preload || pathname === opened) return;
    if (!opened) {
      void client.prefetchQuery(meQuery);
      void client.prefetchQuery(catalogueQuery);
    }
    opened = pathname;
    const pages = client.getQueryData<Catalogue>(['catalogue'])?.pages;
    if (!isKept(pathname, pages)) void readAnew();
  },
});

type Load = Parameters<typeof later>[0];
const page = (path: string, load: Load) =>
  createRoute({ getParentRoute: () => frame, path, component: spoken(later(load)) });

const listRoute = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$table',
  component: spoken(later(() => import('../../../kernel/ui/list/page.tsx'))),
  async beforeLoad({ params: { module, table }, location: { searchStr }, preload }) {
    if (preload) return;
    // What it shows is on its way while it is drawn; what fails then is said by the page.
    const asked = import('../../../kernel/ui/list/rows.ts')
      .then((list) => list.readAhead(client, `${module}.${table}`, searchStr))
      .catch(() => {});
    // Drawing the frame for the first time takes longer than asking: with the rows it is drawn once.
    if (!drawn) await Promise.race([asked, new Promise((late) => setTimeout(late, 500))]);
  },
});

const pages = [
  page('/', () => import('../../../modules/sales/dashboard/dashboard_page.tsx')),
  page('/password', () => import('./pages/password.tsx')),
  page('/till', () => import('../../../modules/pos/till/till_page.tsx')),
  page('/import', () => import('./pages/import.tsx')),
  page('/jobs', () => import('../../../kernel/jobs/jobs.page.tsx')),
  page('/webhooks', () => import('../../../kernel/webhooks/webhooks.page.tsx')),
  page('/custom-fields', () => import('../../../kernel/custom_fields/custom_fields.page.tsx')),
  page('/settings', () => import('./pages/settings.tsx')),
  page('/settings/appearance', () => import('./pages/appearance.tsx')),
  page('/settings/mail', () => import('./pages/mail.tsx')),
  page('/settings/roles', () => import('./pages/roles.tsx')),
  page('/settings/log', () => import('./pages/log.tsx')),
  page('/settings/about', () => import('./pages/about.tsx')),
  page('/reports', () => import('./pages/reports.tsx')),
  page('/reports/till_session', () => import('../../../modules/pos/till/session_page.tsx')),
  page('/reports/$name', () => import('./pages/report.tsx')),
  page('/identity/user/new', () => import('./pages/new_user.tsx')),
  ...modulePages.map(([path, component]) =>
    createRoute({ getParentRoute: () => frame, path, component: spoken(component) }),
  ),
  listRoute,
  page('/$module/$table/$id', () => import('../../../kernel/ui/record/page.tsx')),
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, welcome, frame.addChildren(pages)]),
  // Every value of an address is text; the pages read them as such.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (values) => {
    const text = new URLSearchParams(values as Record<string, string>).toString();
    return text ? `?${text}` : '';
  },
  defaultPendingComponent: () => <Waiting />,
  defaultErrorComponent: ({ error }) => (
    <Failed error={error as Error} again={() => void router.invalidate()} />
  ),
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  // One comes back to where one was; where a page shows something else in place, that is the page's.
  scrollRestoration({ location: { pathname } }) {
    const stays = pathname === scrolled;
    scrolled = pathname;
    return !stays;
  },
});

const stop = router.subscribe('onRendered', () => {
  drawn = true;
  stop();
});
