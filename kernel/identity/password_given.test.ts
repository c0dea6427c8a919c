import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { signIn } from './door.ts';

const one = 'Cl1mb the hill!';
const other = 'Cl1mb another hill!';

story('a password that somebody else chose is good for one sign-in', async (world) => {
  const owner = await world.as('administrator');
  const given = { username: 'lea', name: 'Lea', password: one, role: 'cashier' };
  const made = await owner.call('identity.user.make', { ...given, must_change_password: true });
  const state = () =>
    world.behind(
      `select must_change_password, locked_until from identity.user where id = $1`,
      made.id,
    );
  assert.deepEqual(await state(), [{ must_change_password: true, locked_until: null }]);

  const login = { login: 'lea', kind: 'browser' as const };
  const { token } = await signIn(world.db, { ...login, password: one });
  await world.behind(
    `update identity.user set must_change_password = false, locked_until = now() + interval '1 hour'
      where id = $1`,
    made.id,
  );
  await owner.call('identity.user.give_password', { id: made.id, password: other });
  assert.deepEqual(await state(), [{ must_change_password: true, locked_until: null }]);
  const open = await world.behind(
    `select from identity.session where user_id = $1 and ended_at is null`,
    made.id,
  );
  assert.equal(open.length, 0, `${token} is nobody’s`);
  await world.refused('sign_in_refused', () => signIn(world.db, { ...login, password: one }));
  await signIn(world.db, { ...login, password: other });
  await world.refused('password_weak', () =>
    owner.call('identity.user.give_password', { id: made.id, password: 'lea' }),
  );
});

story('nobody gives a password beyond the users that they manage', async (world) => {
  const owner = await world.as('administrator');
  const hill = await world.as('administrator', { store: 'HILL' });
  const manager = await world.as('manager');
  const cashier = await world.as('cashier', { store: 'HILL' });
  const give = (id: string) => ({ id, password: other });
  await hill.call('identity.user.give_password', give(cashier.id));
  for (const [who, whom] of [
    [hill, owner],
    [manager, cashier],
  ] as const) {
    await world.refused('not_permitted', () =>
      who.call('identity.user.give_password', give(whom.id)),
    );
    await world.refusedBySql(
      who,
      'not_permitted',
      'select kernel_logic.give_password($1, $2)',
      whom.id,
      'a hash',
    );
  }
  const [system] = await world.behind(`select id from identity.user where username = 'system'`);
  await world.refused('not_found', () =>
    owner.call('identity.user.give_password', give(String(system?.id))),
  );
});
