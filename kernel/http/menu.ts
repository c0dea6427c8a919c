import type { Database } from '../database/connect.ts';
import { language, translated } from '../i18n/language.ts';
import type { Area, MenuEntry } from '../module.ts';
import { type LoadedModule, modules } from '../modules.ts';

interface Person {
  permissions: Record<string, unknown>;
  roles: { role: string }[];
}

/** Where an area stands that no module opens: behind the business, before settings. */
const ELSEWHERE = 500;

/**
 * What a person finds in the menu: entries that they may open, the areas that hold them in their
 * order, and the page that they begin on.
 */
export async function menuFor(db: Database, token: string, person: Person) {
  const all = await modules();
  const lists = all.flatMap((m) => m.menu.flatMap(({ list }) => list ?? []));
  const { rows } = await db.app.query('select kernel_logic.open_to_me($1, $2) as lists', [
    token,
    lists,
  ]);
  const open = new Set<string>(rows[0].lists);
  const mayOpen = ({ permission, list }: MenuEntry) =>
    (!permission || permission in person.permissions) && (!list || open.has(list));
  const names = new Set(all.flatMap((m) => Object.keys(m.areas ?? {})));
  const entries = all.flatMap((m) =>
    m.menu.filter(mayOpen).map((entry) => inMenu(m, entry, names)),
  );
  const used = new Set(entries.map(({ area }) => area));
  const areas = areasOf(all).filter(({ name }) => used.has(name));
  const places = new Map(areas.map(({ name }, at) => [name, at]));
  const menu = entries.sort((a, b) => places.get(a.area)! - places.get(b.area)!);
  return { menu, areas, home: homeOf(all, menu, person) };
}

function inMenu(m: LoadedModule, { permission: _, ...entry }: MenuEntry, names: Set<string>) {
  return {
    ...entry,
    // The module that opens an area may be switched off: its entries are then at home in their own.
    area: entry.area && names.has(entry.area) ? entry.area : m.name,
    module: m.name,
    module_label: translated(m.label, language(), m.name),
    label: translated(entry.label, language(), m.name),
  };
}

/** A module whose entries name no area has one of its own, with the icon of its first entry. */
function areasOf(all: LoadedModule[]) {
  const opened = all.flatMap((m) =>
    Object.entries(m.areas ?? {}).map(([name, area]) => ({ name, module: m.name, ...area })),
  );
  const names = new Set(opened.map(({ name }) => name));
  const own = all
    .filter((m) => !names.has(m.name) && m.menu.some(({ area }) => !area || !names.has(area)))
    .map((m) => ({ name: m.name, module: m.name, label: m.label, icon: m.menu[0]!.icon }));
  const areas: (Area & { name: string; module: string })[] = [
    ...opened,
    ...own.map((area) => ({ ...area, place: ELSEWHERE })),
  ];
  return areas
    .sort((a, b) => a.place - b.place)
    .map(({ name, module, label, icon }) => {
      return { name, label: translated(label, language(), module), icon };
    });
}

/** The page of the first of their roles that names one in their menu, else the menu’s first. */
function homeOf(all: LoadedModule[], menu: MenuEntry[], { roles }: Person): string {
  const wanted = all.flatMap((m) =>
    roles.flatMap(({ role }) => (m.home && role in m.home ? [m.home[role]!] : [])),
  );
  const pageOf = ({ page, list }: MenuEntry) => page ?? list?.replace('.', '/');
  const known = new Set(menu.map(pageOf));
  return wanted.find((page) => known.has(page)) ?? pageOf(menu[0] ?? { label: '', icon: '' }) ?? '';
}
