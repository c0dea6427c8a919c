import '../../../kernel/sentences.ts';
import { MAJOR_VERSION } from '../../../kernel/database/postgres/binaries.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { progressOn } from '../output/progress.ts';
import { checkAll } from './doctor_rules.ts';

registerSentences({
  upgrade_of_provider: {
    status: 422,
    sentence:
      'This Kontor keeps its data at DATABASE_URL. Whoever runs that database brings it to ' +
      'another version; or write a dump, and load it into a new one.',
  },
});

/** Brings the database to this Kontor's PostgreSQL, or back to the one before. */
export async function upgradeCommand(options: { again?: boolean; back?: boolean }): Promise<void> {
  const { home, databaseUrl } = settings();
  if (databaseUrl) throw problem('upgrade_of_provider');
  const { goBack, upgrade } = await import('../../../kernel/database/backup/upgrade.ts');
  if (options.back) {
    const { kept, major } = await goBack(home);
    const other = major === MAJOR_VERSION ? '' : ' Start it with the Kontor that made it.';
    process.stdout.write(
      `The database from before the upgrade is back.${other} What was written since is in ${kept}\n`,
    );
    return;
  }
  const progress = progressOn(process.stderr);
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => abort.abort());
  const { kept } = await upgrade(home, {
    check: checkAll,
    progress: progress.tell,
    signal: abort.signal,
    ...(options.again ? { again: true } : {}),
  }).finally(progress.end);
  process.stdout.write(
    `The database is now of PostgreSQL ${MAJOR_VERSION}. The one before is kept in ${kept}; go ` +
      'back to it by: kontor upgrade --back\n',
  );
}
