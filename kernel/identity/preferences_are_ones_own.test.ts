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
