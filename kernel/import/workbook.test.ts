import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { type CellValue, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import papa from 'papaparse';
import { type TestDatabase, testDatabase } from './fixture/database.ts';
import { SHOP, shop } from './fixture/files.ts';
import { importFiles } from './import.ts';
import { type GivenFile, type ReadFile, readFiles } from './read.ts';
import { readWorkbook, WORKBOOK } from './workbook.ts';

const book = async (...sheets: WriteSheet[]): Promise<GivenFile> => {
  return { name: 'prices.xlsx', bytes: await writeXlsx({ sheets }) };
};
const only = (read: ReadFile[]): ReadFile => {
  assert.equal(read.length, 1);
  return read[0]!;
};

describe('a workbook is read as what a person sees in it', () => {
  it('days and moments, figures, formulas, yes and no', async () => {
    const cells: WriteSheet['cells'] = new Map([
      ['2,1', { value: null, type: 'formula', formula: 'B2*2', formulaResult: 25.5 }],
    ]);
    const rows: CellValue[][] = [
      ['code', 'price', 'on', 'at', 'active', 'barcode'],
      ['00123', 0.1 + 0.2, day('2026-03-31'), day('2024-02-29T13:45:30'), true, 4006381333931],
      ['00124', null, day('1999-12-31'), null, false, '=1+1'],
      ['  ', 1e21, null, null, null, null],
      ['00125', 1.5e-7, null, null, null, 'two\nlines'],
    ];
    const read = only(await readFiles(await book({ name: 'A', rows, cells })));
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.rows, [
      ['00123', '0.3', '2026-03-31', '2024-02-29 13:45:30', 'true', '4006381333931'],
      ['00124', '25.5', '1999-12-31', null, 'false', '=1+1'],
      [null, '1000000000000000000000', null, null, null, null],
      ['00125', '0.00000015', null, null, null, 'two\nlines'],
    ]);
  });

  it('titles above the heads, empty rows, merged cells', async () => {
    const rows: CellValue[][] = [
      ['Prices of spring'],
      [],
      ['group', 'name', 'price'],
      ['Bells', 'Ding', 3],
      [null, 'Dong', 4],
      [],
      [null, 'Gong', 5],
      [null, 'Single', 6],
    ];
    const merges = [
      { startRow: 0, endRow: 0, startCol: 0, endCol: 2 },
      { startRow: 3, endRow: 6, startCol: 0, endCol: 0 },
    ];
    const read = only(await readFiles(await book({ name: 'A', rows, merges })));
    assert.deepEqual(read.columns, ['group', 'name', 'price']);
    assert.deepEqual(read.rows, [
      ['Bells', 'Ding', '3'],
      ['Bells', 'Dong', '4'],
      ['Bells', 'Gong', '5'],
      [null, 'Single', '6'],
    ]);
    assert.deepEqual(read.lines, [4, 5, 7, 8], 'rows are counted as Excel does');
  });

  it('each sheet with rows is a file of its own, but what is hidden is left', async () => {
    const rows = [['name'], ['x']];
    const read = await readFiles(
      await book(
        { name: 'Sheet 1', rows },
        { name: 'Empty', rows: [] },
        { name: 'Codes', rows, hidden: true },
        { name: 'Sheet 2', rows },
      ),
    );
    assert.deepEqual(
      read.map(({ file }) => file),
      ['prices.xlsx: Sheet 1', 'prices.xlsx: Sheet 2'],
    );
  });

  it('a formula that failed, a column without a name', async () => {
    const cells: WriteSheet['cells'] = new Map([['1,1', { value: '#N/A', type: 'error' }]]);
    const failed = await book({ name: 'A', rows: [['a', 'b'], ['x']], cells });
    const [problem] = only(await readFiles(failed)).problems;
    assert.deepEqual([problem?.row, problem?.column, problem?.code], [2, 'b', 'cell_error']);
    const rows = [
      ['a', 'b'],
      ['x', 'y', 'stray'],
    ];
    const unnamed = only(await readFiles(await book({ name: 'A', rows })));
    assert.equal(unnamed.problems[0]?.code, 'column_unnamed');
  });
});

