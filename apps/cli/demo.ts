import type { Database } from '../../kernel/database/connect.ts';
import { endSession, startSession } from '../../kernel/identity/door.ts';
import { problem, registerSentences } from '../../kernel/problem.ts';
import { progressOn } from './progress.ts';

registerSentences({
  demo_not_here: { status: 501, sentence: 'This Kontor brings no demo shop yet.' },
});

interface Demo {
  makeDemo(given: {
    db: Database;
    token: string;
    onProgress(progress: { step: string; done: number; total: number }): void;
  }): Promise<void>;
}

/** Fills a new business with a demo shop, through the same operations as people use. */
export async function furnish(db: Database, user: string): Promise<void> {
  const place = new URL('../../kernel/demo.ts', import.meta.url).href;
  const demo = (await import(place).catch((error) => {
    throw problem('demo_not_here', {}, error);
  })) as Demo;
  const token = await startSession(db, user, { kind: 'shell', address: 'shell' });
  const progress = progressOn(process.stderr);
  try {
    await demo.makeDemo({ db, token, onProgress: progress.tell });
  } finally {
    progress.end();
    await endSession(db, token);
  }
}
