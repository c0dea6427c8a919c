import { atDesk } from '../desk/desk.ts';
import { Told } from '../output/fail.ts';
import { printJson, printTable } from '../output/print.ts';
import type { ImportOptions } from './import.ts';

interface Undone {
  count: number;
  in_the_way: { table: string; id: string; label: string; why: string; by?: string }[];
  removed: number;
  kept: number;
  restored: number;
}

/** Takes back an import, or says what stands in the way. Exit codes 0 and 1. */
export async function undoCommand(id: string, { dryRun, json, url }: ImportOptions): Promise<void> {
  await atDesk(url ? { url } : {}, async (desk) => {
    const operation = 'kernel.import_batch.undo';
    let told = (await desk.call(operation, { id, preview: true })) as Undone;
    const free = told.count === 0;
    if (free && !dryRun) told = (await desk.call(operation, { id })) as Undone;
    if (json) printJson(told);
    else show(told, free && !dryRun);
    if (!free) throw new Told();
  });
}

function show({ in_the_way, count, removed, kept, restored }: Undone, done: boolean): void {
  if (count > 0) {
    const names = ['table', 'label', 'why', 'by', 'id'];
    printTable(
      names.map((name) => ({ name, title: name })),
      in_the_way,
    );
    if (count > in_the_way.length) {
      process.stderr.write(`And ${count - in_the_way.length} more.\n`);
    }
    process.stderr.write('Nothing was changed: these records stand in the way.\n');
    return;
  }
  const rows = `${removed} rows removed, ${kept} kept archived, ${restored} put back`;
  process.stdout.write(done ? `Undone: ${rows}.\n` : `It can be undone: ${rows}.\n`);
}
