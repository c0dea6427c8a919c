import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { root } from '../../../kernel/modules.ts';
import { makePlace } from './fixture.ts';

const place = makePlace('module');
const folder = join(place.home, 'modules');
const env = { KONTOR_MODULES: folder };
const kontor = (...words: string[]) => place.kontor(words, { env });

before(async () => {
  await place.setUp();
  await place.hold();
});
after(() => place.close());

async function done(...words: string[]): Promise<string> {
  const said = await kontor(...words);
  assert.equal(said.code, 0, said.err);
  return said.out;
}

async function refused(sentence: RegExp, ...words: string[]): Promise<void> {
  const said = await kontor(...words);
  assert.notEqual(said.code, 0);
  assert.match(said.err, sentence);
  assert.doesNotMatch(said.err, /\n\s+at /);
}

const items = async () => JSON.parse(await done('list', 'x_loans.item', '--json')).rows;

test('a made module works, is switched off without losing data, and comes back', async () => {
  await done('module', 'new', 'loans');
  await refused(/There is something at/, 'module', 'new', 'loans');
  await refused(/can’t be a module’s name/, 'module', 'new', 'Loans!');
  await done('x_loans', 'item', 'create', '--name', 'Ladder', '--wanted-on', '2027-01-31');
  assert.equal((await items())[0].name, 'Ladder');

  await done('module', 'off', 'x_loans');
  await refused(/There is no table x_loans.item/, 'list', 'x_loans.item');
  const embedded = await openEmbedded(place.home);
  const behind = new pg.Client(embedded.admin('kontor'));
  await behind.connect();
  const kept = await behind.query('select name from x_loans.item');
  const open = await behind.query(
    `select has_table_privilege('kontor_app', 'x_loans.item', 'select') as may,
            (select count(*)::int from pg_policies where schemaname = 'x_loans') as policies`,
  );
  await behind.end();
  await embedded.close();
  assert.deepEqual(kept.rows, [{ name: 'Ladder' }]);
  assert.deepEqual(open.rows, [{ may: false, policies: 0 }]);

  await done('module', 'on', 'x_loans');
  assert.equal((await items())[0].name, 'Ladder');
  await refused(/There is no module x_nothing/, 'module', 'off', 'x_nothing');
});

// As it would be written by hand: with types of React and of the kernel's screens.
const page = `import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Note, t } from '#kernel/ui';

export default function Overdue() {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['overdue'], queryFn: () => api.list('x_loans.item', {}) });
  return (
    <Note page title={t('Overdue')} text={data?.rows.length}>
      <Button onClick={() => setOpen(!open)}>{open ? t('Less') : t('More')}</Button>
    </Note>
  );
}
`;

test('a made module passes every check; a misspelt permission doesn’t compile', async () => {
  writeFileSync(join(folder, 'x_loans', 'overdue.page.tsx'), page);
  const passed = await kontor('module', 'check', 'x_loans');
  assert.equal(passed.code, 0, passed.out + passed.err);
  // Files run side by side: which of them is through first is not said.
  assert.match(passed.out, /✔ an item is made/);
  assert.match(passed.out, /✔ list\(\) answers what plain SELECT/);
  const file = join(folder, 'x_loans', 'item.ts');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(`permission: 'x_loans.manage'`, `permission: 'x_loans.mange'`));
  const failed = await kontor('module', 'check', 'x_loans');
  writeFileSync(file, text);
  assert.equal(failed.code, 1);
  assert.match(failed.out, /item\.ts.*\n?.*x_loans\.mange/);
});

