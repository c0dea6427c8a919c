import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../kernel/database/connect.ts';
import { type DemoStep, demoOn } from '../../kernel/demo.ts';
import { endSession, startSession } from '../../kernel/identity/door.ts';
import { modules } from '../../kernel/modules.ts';

interface Wish {
  user_id: string;
  onProgress(step: string, done: number, total: number): void;
}

/** Fills a fresh business by the modules' demos, each after what it depends on. */
export async function makeDemo(
  on: { db: Database; home: string },
  { user_id, onProgress }: Wish,
): Promise<void> {
  const { db } = on;
  const token = await startSession(db, user_id, { kind: 'shell', address: 'demo' });
  try {
    const demo = await demoOn(on, token, onProgress);
    for (const m of await modules()) {
      const file = join(m.folder, 'demo.ts');
      if (!existsSync(file)) continue;
      const { default: step } = (await import(file)) as { default: DemoStep };
      await step(demo);
    }
    // Fresh tables have no statistics, and the first reports would be planned blindly.
    await db.door.query('select kernel_logic.refresh_statistics()');
  } finally {
    await endSession(db, token);
  }
}
