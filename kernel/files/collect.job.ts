import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { job } from '../jobs/job.ts';
import { z } from '../operation.ts';
import { fileStore } from './store.ts';

const BATCH = 100;
const DRAFT_MS = 86_400_000;

/** Bytes that no record refers to any more, and uploads that broke off, removed each night. */
export const collectFiles = job({
  name: 'files.content.collect',
  label: 'Remove files that nothing refers to',
  permission: 'kernel.administer',
  schedule: '45 3 * * *',
  attempts: 3,
  input: z.object({}),
  async run(run) {
    const store = fileStore(run.home);
    await removeDrafts(join(run.home, 'files', 'drafts'));
    let removed = 0;
    for (let count = BATCH; count === BATCH; ) {
      run.signal.throwIfAborted();
      count = await run.write(async ({ sql }) => {
        const gone = await sql.many<{ hash: string }>`
          select hash from files_logic.orphans(${BATCH}) as hash`;
        const hashes = gone.map((g) => g.hash);
        // Under the rows' locks: who brings the same bytes now waits, then stores them again.
        for (const hash of hashes) await store.remove(hash);
        await sql.many`select files_logic.drop_content(${hashes})`;
        return hashes.length;
      });
      removed += count;
      run.progress(0.5, `${removed}`);
    }
    return { removed };
  },
});

async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > DRAFT_MS) await rm(path, { force: true });
  }
}
