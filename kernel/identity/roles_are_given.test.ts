import assert from 'node:assert/strict';
import { story } from '#kernel/test';

story('a role is given and taken, in one store or in all, and holds at once', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const role = { id: mia.id, role: 'manager', store_id: hill?.id };
  const seesBooks = async () => (await mia.sql(`select kernel_logic.may('finance.see') as may`))[0];
  assert.deepEqual(await seesBooks(), { may: false });
  await owner.call('identity.user.give_role', role);
  await owner.call('identity.user.give_role', role);
  assert.deepEqual(await seesBooks(), { may: true });
  await owner.call('identity.user.take_role', role);
  assert.deepEqual(await seesBooks(), { may: false });
  await world.refused('not_found', () => owner.call('identity.user.take_role', role));
  for (const none of ['system', 'king']) {
    const given = () => owner.call('identity.user.give_role', { id: mia.id, role: none });
    await world.refused('role_not_there', given);
  }
});

story(
  'nobody gives what they lack, nor beyond their store; one administrator stays',
  async (world) => {
    const owner = await world.as('administrator');
    const manager = await world.as('manager');
    const hill = await world.as('administrator', { store: 'HILL' });
    const mia = await world.as('cashier', { store: 'HILL' });
    const stores = await world.behind('select id, code from master.store');
    const at = (code: string) => stores.find((s) => s.code === code)?.id;
    const give = (who: typeof owner, role: string, store_id?: unknown) => () =>
      who.call('identity.user.give_role', { id: mia.id, role, store_id });
    await world.refused('not_permitted', give(manager, 'cashier', at('HILL')));
    await world.refused('not_permitted', give(hill, 'manager', at('VALLEY')));
    await world.refused('not_permitted', give(hill, 'manager'));
    await give(hill, 'manager', at('HILL'))();
    // Who may manage users and nothing else makes nobody an administrator, themselves least of all.
    await world.behind(
      `insert into identity.role values ('clerk', 'Clerk') on conflict do nothing`,
    );
    await world.behind(`insert into identity.role_permission values ('clerk', 'identity.manage_users'),
    ('clerk', 'identity.see_users') on conflict do nothing`);
    await world.behind(
      `insert into identity.user_role (user_id, role) values ($1, 'clerk')`,
      mia.id,
    );
    await world.refused('not_permitted', give(mia, 'administrator'));
    const user = {
      username: 'evil',
      name: 'Evil',
      password: 'Cl1mb the hill!',
      role: 'administrator',
    };
    await world.refused('not_permitted', () => mia.call('identity.user.make', user));
    // With another's password one has what the other may.
    const hash = `select kernel_logic.give_password($1, 'hash')`;
    await world.refusedBySql(mia, /kernel\.administer|not_permitted/, hash, owner.id);
    await world.refused('not_permitted', () =>
      mia.call('identity.user.switch', { id: owner.id, is_active: false }),
    );
    const raw = `insert into identity.user_role (user_id, role) values ($1, 'administrator')`;
    await world.refusedBySql(mia, /permission denied/, raw, mia.id);
    await world.refusedBySql(mia, /permission denied/, 'delete from identity.user_role');

    const all = await world.behind(
      `select user_id from identity.user_role r join identity.user u on u.id = r.user_id
      where r.role = 'administrator' and r.store_id is null and u.password_hash <> '!'
        and u.is_active and r.user_id <> $1`,
      owner.id,
    );
    for (const { user_id } of all) {
      await owner.call('identity.user.take_role', { id: user_id, role: 'administrator' });
    }
    await world.refused('last_administrator', () =>
      owner.call('identity.user.take_role', { id: owner.id, role: 'administrator' }),
    );
    for (const { user_id } of all) {
      await owner.call('identity.user.give_role', { id: user_id, role: 'administrator' });
    }
  },
);

story('what comes by itself can’t be switched off', async (world) => {
  const owner = await world.as('administrator');
  const [system] = await world.behind(`select id from identity.user where username = 'system'`);
  await world.refused('system_stays', () =>
    owner.call('identity.user.switch', { id: system?.id, is_active: false }),
  );
});
