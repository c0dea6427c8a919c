import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makePlace } from './fixture.ts';

const place = makePlace('files');
const { folder, kontor } = place;
const good = async (words: string[], env: Record<string, string> = {}): Promise<string> => {
  const said = await kontor(words, { env });
  assert.equal(said.code, 0, `kontor ${words.join(' ')}: ${said.err}`);
  return said.out;
};
let party: string;
before(async () => {
  await place.setUp();
  await place.hold();
  party = JSON.parse(await good(['master', 'party', 'create', '--first-name', 'Ann'])).id;
});
after(() => place.close());

test('a file goes on a record at a shell, comes back, and out of a restored backup', async () => {
  writeFileSync(join(folder, 'contract.txt'), 'Ann hires a tandem.');
  await good(['file', 'add', 'master.party', party, 'contract.txt']);
  const listed = JSON.parse(await good(['file', 'list', 'master.party', party, '--json'])).rows;
  assert.deepEqual(
    listed.map((r: { name: string }) => r.name),
    ['contract.txt'],
  );
  assert.match(await good(['file', 'list', 'master.party', party]), /contract\.txt/);
  assert.equal(await good(['file', 'get', listed[0].id, '--to', '-']), 'Ann hires a tandem.');

  const other = join(folder, 'restored');
  await good(['backup', '--to', 'copy.tar.gz']);
  await good(['restore', '--from', 'copy.tar.gz', '--home', other]);
  await good(['file', 'get', listed[0].id, '--to', 'again.txt'], { KONTOR_HOME: other });
  assert.equal(readFileSync(join(folder, 'again.txt'), 'utf8'), 'Ann hires a tandem.');
});

test('what is no file, no record or no id is said, and nothing changes', async () => {
  const wrong: [number, RegExp, string[]][] = [
    [2, /no file nowhere\.txt/, ['file', 'add', 'master.party', party, 'nowhere.txt']],
    [1, /not here, or not yours/, ['file', 'add', 'master.party', 'nobody', 'password.txt']],
    [2, /no id of a file/, ['file', 'get', 'x', '--to', 'y']],
    [1, /not here, or not yours/, ['file', 'get', party, '--to', 'y']],
  ];
  for (const [code, said, words] of wrong) {
    const answer = await kontor(words);
    assert.equal(answer.code, code, words.join(' '));
    assert.match(answer.err, said);
  }
});
