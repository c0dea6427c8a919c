import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { speaking } from '../i18n/language.ts';
import { type TestDatabase, testDatabase } from './fixture/database.ts';
import { file } from './fixture/files.ts';
import { importFiles } from './import.ts';

let db: TestDatabase;
before(async () => {
  db = await testDatabase();
});
after(() => db.close());

const bring = (text: string) =>
  importFiles({
    pool: db.pool,
    token: db.tokens.administrator,
    files: [file('products.csv', text)],
  });
const kept = async () =>
  (
    await db.admin.query(`select p.number, t.language, t.text from kernel.translation t
      join catalog.product p on p.id = t.row_id where t.table_name = 'catalog.product'
      order by p.number`)
  ).rows;

it('a file brings names in other languages beside its own, and mends them', async () => {
  const { files } = await bring(
    'number,name,price,name:ar\nA1,Brass bell,9.90,جرس نحاسي\nA2,Lamp,12.00,\n',
  );
  assert.deepEqual(
    files.flatMap((f) => f.problems),
    [],
  );
  assert.equal(files[0]?.mapping.find((m) => m.column === 'name:ar')?.field, 'name:ar');
  assert.deepEqual(await kept(), [{ number: 'A1', language: 'ar', text: 'جرس نحاسي' }]);
  await bring('number,name,price,name:ar\nA1,Brass bell,9.90,جرس\nA2,Lamp,12.00,مصباح\n');
  assert.deepEqual(await kept(), [
    { number: 'A1', language: 'ar', text: 'جرس' },
    { number: 'A2', language: 'ar', text: 'مصباح' },
  ]);
  const { rows } = await db.admin.query('select name from catalog.product order by number');
  assert.deepEqual(
    rows.map((r) => r.name),
    ['Brass bell', 'Lamp'],
  );
});

it('what is wrong in a file is said in the language of who brings it', async () => {
  const said = await new Promise<string[]>((resolve, reject) => {
    speaking('ar', () => {
      bring('number,name,price\nA9,Horn,dear\n').then(
        ({ files }) => resolve(files.flatMap((f) => f.problems.map((one) => one.message))),
        reject,
      );
    });
  });
  assert.deepEqual(said, ['“dear” ليس رقمًا. اكتبه مثل 1234.56.']);
});
