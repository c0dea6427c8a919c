import { randomBytes } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Row } from '../../kernel/database/list.ts';
import { problem, registerSentences } from '../../kernel/problem.ts';
import { exportRows, headsOf } from '../../kernel/transfer/export.ts';
import { atDesk, rowsOf } from './desk.ts';
import { WrongCall } from './fail.ts';
import { reasonOf } from './input.ts';
import { type ListOptions, specOf } from './list.ts';

registerSentences({
  file_not_writable: { status: 422, sentence: '{path} can’t be written ({why}).' },
});

type ExportOptions = ListOptions & { to: string; format?: string };

/** Writes every row of a list into a file, whole or not at all; `-` is standard output. */
export async function exportCommand(table: string, options: ExportOptions): Promise<void> {
  const format = formatOf(options);
  const spec = specOf(options);
  await atDesk(options, async (desk) => {
    const own = (await desk.columns(table)).map((c) => c.name);
    const given = rowsOf(desk, table, spec);
    const first = (await given.next()).value as Row | undefined;
    let count = 0;
    const rows = async function* (): AsyncGenerator<Row> {
      for (let row = first; row; row = (await given.next()).value as Row | undefined) {
        count++;
        yield row;
      }
    };
    await write(options.to, exportRows(rows(), headsOf(spec, own, first), format));
    process.stderr.write(`${count} rows of ${table}.\n`);
  });
}

function formatOf({ format, to }: ExportOptions): 'csv' | 'json' {
  const said = format ?? (to.toLowerCase().endsWith('.json') ? 'json' : 'csv');
  if (said === 'csv' || said === 'json') return said;
  throw new WrongCall(`--format is csv or json, not “${said}”.`);
}

async function write(to: string, parts: Readable): Promise<void> {
  if (to === '-') {
    for await (const part of parts) {
      if (!process.stdout.write(part)) await new Promise((r) => process.stdout.once('drain', r));
    }
    return;
  }
  const draft = join(dirname(to), `.${basename(to)}.${randomBytes(4).toString('hex')}`);
  // Stopped half-way, nothing of it stays.
  const stop = () => rmSync(draft, { force: true });
  process.once('exit', stop);
  try {
    await pipeline(parts, createWriteStream(draft, { flags: 'wx' }));
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!(error as NodeJS.ErrnoException).syscall) throw error;
    throw problem('file_not_writable', { path: to, why: reasonOf(error) }, error);
  } finally {
    process.removeListener('exit', stop);
  }
}
