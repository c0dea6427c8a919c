import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { deploy } from '../database/deploy/deploy.ts';

type Role = { id: string; role: string; version: number };

story('a shop makes a role of its own, and whoever has it may what it permits', async (world) => {
  const owner = await world.as('administrator');
  const mia = await world.as('cashier', { store: 'HILL' });
  const [hill] = await world.behind(`select id from master.store where code = 'HILL'`);
  const made = await owner.call<Role>('identity.role.make', {
    label: ' Stock keeper ',
    copies: 'cashier',
  });
  assert.equal(made.role, 'own_stock_keeper');
  const permits = async (role: string) =>
    (await owner.list('identity.role', { filter: [['name', '=', role]] }))[0]?.permissions;
  assert.deepEqual(await permits(made.role), await permits('cashier'));

  const role = { id: mia.id, role: made.role, store_id: hill?.id };
  await owner.call('identity.user.give_role', role);
  const counts = async () =>
    (await mia.sql(`select kernel_logic.may('inventory.count') as it`))[0]?.it;
  assert.equal(await counts(), false);
  const permissions = ['inventory.see', 'inventory.count', 'catalog.see'];
  const said = { role: made.role, version: made.version, permissions };
  const changed = await owner.call<Role>('identity.role.permit', said);
  assert.equal(await counts(), true);
  // Somebody who read it before doesn't undo that unseen.
  await world.refused('changed_meanwhile', () => owner.call('identity.role.permit', said));

  await owner.call('identity.role.rename', { role: made.role, label: 'أمين المخزن' });
  const [held] = await owner.list('identity.role_held', { filter: [['is_own', '=', true]] });
  assert.deepEqual([held?.label, Number(held?.people)], ['أمين المخزن', 1]);
  const trail = await world.behind(
    `select c.after->'permissions' ? 'inventory.count' as told from audit.change c
       join audit.request r on r.id = c.request_id
      where c.row_id = $1 and r.operation = 'identity.role.permit' and r.actor_id = $2`,
    made.id,
    owner.id,
  );
  assert.deepEqual(trail, [{ told: true }]);

  await world.refused('role_in_use', () => owner.call('identity.role.remove', { role: made.role }));
  await owner.call('identity.user.take_role', role);
  assert.equal(await counts(), false);
  await owner.call('identity.role.remove', { role: made.role });
  assert.deepEqual(await permits(made.role), undefined);
  assert.ok(changed.version > made.version);
});

story('names that stand already, or hold no letters, get a code of their own', async (world) => {
  const owner = await world.as('administrator');
  const make = (label: string) => owner.call<Role>('identity.role.make', { label });
  const codes = [];
  for (const label of ['Night', 'night!', 'مساعد', '夜']) codes.push((await make(label)).role);
  assert.deepEqual(codes, ['own_night', 'own_night_aa', 'own_role', 'own_role_aa']);
  for (const taken of ['Night', 'cashier', 'Administrator']) {
    await world.refused('already_exists', () => make(taken));
  }
  const renamed = { role: 'own_night', label: 'Manager' };
  await world.refused('already_exists', () => owner.call('identity.role.rename', renamed));
  await world.refused('rule_broken', () => make('Two\nlines'));
  await world.behind(`insert into identity.role (name, label)
    select 'own_' || chr(97 + n / 26) || chr(97 + n % 26), 'Role ' || n from generate_series(1, 46) n`);
  await world.refused('roles_too_many', () => make('One more'));
  await world.behind(`delete from identity.role where is_own`);
});

story(
  'nobody gives a role more than they have, nor changes one that comes with Kontor',
  async (world) => {
    const owner = await world.as('administrator');
    const hill = await world.as('administrator', { store: 'HILL' });
    const manager = await world.as('manager');
    await world.behind(`insert into identity.role (name, label, permissions) values
    ('poster', 'Poster', array['identity.manage_users', 'catalog.see'])`);
    const clerk = await world.as('poster');
    const make = (who: typeof owner, permissions: string[]) => () =>
      who.call('identity.role.make', { label: 'Helper', permissions });
    // Of one store only: a role may be given in any.
    await world.refused('not_permitted', make(hill, ['catalog.see']));
    await world.refused('not_permitted', make(manager, ['catalog.see']));
    await world.refused('not_permitted', make(clerk, ['catalog.see', 'catalog.manage']));
    await world.refused('permission_unknown', make(owner, ['catalog.see', 'catalog.eat']));
    const copy = { label: 'King', copies: 'administrator' };
    await world.refused('not_permitted', () => clerk.call('identity.role.make', copy));
    for (const copies of ['system', 'nobody']) {
      const made = () => owner.call('identity.role.make', { label: 'Other', copies });
      await world.refused('role_not_there', made);
    }

    // What one lacks oneself is neither put into a role nor taken out of one.
    const mine = await clerk.call<Role>('identity.role.make', {
      label: 'Mine',
      permissions: ['catalog.see'],
    });
    const theirs = await owner.call<Role>('identity.role.make', {
      label: 'Theirs',
      copies: 'manager',
    });
    const permit = (who: typeof owner, r: Role, permissions: string[]) => () =>
      who.call('identity.role.permit', { role: r.role, version: r.version, permissions });
    await world.refused('not_permitted', permit(clerk, mine, ['catalog.see', 'finance.see']));
    await world.refused('not_permitted', permit(clerk, theirs, ['catalog.see']));
    await world.refused('not_permitted', () =>
      clerk.call('identity.role.remove', { role: theirs.role }),
    );
    await world.refused('not_permitted', () =>
      clerk.call('identity.role.rename', { role: theirs.role, label: 'Ours' }),
    );

    for (const role of ['administrator', 'manager', 'cashier']) {
      const said = { role, version: 1, permissions: ['catalog.see'] };
      await world.refused('role_is_shipped', () => owner.call('identity.role.permit', said));
      await world.refused('role_is_shipped', () => owner.call('identity.role.remove', { role }));
      await world.refused('role_is_shipped', () =>
        owner.call('identity.role.rename', { role, label: 'X' }),
      );
    }
    const system = { role: 'system', version: 1, permissions: [] };
    await world.refused('role_not_there', () => owner.call('identity.role.permit', system));
    await owner.call('identity.role.remove', { role: mine.role });
    await owner.call('identity.role.remove', { role: theirs.role });
  },
);

