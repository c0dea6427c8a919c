import { appendFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../modules.ts';

/** A copy of this program as its next version would be: another schema file, changed logic. */
export function copyProgram(folder: string, version: string): string {
  const copy = join(folder, `program-${version}`);
  for (const part of ['kernel', 'modules', 'apps', 'generated', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const said = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...said, version }));
  const schema = join(copy, 'modules', 'catalog', 'schema', '900_next.sql');
  writeFileSync(
    schema,
    `alter table catalog.product add column next_version text;
     comment on column catalog.product.next_version is 'Next | What the next version adds.';
     -- A view of another module shows it: views are made again.
     alter table catalog.product alter column barcode type text collate "und-x-icu";`,
  );
  // Rights of a module whose functions changed are all made anew: the heaviest that a deploy does.
  appendFileSync(
    join(copy, 'modules', 'pos', 'logic.sql'),
    `create or replace function pos_logic.next_version() returns text
       language sql immutable set search_path = '' as $$ select '${version}' $$;\n`,
  );
  return copy;
}
