import { t } from '../base/i18n.ts';
import type { Me, MenuEntry, Table } from '../base/types.ts';

type Place = { label: string; href: string; icon?: string; group: string };

/** Where an entry of the menu leads. */
export function hrefOf(entry: MenuEntry): string {
  if (entry.list) return `/${entry.list.replace('.', '/')}`;
  if (!entry.page || entry.page === 'dashboard') return '/';
  const page = entry.page.replace(/^report\//, 'reports/');
  return page.startsWith('/') ? page : `/${page}`;
}

// Daily work first, what one sets up once and looks after last.
const order = ['sales', 'pos', 'master', 'catalog', 'inventory', 'finance'];
const rank = (module: string) => order.indexOf(module) + 1 || order.length + 1;

/** Pages of the menu by module; the dashboard and the till always first, the system last. */
export function placesOf(me: Me): { group: string; places: Place[] }[] {
  const groups = new Map<string, Place[]>();
  const add = (group: string, place: Place) => {
    const places = groups.get(group) ?? [];
    if (!places.some((known) => known.href === place.href)) places.push(place);
    groups.set(group, places);
  };
  add('', { label: t('Dashboard'), href: '/', icon: 'dashboard', group: '' });
  const sorted = [...me.menu].sort((a, b) => rank(a.module) - rank(b.module));
  for (const entry of sorted.filter(({ page }) => page === 'till').concat(sorted)) {
    const href = hrefOf(entry);
    const known = [...groups.values()].flat().some((place) => place.href === href);
    if (href === '/' || known) continue;
    // What one opens all day stands on top, outside its module.
    const group = href === '/till' ? '' : groupOf(entry);
    add(group, { label: entry.label, href, icon: entry.icon ?? entry.page, group });
  }
  return [...groups].map(([group, places]) => ({ group, places }));
}

const kernel = ['kernel', 'identity', 'audit', 'jobs', 'files', 'comments', 'webhooks', 'mail'];

/** Whether a module is the kernel's own: what looks after the installation. */
export const isKernel = (module: string): boolean => kernel.includes(module);

function groupOf(entry: MenuEntry): string {
  if (isKernel(entry.module)) return t('Administration');
  return entry.module_label ?? entry.module;
}

/** What a list is called: by the menu, else by its module. */
export function listLabel(me: Me, table: Table): string {
  return menuLabel(me, table.name) ?? table.start?.label ?? table.label;
}

/** What the menu calls a list, if it stands there. */
export function menuLabel(me: Me, table: string): string | undefined {
  return me.menu.find(({ list }) => list === table)?.label;
}

/** What the menu calls the module of a page, or a page that stands by itself. */
export function moduleLabel(me: Me, module: string): string {
  const entry = me.menu.find((one) => one.module === module);
  if (entry) return groupOf(entry);
  const page = me.menu.find((one) => one.page === module);
  if (page) return page.label;
  return module.charAt(0).toUpperCase() + module.slice(1).replaceAll('_', ' ');
}

/** Where a record of a table is made. */
export const newAt = ({ module, table, new_at }: Table): string =>
  new_at ?? `/${module}/${table}/new`;
