import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story('a preference is kept, told at sign-in, and nobody else’s', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  await mia.call('identity.preference.set', { language: 'ar', theme: 'dark' });
  await mia.call('identity.preference.set', { density: 'comfortable' });
  const told = async (token: string) => {
    const { rows } = await world.db.app.query('select kernel_logic.me($1) as me', [token]);
    return JSON.parse(rows[0].me).preferences;
  };
  assert.deepEqual(await told(mia.token), {
    ...{ language: 'ar', theme: 'dark', density: 'comfortable', is_toured: false },
    pinned: [],
    lists: {},
  });
  assert.deepEqual(await told(owner.token), {});
  assert.deepEqual(await owner.listAny('identity.preference'), []);
  await owner.sql(`update identity.preference set theme = 'light' where id = '${mia.id}'`);
  assert.equal((await told(mia.token)).theme, 'dark');
  await world.refusedBySql(
    owner,
    'row-level security',
    `insert into identity.preference (id, theme) values ('${mia.id}', 'light')`,
  );
});

story('each list stands as its reader left it, and can stand as at first again', async (world) => {
  const mia = await world.as('cashier', { store: 'HILL' });
  const set = (lists: Record<string, unknown>) => mia.call('identity.preference.set', { lists });
  const products = { columns: ['name', 'number'], widths: { name: 240 } };
  await set({ 'catalog.product': products });
  const kept = await set({ 'master.party': { density: 'comfortable' } });
  assert.deepEqual(kept.lists, {
    'catalog.product': products,
    'master.party': { density: 'comfortable' },
  });
  assert.deepEqual((await set({ 'catalog.product': null })).lists, {
    'master.party': { density: 'comfortable' },
  });
  await world.refused('input_wrong', () => set({ 'catalog.product': { widths: { name: 4 } } }));
  const stuff = `update identity.preference set lists = $1 where id = $2`;
  await world.refusedBySql(mia, 'preference_lists_check', stuff, '[]', mia.id);
});
