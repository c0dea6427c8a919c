import { t } from '../base/i18n.ts';
import type { Me, MenuEntry, Table } from '../base/types.ts';

export type Place = { label: string; href: string; icon?: string; letter?: string };

/** A part of the menu with its pages; the first of them is where it leads. */
export type MenuArea = { name: string; label: string; icon: string; places: Place[] };

/** Where an entry of the menu leads. */
function hrefOf(entry: MenuEntry): string {
  if (entry.list) return `/${entry.list.replace('.', '/')}`;
  return hrefOfPage(entry.page ?? '');
}

/** The address of a page as modules name it: `dashboard`, `till`, `report/trial_balance`. */
function hrefOfPage(page: string): string {
  if (page === 'dashboard') return '/';
  return `/${page.replace(/^report\//, 'reports/').replace(/^\//, '')}`;
}

/** Where the person begins: the page of their role. */
export const homeOf = (me: Me): string => hrefOfPage(me.home);

/** The menu, area by area; each page stands once. */
export function areasOf(me: Me): MenuArea[] {
  const known = new Set<string>();
  return me.areas.map((area) => ({
    ...area,
    places: me.menu
      .filter((entry) => entry.area === area.name)
      .map((entry) => ({ ...entry, href: hrefOf(entry) }))
      .filter(({ href }) => !known.has(href) && known.add(href))
      .map(({ label, href, icon, letter }) => ({ label, href, icon, letter })),
  }));
}

/** Every page of the menu. */
export const placesOf = (me: Me): Place[] => areasOf(me).flatMap(({ places }) => places);

const isUnder = (path: string, href: string) => path === href || path.startsWith(`${href}/`);

/** The page of the menu that an address belongs to: a page may lie under another's, the nearest is it. */
export function placeAt(me: Me, path: string): Place | undefined {
  return placesOf(me)
    .filter(({ href }) => (href === '/' ? path === '/' : isUnder(path, href)))
    .reduce<Place | undefined>(
      (nearest, place) => (place.href.length > (nearest?.href.length ?? 0) ? place : nearest),
      undefined,
    );
}

/** The area that an address belongs to; what stands in no menu belongs where its module does. */
export function areaAt(me: Me, path: string): MenuArea | undefined {
  const areas = areasOf(me);
  const place = placeAt(me, path);
  const module = path.split('/')[1];
  const ofModule = me.menu.find((entry) => entry.module === module)?.area;
  return (
    areas.find(({ places }) => places.some(({ href }) => href === place?.href)) ??
    areas.find(({ name }) => name === ofModule)
  );
}

const kernel = ['kernel', 'identity', 'audit', 'jobs', 'files', 'comments', 'webhooks', 'mail'];

/** Whether a module is the kernel's own: what looks after the installation. */
export const isKernel = (module: string): boolean => kernel.includes(module);

/** What a list is called: by the menu, else by its module. */
export function listLabel(me: Me, table: Table): string {
  return menuLabel(me, table.name) ?? table.start?.label ?? table.label;
}

/** What the menu calls a list, if it stands there. */
export function menuLabel(me: Me, table: string): string | undefined {
  return me.menu.find(({ list }) => list === table)?.label;
}

/** What a module is called, for what stands in no menu. */
export function moduleLabel(me: Me, module: string): string {
  if (isKernel(module)) return t('Administration');
  const entry = me.menu.find((one) => one.module === module);
  return (
    entry?.module_label ?? module.charAt(0).toUpperCase() + module.slice(1).replaceAll('_', ' ')
  );
}

/** Where a record of a table is made. */
export const newAt = ({ module, table, new_at }: Table): string =>
  new_at ?? `/${module}/${table}/new`;
