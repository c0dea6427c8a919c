import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../database/connect.ts';
import { withLock } from '../database/embedded/users.ts';
import { openHome } from '../home.ts';
import { settings } from '../settings.ts';
import { templateName, testHome } from './template.ts';

const execute = promisify(execFile);

/**
 * Fills a folder with a data home as the first start leaves it, with nothing set up in it. It is made
 * once for this program and copied for each story that isn't about the making itself.
 */
export async function madeHome(home: string): Promise<void> {
  const kept = await keptHome();
  openHome(home);
  // With its owner: the database's files belong to a system user where root runs the stories.
  const parts = ['database', 'postgresql', 'secrets'].map((part) => join(kept, part));
  await execute('cp', ['-a', ...parts, home]);
}

async function keptHome(): Promise<string> {
  const all = openHome(join(testHome(), 'homes'));
  const kept = join(all, templateName());
  if (existsSync(kept)) return kept;
  return withLock(all, async () => {
    if (existsSync(kept)) return kept;
    for (const one of readdirSync(all))
      if (/^(template|draft)_/.test(one)) rmSync(join(all, one), { recursive: true, force: true });
    const draft = join(all, `draft_${process.pid}`);
    const db = await openDatabase({ ...settings({}, {}), home: draft });
    await db.close();
    renameSync(draft, kept);
    return kept;
  });
}