describe('a file that is no workbook to be read says what to do', () => {
  const codeOf = async (bytes: Uint8Array) => {
    const { problems, rows } = only(await readFiles({ name: 'b.xlsx', bytes }));
    assert.deepEqual(rows, []);
    assert.match(problems[0]?.message ?? '', /(Save|Split|Open|open|save|Take)/);
    return problems[0]?.code;
  };
  const compound = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

  it('an old one, a locked one, a broken one, something else', async () => {
    assert.equal(await codeOf(Buffer.concat([compound, Buffer.alloc(2000)])), 'workbook_old');
    const locked = Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]);
    assert.equal(await codeOf(locked), 'workbook_locked');
    const whole = (await book({ name: 'A', rows: [['a'], ['b']] })).bytes!;
    assert.equal(await codeOf(whole.slice(0, whole.length / 2)), 'workbook_broken');
    const torn = Buffer.from(whole);
    torn.fill(0x41, 40, 400);
    assert.equal(await codeOf(torn), 'workbook_broken');
    assert.equal(await codeOf(zip({ 'word/document.xml': '<w/>' })), 'workbook_none');
  });

  it('bombs: by what they say, by what they hide, by what they repeat', async () => {
    const small = workbook('<row r="1"><c r="A1"><v>1</v></c></row>');
    assert.equal(
      await codeOf(lying(small, 'xl/worksheets/sheet1.xml', 900_000_000)),
      'workbook_bomb',
    );
    const padded = workbook(`<row r="1"><c r="A1"><v>1</v></c></row>${' '.repeat(40_000_000)}`);
    assert.ok(padded.length < 100_000);
    assert.equal(await codeOf(lying(padded, 'xl/worksheets/sheet1.xml', 900)), 'workbook_broken');
    assert.equal(await codeOf(lying(padded, 'xl/worksheets/sheet1.xml', 0)), 'workbook_broken');
    const again = Array.from({ length: 4000 }, (_, at) => {
      return `<row r="${at + 1}"><c r="A${at + 1}" t="s"><v>0</v></c></row>`;
    });
    const repeated = workbook(again.join(''), `<si><t>${'long '.repeat(6500)}</t></si>`);
    assert.ok(repeated.length < 100_000);
    assert.equal(await codeOf(repeated), 'workbook_long');
  });

  it('one that takes more memory or time than it gets, or too many sheets', async () => {
    const { bytes } = await book({ name: 'A', rows: [['a'], ['b']] });
    const most = { rows: 10, columns: 10 };
    const of = async (limits: Partial<typeof WORKBOOK>) => {
      const asked = { limits: { ...WORKBOOK, ...limits } };
      return (await readWorkbook({ name: 'b.xlsx' }, bytes!, most, asked)).problem?.code;
    };
    assert.equal(await of({}), undefined);
    assert.equal(await of({ memoryMB: 1 }), 'workbook_heavy');
    assert.equal(await of({ seconds: 0 }), 'workbook_heavy');
    assert.equal(await of({ sheets: 0 }), 'sheets_too_many');
  });

  it('one after the other, however many are brought at once', async () => {
    const given = await book({ name: 'A', rows: [['a'], ['b']] });
    let running = 0;
    let most = 0;
    const count = (said: unknown) => {
      most = Math.max(most, ++running);
      (said as { process: ChildProcess }).process.once('exit', () => (running -= 1));
    };
    subscribe('child_process', count);
    const read = await Promise.all([given, given, given].map((one) => readFiles(one)));
    unsubscribe('child_process', count);
    assert.deepEqual(
      read.map((one) => only(one).rows),
      [[['b']], [['b']], [['b']]],
    );
    assert.equal(most, 1);
  });
});

describe('a shop brings a workbook', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.close());

  it('of all its tables, and the same rows as CSV are no new ones', async () => {
    const sheets = Object.values(SHOP).map((text, at): WriteSheet => {
      const rows = papa.parse<string[]>(text.trim()).data;
      return { name: `Sheet${at}`, rows: rows.map((row) => row.map(typed)) };
    });
    const folder = await mkdtemp(join(tmpdir(), 'kontor-'));
    const path = join(folder, '0');
    writeFileSync(path, await writeXlsx({ sheets }));
    const bring = (files: GivenFile[]) =>
      importFiles({ pool: db.pool, token: db.tokens.administrator, files });
    const brought = await bring([{ name: 'shop.xlsx', path }]);
    assert.deepEqual(
      brought.files.flatMap((f) => f.problems),
      [],
    );
    assert.ok(brought.id);
    assert.equal(brought.files[0]?.file, 'shop.xlsx: Sheet0');
    const again = await bring(shop());
    assert.deepEqual(
      again.files.map(({ created, updated }) => [created, updated]),
      Object.keys(SHOP).map(() => [0, 0]),
    );
  });

  it('nor are those that were kept when a hash told 4.00 from 4', async () => {
    const stocks = 'store_name,product_id,quantity\nMesa Wheels,2,4.00\n';
    const files = [{ name: 'stocks.csv', bytes: Buffer.from(stocks) }];
    const bring = () => importFiles({ pool: db.pool, token: db.tokens.administrator, files });
    assert.equal((await bring()).files[0]?.created, 1);
    const before = ['on_hand', '4.00', 'product_id', '2', 'store_id', 'Mesa Wheels'];
    const { rowCount } = await db.admin.query(
      `update kernel.source_row set hash = sha256($1::bytea)
        where table_name = 'inventory.stock_level' and key like '%|%'
          and batch_id = (select id from kernel.import_batch order by id desc limit 1)`,
      [JSON.stringify(before)],
    );
    assert.equal(rowCount, 1);
    assert.equal((await bring()).files[0]?.unchanged, 1);
  });

  it('unless it is stopped meanwhile', async () => {
    const abort = new AbortController();
    const files = [await book({ name: 'A', rows: [['a'], ['b']] })];
    const request = { pool: db.pool, token: db.tokens.administrator, files };
    const reading = importFiles({
      ...{ ...request, signal: abort.signal },
      onProgress: () => abort.abort(new Error('stopped')),
    });
    await assert.rejects(reading, /stopped/);
  });
});

const day = (said: string): Date => new Date(`${said}${said.includes('T') ? '' : 'T00:00:00'}Z`);

/** A cell as somebody typed it: a figure unless it has a leading zero. */
function typed(text: string): CellValue {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return day(text);
  return /^(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text || null;
}

/** A workbook by hand, of one sheet. */
function workbook(rows: string, strings = ''): Buffer {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const links = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  return zip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${links}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${links}">${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${relation('rId2', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
  });
}

function zip(parts: Record<string, string>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(parts)) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(plain), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(plain.length, 18);
    shared.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), shared, rest, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(18);
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, ...directory, Buffer.from('PK\u0005\u0006'), end]);
}

/** The same file, whose directory says another size of a part. */
function lying(file: Buffer, part: string, size: number): Buffer {
  const out = Buffer.from(file);
  const entry = out.lastIndexOf(Buffer.from(part)) - 46;
  assert.equal(out.readUInt32LE(entry), 0x02014b50);
  out.writeUInt32LE(size, entry + 24);
  return out;
}
