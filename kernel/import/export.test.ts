import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { exportRows } from './export.ts';

const rows = [
  { name: '=HYPERLINK("x")', amount: '-5.00', note: 'a,"b"', is_active: true },
  { name: '-cmd', amount: null, note: 'two\nlines', is_active: false },
];
const columns = ['name', 'amount', 'note', 'is_active'];

it('writes CSV that no spreadsheet runs, with column names as heads', async () => {
  assert.equal(
    await text(exportRows(rows, columns, 'csv')),
    'name,amount,note,is_active\r\n' +
      `"'=HYPERLINK(""x"")",-5.00,"a,""b""",true\r\n'-cmd,,"two\nlines",false\r\n`,
  );
  assert.ok((await text(exportRows([], columns, 'csv', { bom: true }))).includes('name,amount'));
});

it('writes JSON as it comes', async () => {
  assert.deepEqual(JSON.parse(await text(exportRows(rows, columns, 'json'))), { rows });
  assert.equal(await text(exportRows([], columns, 'json')), '{"rows":[]}\n');
});

it('passes on what breaks on the way', async () => {
  async function* broken() {
    yield rows[0]!;
    throw new Error('the database went away');
  }
  await assert.rejects(text(exportRows(broken(), columns, 'csv')), /went away/);
  await assert.rejects(text(exportRows(broken(), columns, 'json')), /went away/);
});
