import assert from 'node:assert/strict';
import { story } from '#kernel/test';
import { readLanguages } from '../i18n/read_languages.ts';
import { documents } from './document.ts';

story('what a document reads is read as who asks: row-level security decides', async (world) => {
  await readLanguages();
  const known = [...(await documents()).values()];
  assert.ok(known.length > 0);
  for (const { name, reads, languages } of known) {
    const [said] = await world.behind(
      `select prosecdef as definer, provolatile as volatile, prorettype::regtype::text as answers
         from pg_proc where oid = to_regprocedure($1)`,
      `${reads}(uuid, text)`,
    );
    assert.deepEqual(said, { definer: false, volatile: 's', answers: 'jsonb' }, name);
    assert.ok(languages.includes('en') && languages.includes('ar'), `${name} says all in Arabic`);
  }
});
