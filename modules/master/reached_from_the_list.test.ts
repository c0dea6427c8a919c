import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { list } from '../../kernel/database/reading/list.ts';

story(
  'a list of customers says phone and city of each, as their own rows have them',
  async (world) => {
    const owner = await world.as('administrator');
    const make = (first_name: string) =>
      owner.call<{ id: string }>('master.party.create', { first_name });
    const [ada, bo] = [await make('Ada'), await make('Bo')];
    const point = (party_id: string, kind: string, value: string) =>
      owner.call<{ id: string; version: number }>('master.contact_point.create', {
        ...{ party_id, kind, value },
      });
    await point(ada.id, 'email', 'ada@example.com');
    const old = await point(ada.id, 'phone', '+1 555 0100');
    await point(ada.id, 'phone', '+1 555 0199');
    const address = (kind: string, city: string) =>
      owner.call('master.address.create', { party_id: ada.id, kind, city });
    await address('delivery', 'Kingston');
    await address('main', 'Albany');

    const ask = async (spec: object, who = owner, language?: string) => {
      const columns = ['name', 'phone', 'city'];
      const said = { columns, sort: [['name', 'asc']] as [string, 'asc'][], ...spec };
      const { rows } = await list(world.db, who.token, 'master.party', {
        ...said,
        ...(language ? { language } : {}),
      });
      return rows.map(({ name, phone, city }) => [name, phone, city]);
    };
    const whole = [
      ['Ada', '+1 555 0100', 'Albany'],
      ['Bo', null, null],
    ];
    assert.deepEqual(await ask({}), whole);
    assert.deepEqual(await ask({}, owner, 'ar'), whole);
    assert.deepEqual(await ask({ filter: [['city', '=', 'Albany']] }), whole.slice(0, 1));
    assert.deepEqual(await ask({ filter: [['phone', 'is_null']] }), whole.slice(1));
    await owner.call('master.contact_point.archive', { id: old.id, version: old.version });
    assert.deepEqual((await ask({}))[0], ['Ada', '+1 555 0199', 'Albany']);
    // By a path, too: whose receipt or whose phone it is.
    const [point0] = await owner.listAny('master.contact_point', {
      columns: ['party_id.city'],
      filter: [['party_id', '=', ada.id]],
    });
    assert.equal(point0?.['party_id.city'], 'Albany');

    // Nobody writes them there: they are kept in rows of their own.
    const change = { id: bo.id, version: 1, phone: '1' };
    await world.refused('input_wrong', () => owner.call('master.party.change', change));
    const [column] = await world.behind(
      `select writable, sortable from kernel_logic.columns_of('master.party') where name = 'phone'`,
    );
    assert.deepEqual(column, { writable: false, sortable: false });
  },
);

story('what stands under a right of its own isn’t brought to who lacks it', async (world) => {
  const owner = await world.as('administrator');
  const { id } = await owner.call<{ id: string }>('master.party.create', { first_name: 'Cy' });
  await owner.call('master.address.create', { party_id: id, city: 'Troy' });
  await world.behind(`alter policy reads on master.address
    using ((select kernel_logic.may('master.manage')))`);
  const mia = await world.as('cashier', { store: 'HILL' });
  const cities = (who: typeof owner) =>
    who.listAny('master.party', { columns: ['city'], filter: [['city', 'not_null']] });
  assert.deepEqual(await cities(mia), []);
  assert.equal(
    (await cities(owner)).some(({ city }) => city === 'Troy'),
    true,
  );
});
