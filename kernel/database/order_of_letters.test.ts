import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { list } from './list.ts';

const NAMES = ['ada', 'Ähre', 'Emil', 'Émile', 'eve', 'Øre', 'Zoe', 'Яна', 'سارة', 'अनिल'];

story('names stand in the order of letters, forth and back, page by page', async (world) => {
  const owner = await world.as('administrator');
  for (const name of [...NAMES].sort()) await owner.call('catalog.brand.create', { name });
  assert.deepEqual([...NAMES].sort().slice(0, 3), ['Emil', 'Zoe', 'ada'], 'by their codes');
  for (const way of ['asc', 'desc'] as const) {
    const met: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const spec = { sort: [['name', way] as [string, 'asc' | 'desc']], limit: 3 };
      const page = await list(world.db, owner.token, 'catalog.brand', {
        ...spec,
        ...(cursor && { cursor }),
      });
      met.push(...page.rows.map(({ name }) => String(name)));
      if (!page.next) break;
      cursor = page.next;
    }
    const there = met.filter((name) => NAMES.includes(name));
    assert.deepEqual(there, way === 'asc' ? NAMES : [...NAMES].reverse());
  }
  const begun = await owner.list('catalog.brand', { filter: [['name', 'starts', 'éM']] });
  assert.deepEqual(
    begun.map(({ name }) => name),
    ['Émile'],
  );
});