test('a module that is broken or reaches out stops the start, says why, and can be switched off', async () => {
  const own = join(folder, 'x_wrong');
  const write = (file: string, from: string, to: string | (() => string)) => {
    rmSync(own, { recursive: true, force: true });
    cpSync(join(folder, 'x_loans'), own, { recursive: true });
    for (const f of ['module.ts', 'item.ts', 'logic.sql', 'schema/001_item.sql']) {
      const text = readFileSync(join(own, f), 'utf8').replaceAll('x_loans', 'x_wrong');
      const by = typeof to === 'string' ? () => to : to;
      writeFileSync(join(own, f), f === file ? text.replace(from, by) : text);
    }
  };
  const broken = /The module x_wrong can’t be loaded/;
  write('module.ts', `name: 'x_wrong'`, `name: 'pos'`);
  await refused(broken, 'list', 'master.store');
  write('module.ts', `surface: '0.1'`, `surface: '9.0'`);
  await refused(/surface 9\.0, and this is/, 'list', 'master.store');
  write('module.ts', `depends: ['kernel'`, `depends: ['x_away'`);
  await refused(/It needs x_away/, 'list', 'master.store');
  write('module.ts', 'menu: [', `pages: { away: { label: 'Away' } },\n  menu: [`);
  await refused(
    /declares the page “away”, and there is no away\.page\.tsx/,
    'list',
    'master.store',
  );
  write('item.ts', `name: 'x_wrong.item`, `name: 'pos.receipt`);
  await refused(/“pos\.receipt\.finish” must begin with/, 'list', 'master.store');
  for (const reach of [
    'alter table catalog.product add column mine text;',
    'grant all on identity.user to kontor_app;',
    'create role intruder superuser;',
    `select kernel_logic.readable('identity.user');`,
    'do $$ begin drop table pos.receipt; end $$;',
    'create or replace function kernel_logic.may(p text) returns boolean language sql as $$ select true $$;',
  ]) {
    write('logic.sql', 'select kernel_logic.track', () => `${reach}\nselect kernel_logic.track`);
    await refused(/x_wrong may change nothing but its own schema/, 'list', 'master.store');
  }
  await done('module', 'off', 'x_wrong');
  await done('list', 'master.store');
  rmSync(own, { recursive: true });
  await done('list', 'master.store');
});

test('an npm package brings a module, and goes again', async () => {
  const made = join(place.folder, 'made');
  mkdirSync(made);
  const elsewhere = { KONTOR_MODULES: made };
  const there = await place.kontor(['module', 'new', 'repairs'], { env: elsewhere });
  assert.equal(there.code, 0, there.err);
  const source = join(place.folder, 'package');
  renameSync(join(made, 'x_repairs'), source);
  const manifest = { name: 'kontor-repairs', version: '1.0.0', type: 'module' };
  const write = (said: unknown) =>
    writeFileSync(join(source, 'package.json'), JSON.stringify(said));
  write(manifest);
  await refused(/holds no module of Kontor/, 'module', 'add', source);
  write({ ...manifest, kontor: { module: 'x_repairs' } });
  await done('module', 'add', source);
  await done('x_repairs', 'item', 'create', '--name', 'Pump');
  assert.match(await done('module', 'list'), /x_repairs.*on.*kontor-repairs/);
  await done('module', 'remove', 'x_repairs');
  await refused(/There is no table x_repairs.item/, 'list', 'x_repairs.item');
});

test('a second home on the database is refused where it lacks a module, or says that it does', async () => {
  const other = { KONTOR_MODULES: join(place.folder, 'other') };
  const there = (...words: string[]) => place.kontor(words, { env: other });
  await done('list', 'x_loans.item');
  const lacking = await there('list', 'master.store');
  assert.notEqual(lacking.code, 0);
  assert.match(lacking.err, /works with the module x_loans, which isn’t here/);
  assert.match(lacking.err, /kontor module off x_loans --away/);
  assert.equal((await items())[0].name, 'Ladder');
  assert.match((await there('module', 'off', 'Loans!', '--away')).err, /There is no module Loans!/);

  // With a module of its own it needs the other one, too; with both it brings both.
  assert.equal((await there('module', 'new', 'rides')).code, 0);
  assert.match((await there('list', 'x_rides.item')).err, /x_loans/);
  cpSync(join(folder, 'x_loans'), join(other.KONTOR_MODULES, 'x_loans'), { recursive: true });
  assert.equal((await there('list', 'x_rides.item')).code, 0);
  await refused(/works with the module x_rides/, 'list', 'x_loans.item');

  rmSync(join(other.KONTOR_MODULES, 'x_loans'), { recursive: true });
  assert.equal((await there('module', 'off', 'x_loans', '--away')).code, 0);
  assert.equal((await there('list', 'master.store')).code, 0);
  assert.match((await there('list', 'x_loans.item')).err, /There is no table x_loans.item/);
  await done('module', 'off', 'x_rides', '--away');
  assert.equal((await items())[0].name, 'Ladder');
});

test('the sample that new modules are made of passes its own stories', () => {
  const args = ['--import', join(root, 'kernel', 'elsewhere_hooks.ts'), '--test'];
  const story = join(root, 'examples', 'x_sample', 'item_to_done.test.ts');
  const { NODE_TEST_CONTEXT: _, ...around } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [...args, story], {
    encoding: 'utf8',
    env: { ...around, KONTOR_ENV: 'test', KONTOR_MODULES: join(root, 'examples') },
  });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /pass 2/);
});
