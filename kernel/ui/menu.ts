import { t } from './i18n.ts';
import type { Me, MenuEntry } from './types.ts';

export type Place = { label: string; href: string; icon?: string; group: string };

/** Where an entry of the menu leads. */
export function hrefOf(entry: MenuEntry): string {
  if (entry.list) return `/${entry.list.replace('.', '/')}`;
  if (!entry.page || entry.page === 'dashboard') return '/';
  return entry.page.startsWith('/') ? entry.page : `/${entry.page}`;
}

/** Pages of the menu by module, in the server's order; the dashboard always first. */
export function placesOf(me: Me): { group: string; places: Place[] }[] {
  const groups = new Map<string, Place[]>();
  const add = (group: string, place: Place) => {
    const places = groups.get(group) ?? [];
    if (!places.some((known) => known.href === place.href)) places.push(place);
    groups.set(group, places);
  };
  add('', { label: t('Dashboard'), href: '/', icon: 'dashboard', group: '' });
  for (const entry of me.menu) {
    const href = hrefOf(entry);
    if (href === '/') continue;
    // What one opens all day stands on top, outside its module.
    const group = href === '/till' ? '' : moduleLabel(entry.module);
    add(group, { label: entry.label, href, icon: entry.icon ?? entry.page, group });
  }
  return [...groups].map(([group, places]) => ({ group, places }));
}

export function moduleLabel(module: string): string {
  const known: Record<string, string> = {
    master: t('People and places'),
    catalog: t('Products'),
    inventory: t('Stock'),
    finance: t('Books'),
    pos: t('Till'),
    sales: t('Sales'),
    kernel: t('System'),
    identity: t('Access'),
    audit: t('Trail'),
  };
  return known[module] ?? module.charAt(0).toUpperCase() + module.slice(1).replaceAll('_', ' ');
}
