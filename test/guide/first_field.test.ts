import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makePlace } from '../../apps/cli/stories/fixture.ts';
import { root } from '../../kernel/modules.ts';
import { copyProgram } from '../../kernel/test/program_copy.ts';

// docs/first_field.md, followed to the letter: what it says to write is written, what it says to run
// is run, on a copy of the program.

const page = readFileSync(join(root, 'docs', 'first_field.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (m) => m[1] ?? '',
  );

const place = makePlace('guide');
after(() => place.close());

function run(program: string, words: string[]): string {
  const args = [join(program, 'apps', 'cli', 'kontor.ts'), ...words];
  const env = { ...process.env, KONTOR_HOME: place.home, DATABASE_URL: '' };
  const said = spawnSync(process.execPath, args, { cwd: place.folder, env, encoding: 'utf8' });
  assert.equal(said.status, 0, `kontor ${words.join(' ')}\n${said.stderr}`);
  return said.stdout;
}

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '');

test('one file by hand makes a field that is stored, listed, filtered, imported, exported, followed', async () => {
  const program = copyProgram(place.folder, '0.1.0');
  const init = ['init', '--profile', 'retail', '--company', 'Hill', '--admin', 'owner'];
  run(program, [...init, '--password-file', 'password.txt']);
  await place.hold();
  const made = { number: '100035', name: 'Commuter helmet', unit_price: '79.90' };
  const flags = Object.entries(made).flatMap(([name, value]) => [`--${name}`, value]);
  run(program, ['catalog', 'product', 'create', ...flags]);

  const [, file = ''] = /Make `([^`]+)`/.exec(page) ?? [];
  const [sql = ''] = blocks('sql');
  mkdirSync(join(program, file, '..'), { recursive: true });
  writeFileSync(join(program, file), sql);
  const [csv = ''] = blocks('csv');
  writeFileSync(join(place.folder, 'products.csv'), csv);

  const commands = blocks('sh')
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('./kontor '))
    .map((line) => wordsOf(line).slice(1));
  const first = (verb: string) => commands.filter(([word]) => word === verb);
  for (const words of first('import')) run(program, words);
  const listed = JSON.parse(run(program, first('list')[0] ?? [])).rows;
  assert.deepEqual(
    listed.map((r: Record<string, string>) => [r.number, r.weight_kg]),
    [['100035', '0.31']],
  );
  for (const words of first('export')) run(program, words);
  assert.match(readFileSync(join(place.folder, 'heavy.csv'), 'utf8'), /weight_kg[\s\S]*0\.31/);
  const changes = JSON.parse(run(program, ['list', 'audit.change', '--json', '--all'])).rows;
  const trail = changes.filter((c: { after?: object }) => c.after && 'weight_kg' in c.after);
  assert.equal(trail.length, 1);
  const wrong = [
    join(program, 'apps', 'cli', 'kontor.ts'),
    ...['catalog', 'product', 'change', '--id', listed[0].id],
    ...['--version', String(listed[0].version), '--weight-kg', '-1'],
  ];
  const env = { ...process.env, KONTOR_HOME: place.home, DATABASE_URL: '' };
  const refused = spawnSync(process.execPath, wrong, { env, encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /weight/i);
});
