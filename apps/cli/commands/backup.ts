import { resolve } from 'node:path';
import '../../../kernel/sentences.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { progressOn } from '../output/progress.ts';

registerSentences({
  backup_of_provider: {
    status: 422,
    sentence:
      'This Kontor keeps its data at DATABASE_URL. Use the backups of whoever runs that database ' +
      '(the attached files are in {home}), or write everything into a file by: kontor dump',
  },
});

/** Copies the data home into one file while people work. */
export async function backupCommand({ to }: { to: string }): Promise<void> {
  const { home, databaseUrl } = settings();
  if (databaseUrl) throw problem('backup_of_provider', { home });
  const { backup } = await import('../../../kernel/database/backup/backup.ts');
  const progress = progressOn(process.stderr);
  const { bytes } = await backup(home, to, { progress: progress.tell }).finally(progress.end);
  process.stdout.write(
    `Backed up to ${resolve(to)} (${megabytes(bytes)} MB). It holds this home’s passwords: keep ` +
      'it where only you can read it.\n',
  );
}

/** Makes a data home out of a backup. */
export async function restoreCommand({
  from,
  home,
}: {
  from: string;
  home: string;
}): Promise<void> {
  const { restore } = await import('../../../kernel/database/backup/restore.ts');
  const progress = progressOn(process.stderr);
  const place = resolve(home);
  const head = await restore(from, place, { progress: progress.tell }).finally(progress.end);
  process.stdout.write(
    `Restored what stood on ${head.started_at.slice(0, 16).replace('T', ' ')} UTC into ${place}.\n` +
      `Start it with: KONTOR_HOME=${place} kontor start\n`,
  );
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
