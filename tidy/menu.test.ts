import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules } from '../kernel/modules.ts';

test('what modules say of the menu fits together', async () => {
  const all = await modules();
  const entries = all.flatMap((m) => m.menu.map((entry) => ({ ...entry, module: m.name })));
  const areas = new Set(all.flatMap((m) => Object.keys(m.areas ?? {})));
  const wrong: string[] = [];
  for (const { area, module, label } of entries)
    if (area && !areas.has(area)) wrong.push(`${module}: ${label} stands in no area ${area}`);
  const letters = Map.groupBy(
    entries.filter(({ letter }) => letter),
    ({ letter }) => letter,
  );
  for (const [letter, same] of letters) {
    if (same.length > 1) wrong.push(`g ${letter}: ${same.map(({ label }) => label).join(', ')}`);
  }
  const pages = new Set(entries.map(({ page, list }) => page ?? list?.replace('.', '/')));
  for (const { name, home = {} } of all) {
    for (const [role, page] of Object.entries(home))
      if (!pages.has(page)) wrong.push(`${name}: ${role} begins on ${page}, which no menu holds`);
  }
  const icons = all.flatMap((m) => Object.entries(m.areas ?? {}));
  for (const [area, { place }] of icons)
    if (place < 0 || place > 1000) wrong.push(`${area} stands at ${place}`);
  assert.deepEqual(wrong, []);
});
