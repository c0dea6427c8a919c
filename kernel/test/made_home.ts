import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../database/connect.ts';
import { withLock } from '../database/postgres/users.ts';
import { templateName, testHome } from '../database/template.ts';
import { openHome } from '../home.ts';
import { settings } from '../settings.ts';

const execute = promisify(execFile);

/**
 * Fills a folder with a data home as the first start leaves it, with nothing set up in it. It is made
 * once for this program and copied for each story that isn't about the making itself.
 */
export async function madeHome(home: string): Promise<void> {
  const all = openHome(join(testHome(), 'homes'));
  openHome(home);
  // One at a time: another checkout's stories may be about to clear away.
  await withLock(all, async () => {
    const kept = await keptHome(all);
    // With its owner: the database's files belong to a system user where root runs the stories.
    const parts = ['database', 'postgresql', 'secrets'].map((part) => join(kept, part));
    await execute('cp', ['-a', ...parts, home]);
  });
}

async function keptHome(all: string): Promise<string> {
  const kept = join(all, templateName());
  if (!existsSync(kept)) {
    for (const one of readdirSync(all)) if (isOld(join(all, one))) rmSync(join(all, one), whole);
    const draft = join(all, `draft_${process.pid}`);
    const db = await openDatabase({ ...settings({}, {}), home: draft });
    await db.close();
    renameSync(draft, kept);
  }
  utimesSync(kept, new Date(), new Date());
  return kept;
}

const whole = { recursive: true, force: true } as const;

/** Whether no story has used this home for a day. */
const isOld = (home: string): boolean =>
  /(template|draft)_\w+$/.test(home) && Date.now() - statSync(home).mtimeMs > 86_400_000;
