import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { type Person, story, type World } from '#kernel/test';
import { exportColumns, listAll } from '../database/reading/list.ts';
import { exportRows } from './export.ts';
import { importFiles } from './import.ts';

const bring = ({ db }: World, who: Person, csv: string, dryRun = false) =>
  importFiles({
    ...{ pool: db.app, token: who.token, dryRun },
    files: [{ name: 'products.csv', bytes: Buffer.from(csv) }],
  });
const add = (who: Person, name: string, more: object) =>
  who.call('kernel.custom_field.create', {
    ...{ table_name: 'catalog.product', name, label: `My ${name}`, ...more },
  });
const of = async (who: Person, number: string) =>
  (await who.listAny('catalog.product', { filter: [['number', '=', number]] }))[0] ?? {};

story(
  'files bring custom fields by name or label, and an export comes back the same',
  async (world) => {
    const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
    await world.behind(`insert into catalog.brand (name) values ('Hill')`);
    await add(owner, 'colour', { type: 'choice', choices: ['Deep Red', 'Blue'] });
    await add(owner, 'weight', { type: 'quantity' });
    await add(owner, 'fragile', { type: 'boolean' });
    await add(owner, 'tested_on', { type: 'date' });
    await add(owner, 'maker', { type: 'reference', refers_to: 'catalog.brand' });
    const first = await bring(
      world,
      sam,
      `number,name,unit_price,custom.colour,My weight,custom.fragile,my tested on,custom.maker
P1,Cup,5,deep red,1.250,yes,2026-02-28,Hill
P2,Mug,6,,,,,
`,
    );
    assert.deepEqual(first.files[0]?.problems, []);
    assert.equal(first.files[0]?.created, 2);
    const cup = await of(sam, 'P1');
    assert.deepEqual(
      ['colour', 'weight', 'fragile', 'tested_on', 'maker'].map((n) => cup[`custom.${n}`]),
      [
        'Deep Red',
        '1.250',
        true,
        '2026-02-28',
        (await world.behind('select id from catalog.brand'))[0]?.id,
      ],
    );

    const own = ['colour', 'weight', 'fragile', 'tested_on'].map((name) => `custom.${name}`);
    const columns = ['number', 'name', 'unit_price', ...own];
    const all = await exportColumns(world.db, sam.token, 'catalog.product');
    assert.deepEqual(new Set(columns).difference(new Set(all)), new Set());
    const rows = listAll(world.db, sam.token, 'catalog.product', { columns: columns as never });
    const csv = await text(exportRows(rows, columns, 'csv'));
    const again = await bring(world, sam, csv.replace('1.250', '2.5').replace('Deep Red', ''));
    assert.deepEqual(again.files[0]?.problems, []);
    const now = await of(sam, 'P1');
    assert.deepEqual(
      [now['custom.weight'], now['custom.colour'], now['custom.maker']],
      ['2.5', null, cup['custom.maker']],
    );
  },
);

story('what a file says wrong of a custom field is told by row and column', async (world) => {
  const [owner, sam] = [await world.as('administrator'), await world.as('manager')];
  await add(owner, 'size', { type: 'choice', choices: ['S', 'L'] });
  await add(owner, 'opened_on', { type: 'date' });
  await add(owner, 'hidden', { type: 'text', permission: 'identity.manage_users' });
  const { files } = await bring(
    world,
    sam,
    `number,name,unit_price,custom.size,custom.opened_on
W1,Cup,5,XL,2026-01-01
W2,Mug,6,S,2026-02-31
`,
  );
  assert.deepEqual(
    files[0]?.problems.map((p) => [p.row, p.column, p.code]),
    [
      [2, 'custom.size', 'choice_wrong'],
      [3, 'custom.opened_on', 'date_wrong'],
    ],
  );
  const secret = 'number,name,unit_price,custom.hidden\nW3,Cup,5,x\n';
  const told = await bring(world, sam, secret, true);
  assert.equal(told.files[0]?.mapping.find((m) => m.column === 'custom.hidden')?.field, null);
  await add(owner, 'origin', { type: 'text', required: true });
  const lacking = await bring(world, sam, 'number,name,unit_price\nW4,Cup,5\n');
  const [missing] = lacking.files[0]?.problems ?? [];
  assert.deepEqual([missing?.row, missing?.code], [2, 'required']);
  assert.match(missing?.message ?? '', /My origin/);
  assert.equal((await of(sam, 'W4')).id, undefined);
});
