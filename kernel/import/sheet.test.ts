import assert from 'node:assert/strict';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { it } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { type SheetColumn, sheetRows } from './sheet.ts';

const column = (name: string, type: string, title = name): SheetColumn => ({ name, title, type });
const manner = { title: 'Sales: a/b', decimals: 3, zone: 'Asia/Tokyo' };

it('writes what Excel takes for what it is', async () => {
  const columns = [
    column('name', 'text', 'Nom'),
    column('amount', 'money', 'Montant'),
    column('on', 'date'),
    column('at', 'timestamp'),
    column('is_active', 'boolean'),
    column('store_id', 'text', 'Store'),
    column('quantity', 'quantity'),
    column('share', 'fraction'),
  ];
  const rows = [
    {
      ...{ name: '=1+1', amount: '-12.5', on: '2026-03-31', at: '2026-03-31T16:30:00.000Z' },
      ...{ is_active: true, store_id: '0197', store_id_label: 'Baldwin', quantity: '0.300' },
      share: '0.08',
    },
    { name: '@SUM(A1)', amount: '12345678901234567.891', on: '1799-01-01', quantity: '2' },
    { name: '+a', amount: null, share: null },
    { name: '-007', note: 'not asked for' },
    { name: '00042_x0041_\u0001\n', amount: '0' },
  ];
  const [sheet] = (
    await readXlsx(await buffer(sheetRows(rows, columns, manner)), { readStyles: true })
  ).sheets;
  assert.equal(sheet?.name, 'Sales  a b');
  assert.deepEqual(sheet?.freezePane?.rows, 1);
  assert.deepEqual(sheet?.rows[0]?.slice(0, 2), ['Nom', 'Montant']);
  assert.deepEqual(sheet?.rows[1], [
    ...['=1+1', -12.5, new Date('2026-03-31T00:00:00Z'), new Date('2026-04-01T01:30:00Z')],
    ...[true, 'Baldwin', 0.3, 0.08],
  ]);
  // More digits than Excel keeps, and days before it counts, stay whole as text.
  assert.deepEqual(sheet?.rows[2]?.slice(0, 3), [
    ...['@SUM(A1)', '12345678901234567.891', '1799-01-01'],
  ]);
  assert.deepEqual([sheet?.rows[3]?.[0], sheet?.rows[4]?.[0]], ['+a', '-007']);
  assert.equal(sheet?.rows[5]?.[0], '00042_x0041_\u0001\n');
  assert.equal(sheet?.cells?.get('1,0')?.formula, undefined);
  assert.equal(sheet?.cells?.get('1,1')?.style?.numFmt, '#,##0.000');
  assert.equal(sheet?.cells?.get('1,3')?.style?.numFmt, 'yyyy-mm-dd hh:mm:ss');
  assert.equal(sheet?.cells?.get('1,0')?.style?.numFmt, '@');
  assert.ok(
    (sheet?.columns?.[3]?.width ?? 0) >= 19,
    'a moment is read without widening its column',
  );
});

it('writes heads alone where there is no row', async () => {
  const file = await buffer(sheetRows([], [column('name', 'text', 'Name')], manner));
  assert.deepEqual((await readXlsx(file)).sheets[0]?.rows, [['Name']]);
});

it('passes on what breaks on the way, and asks no further when nobody reads', async () => {
  let asked = 0;
  let closed = false;
  async function* endless() {
    try {
      for (; ; asked++) yield { name: `row ${asked}` };
    } finally {
      closed = true;
    }
  }
  async function* broken() {
    for (let at = 0; at < 500; at++) yield { name: at };
    throw new Error('the database went away');
  }
  const columns = [column('name', 'text')];
  await assert.rejects(buffer(sheetRows(broken(), columns, manner)), /went away/);
  const stream = sheetRows(endless(), columns, manner);
  await once(stream, 'readable');
  stream.destroy();
  await once(stream, 'close');
  assert.ok(closed, 'the list is not read on');
  assert.ok(asked < 100_000);
});
