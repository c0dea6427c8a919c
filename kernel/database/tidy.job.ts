import { job } from '../jobs/job.ts';
import { z } from '../operation.ts';

const BATCH = 10_000;

/** What grows without end and nobody reads any more, removed each night in small steps. */
export const tidyRecords = job({
  name: 'kernel.record.tidy',
  label: 'Remove what is kept no longer',
  permission: 'kernel.administer',
  schedule: '15 3 * * *',
  attempts: 3,
  input: z.object({}),
  async run(run) {
    const removed: Record<string, number> = {};
    const kinds = ['request_key', 'change', 'session', 'run', 'delivery'];
    for (const [at, kind] of kinds.entries()) {
      run.progress(at / kinds.length, kind.replace('_', ' '));
      for (let count = BATCH; count === BATCH; ) {
        count = await run.write(async ({ sql }) => {
          const gone = await sql.one<{ n: number }>`
            select kernel_logic.forget(${kind}, ${BATCH}) as n`;
          return gone.n;
        });
        removed[kind] = (removed[kind] ?? 0) + count;
      }
    }
    return removed;
  },
});
