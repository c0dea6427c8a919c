import '../sentences.ts';
import type pg from 'pg';
import { openPools } from '../database/connect.ts';
import type { Logins } from '../database/deploy/roles.ts';
import { storyWorker } from './test_jobs.ts';

// A worker in a process of its own, for the story that kills it.
process.once('message', async (said) => {
  const { where, logins } = said as { where: pg.ClientConfig; logins: Logins };
  const db = await openPools({ pool: 4 }, where, logins, async () => {});
  storyWorker(db);
});
