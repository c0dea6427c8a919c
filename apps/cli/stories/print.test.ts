import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clientOf, openTill, ringUp, startServerProcess } from '../../../kernel/test/servers.ts';
import { makePlace, PASSWORD } from './fixture.ts';

const place = makePlace('print');
const { folder, kontor } = place;
const good = async (words: string[]): Promise<string> => {
  const said = await kontor(words);
  assert.equal(said.code, 0, `kontor ${words.join(' ')}: ${said.err}`);
  return said.out;
};
before(async () => {
  await place.setUp();
  await place.hold();
  const server = await startServerProcess({ KONTOR_HOME: place.home });
  const said = { login: 'owner', password: PASSWORD, bearer: true };
  const nobody = clientOf(() => server.url, 'x'.repeat(20));
  const owner = clientOf(
    () => server.url,
    (await nobody.post<{ token: string }>('session', said)).token,
  );
  const bells = await Promise.all(
    ['5.00', '6.00', '7.00'].map(async (unit_price, n) => {
      const given = { name: `Bell ${n}`, unit_price, unit_cost: '2.00' };
      const { id } = await owner.post<{ id: string }>('catalog/product/create', given);
      return { id, unit_price };
    }),
  );
  await ringUp(owner, await openTill(owner), bells);
  await server.stop();
});
after(() => place.close());

test('a receipt is printed at a shell by its number, and what there is not is said', async () => {
  const [first] = JSON.parse(await good(['list', 'pos.receipt', '--limit', '1', '--json'])).rows;
  const { reference, id } = first as { reference: string; id: string };
  await good(['print', 'pos.receipt', reference, '--to', 'receipt.pdf']);
  const pdf = readFileSync(join(folder, 'receipt.pdf'));
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const more = ['--paper', 'roll', '--language', 'ar'];
  await good(['print', 'pos.receipt', id, ...more, '--to', 'roll.pdf']);
  assert.notDeepEqual(readFileSync(join(folder, 'roll.pdf')), pdf);

  for (const [code, said, words] of [
    [2, /no pos\.receipt with the number X-1/, ['pos.receipt', 'X-1']],
    [2, /no paper “napkin”/, ['pos.receipt', reference, '--paper', 'napkin']],
    [1, /no document pos\.payment/, ['pos.payment', reference]],
  ] as const) {
    const answer = await kontor(['print', ...words, '--to', 'x.pdf']);
    assert.equal(answer.code, code, answer.err);
    assert.match(answer.err, said);
  }
});

test('a report adds its amounts up at a shell as on its page', async () => {
  const lines = (await good(['report', 'trial_balance'])).trimEnd().split('\n');
  const [, debit, credit] = /^Total\s+.*?([\d.]+)\s+([\d.]+)/.exec(lines.at(-1) ?? '') ?? [];
  assert.ok(Number(debit) > 0, lines.join('\n'));
  assert.equal(debit, credit);
});