story('raw SQL under the application role makes, widens and removes no role', async (world) => {
  const owner = await world.as('administrator');
  const manager = await world.as('manager');
  const raw = [
    `insert into identity.role (name, label) values ('own_x', 'X')`,
    `update identity.role set permissions = permissions || array['kernel.administer'] where name = 'cashier'`,
    `insert into identity.role_permission values ('cashier', 'kernel.administer')`,
    `delete from identity.role_permission where role = 'administrator'`,
    `delete from identity.role where name = 'cashier'`,
  ];
  for (const text of raw) await world.refusedBySql(owner, /permission denied/, text);
  // The functions behind the operations ask the same, whoever calls them.
  const widen = `select kernel_logic.make_role('{"label": "X", "permissions": ["kernel.administer"]}')`;
  await world.refusedBySql(manager, /not_permitted/, widen);
  const shipped = `select kernel_logic.permit_role('{"role": "cashier", "version": 1, "permissions": []}')`;
  await world.refusedBySql(owner, /role_is_shipped/, shipped);
  const around = `select kernel_logic.keep_rights(r) from identity.role r`;
  await world.refusedBySql(owner, /permission denied/, around);
});

story(
  'with the last administrator’s own role gone from them, one who manages users is left',
  async (world) => {
    const owner = await world.as('administrator');
    const everybody = `select kernel_logic.may('identity.manage_users') as it`;
    const made = await owner.call<Role>('identity.role.make', {
      label: 'Chief',
      copies: 'administrator',
    });
    await owner.call('identity.user.give_role', { id: owner.id, role: made.role });
    const others = await world.behind(
      `select user_id from identity.user_role where role = 'administrator' and store_id is null and user_id <> $1`,
      owner.id,
    );
    await world.behind(
      `delete from identity.user_role where role = 'administrator' and user_id <> $1`,
      owner.id,
    );
    // A role like it is no administrator: what it permits may change, or go.
    await world.refused('last_administrator', () =>
      owner.call('identity.user.take_role', { id: owner.id, role: 'administrator' }),
    );
    await owner.call('identity.role.permit', {
      role: made.role,
      version: made.version,
      permissions: [],
    });
    assert.deepEqual(await owner.sql(everybody), [{ it: true }]);
    for (const { user_id } of others)
      await world.behind(
        `insert into identity.user_role (user_id, role) values ($1, 'administrator')`,
        user_id,
      );
    await owner.call('identity.user.take_role', { id: owner.id, role: made.role });
    await owner.call('identity.role.remove', { role: made.role });
  },
);

story(
  'a deploy brings what comes with Kontor and leaves the shop’s own roles as they are',
  async (world) => {
    const { db, behind } = world;
    const owner = await world.as('administrator');
    const permissions = ['catalog.see', 'inventory.see'];
    const made = await owner.call<Role>('identity.role.make', { label: 'Helper', permissions });
    const rights = (role: string) =>
      behind(`select permission from identity.role_permission where role = $1 order by 1`, role);
    const [own, shipped] = [await rights(made.role), await rights('cashier')];
    // As after a program that permitted less, and brought a module that is away now.
    await behind(
      `update identity.role set permissions = array['catalog.see'] where name = 'cashier'`,
    );
    await behind(`insert into identity.permission values ('x_gone.see', 'See what is gone.')`);
    await behind(
      `update identity.role set permissions = permissions || 'x_gone.see'::text where name = $1`,
      made.role,
    );
    assert.equal((await rights(made.role)).length, 3);
    await behind(`update kernel.setting set value = jsonb_set(value, '{hash}', '"another"')
                 where name = 'deployed'`);
    await deploy(db.where, db.logins);
    assert.deepEqual(await rights('cashier'), shipped);
    assert.deepEqual(await rights(made.role), own);
    // What is away for now comes back with its module, also after a change.
    const [now] = await behind(`select version from identity.role where name = $1`, made.role);
    const fewer = { role: made.role, version: Number(now?.version), permissions: ['catalog.see'] };
    await owner.call('identity.role.permit', fewer);
    assert.deepEqual(await rights(made.role), [{ permission: 'catalog.see' }]);
    const kept = await behind(`select permissions from identity.role where name = $1`, made.role);
    assert.deepEqual(kept, [{ permissions: ['catalog.see', 'x_gone.see'] }]);
    await owner.call('identity.role.remove', { role: made.role });
  },
);
