import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decode, readFiles } from './read.ts';
import { readValues } from './values.ts';

const read = (
  values: (string | null)[],
  type: 'number' | 'integer' | 'date' | 'boolean',
  by = ',',
) => {
  const { values: out, wrong } = readValues(values, type, by);
  const codes = wrong.map((w) => w.code).filter((c) => c !== '');
  return codes.length > 0 ? codes : out;
};

it('reads dates in the forms that people write, decided over the column', () => {
  assert.deepEqual(read(['2026-03-01', null, '2026/3/9'], 'date'), [
    '2026-03-01',
    null,
    '2026-03-09',
  ]);
  assert.deepEqual(read(['03/04/2026', '25/04/2026'], 'date'), ['2026-04-03', '2026-04-25']);
  assert.deepEqual(read(['03/04/2026', '04/25/2026'], 'date'), ['2026-03-04', '2026-04-25']);
  assert.deepEqual(read(['3.4.2026', '25.12.26'], 'date'), ['2026-04-03', '2026-12-25']);
  assert.deepEqual(read(['03/04/2026', '05/06/2026'], 'date'), ['date_ambiguous']);
  assert.deepEqual(read(['2026-02-30'], 'date'), ['date_wrong']);
  assert.deepEqual(read(['soon'], 'date'), ['date_wrong']);
});

it('reads numbers with either mark, signs of currencies and what is owed', () => {
  assert.deepEqual(read(['1.234,56', '7'], 'number'), ['1234.56', '7']);
  assert.deepEqual(read(['1,234.56', '0.5'], 'number'), ['1234.56', '0.5']);
  assert.deepEqual(read(['(5.00)', '$3', '€ 2.50', 'USD 4', '-$1', '1 234.5'], 'number'), [
    '-5.00',
    '3',
    '2.50',
    '4',
    '-1',
    '1234.5',
  ]);
  assert.deepEqual(read(['1,234', '2,5'], 'number'), ['1.234', '2.5']);
  assert.deepEqual(read(['1,234', '5.5'], 'number'), ['1234', '5.5']);
  assert.deepEqual(read(['1,234'], 'number'), ['number_ambiguous']);
  assert.deepEqual(read(['1.234'], 'number'), ['1.234']);
  assert.deepEqual(read(['1.234'], 'number', ';'), ['number_ambiguous']);
  assert.deepEqual(read(['20%', '7.5 %'], 'number'), ['0.20', '0.075']);
  assert.deepEqual(read(['2016.0', '7'], 'integer'), ['2016', '7']);
  assert.deepEqual(read(['2.5'], 'integer'), ['integer_wrong']);
  assert.deepEqual(read(['1e999', '--1', '1.2.3'], 'number').length, 3);
  assert.deepEqual(read(['yes', '0', 'FALSE'], 'boolean'), ['true', 'false', 'false']);
});

it('reads text in the encodings of offices', () => {
  const text = 'name;city\nZoë;Köln\n';
  assert.equal(decode(Buffer.from(`\ufeff${text}`)).replace('\ufeff', ''), text);
  assert.equal(decode(Buffer.from(`\ufeff${text}`, 'utf16le')).replace('\ufeff', ''), text);
  assert.equal(
    decode(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()).replace('\ufeff', ''),
    text,
  );
  assert.equal(decode(Buffer.from(text, 'utf16le')), text);
  assert.equal(decode(Buffer.from(text, 'latin1')), text);
  assert.equal(
    decode(Buffer.concat([Buffer.from('a;b\n'), Buffer.from([0x80, 0x3b, 0x93])])),
    'a;b\n€;“',
  );
});

it('counts rows as a spreadsheet does and takes NULL and NaN for no value', async () => {
  const text = 'id\tname\n1\tNULL\n\n2\t"two\nlines"\n3\tNaN\n4\tNaNo\n';
  const [read] = await readFiles({
    name: 'a',
    bytes: Buffer.from(text),
  });
  const { rows, lines, delimiter, problems } = read!;
  assert.deepEqual(problems, []);
  assert.equal(delimiter, '\t');
  assert.deepEqual(rows, [
    ['1', null],
    ['2', 'two\nlines'],
    ['3', null],
    ['4', 'NaNo'],
  ]);
  assert.deepEqual(lines, [2, 4, 5, 6]);
});

it('takes phone numbers and e-mail addresses as people write them', () => {
  const phones = ['(207) 555-0101', '+49 89 1234-0', '555.0144 ext. 12', '5550144x7', '112', '٠١'];
  const { wrong } = readValues(phones, 'text', ',', 'phone');
  assert.deepEqual(
    wrong.map(({ index }) => phones[index]),
    ['٠١'],
  );
  const addresses = ['ana@example.com', 'ünal@bücher.example', 'ana@localhost', 'a b@c.de'];
  assert.deepEqual(
    readValues(addresses, 'text', ',', 'email').wrong.map(({ index }) => addresses[index]),
    ['ana@localhost', 'a b@c.de'],
  );
});
