import { randomBytes } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Row } from '../../../kernel/database/reading/list.ts';
import { exportRows, headsOf } from '../../../kernel/import/export.ts';
import type { SheetColumn } from '../../../kernel/import/sheet.ts';
import { sheetColumns } from '../../../kernel/import/sheet_columns.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { atDesk, type Desk, rowsOf } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { reasonOf } from '../output/input.ts';
import { type ListOptions, specOf } from './list.ts';

registerSentences({
  file_not_writable: { status: 422, sentence: '{path} can’t be written ({why}).' },
});

type ExportOptions = ListOptions & { to: string; format?: string; parameter?: string[] };
type Format = 'csv' | 'json' | 'xlsx';

/** Writes every row of a list or report into a file, whole or not at all; `-` is standard output. */
export async function exportCommand(named: string, options: ExportOptions): Promise<void> {
  const format = formatOf(options);
  await atDesk(options, async (desk) => {
    const given = await (named.includes('.') ? ofList : ofReport)(desk, named, options);
    const { columns, title, decimals, zone } = given;
    let count = 0;
    const rows = async function* (): AsyncGenerator<Row> {
      for await (const row of given.rows) {
        count++;
        yield row;
      }
    };
    await write(
      options.to,
      format === 'xlsx'
        ? (await import('../../../kernel/import/sheet.ts')).sheetRows(rows(), await columns(), {
            ...{ title, decimals, zone },
          })
        : exportRows(rows(), given.heads, format),
    );
    process.stderr.write(`${count} rows of ${named}.\n`);
  });
}

interface Given {
  rows: AsyncIterable<Row> | Row[];
  /** By their names, and as people read them. */
  heads: string[];
  columns(): SheetColumn[];
  title: string;
  decimals: number;
  zone: string;
}

async function ofList(desk: Desk, table: string, options: ExportOptions): Promise<Given> {
  if (options.parameter) throw new WrongCall('--parameter is for reports; a table takes --filter.');
  const spec = specOf(options);
  const own = (await desk.columns(table)).map((c) => c.name);
  const given = rowsOf(desk, table, spec);
  const first = (await given.next()).value as Row | undefined;
  const rows = async function* () {
    for (let row = first; row; row = (await given.next()).value as Row | undefined) yield row;
  };
  const heads = headsOf(spec, own, first);
  const { tables, decimals, zone } = await desk.manner();
  const title = tables.find(({ name }) => name === table)?.label ?? table;
  return {
    ...{ rows: rows(), heads, title, decimals, zone },
    columns: () => sheetColumns(tables, table, heads),
  };
}

async function ofReport(desk: Desk, name: string, options: ExportOptions): Promise<Given> {
  const report = await desk.report(name, parametersOf(options.parameter ?? []));
  const { decimals, zone } = await desk.manner();
  const heads = report.columns.map((column) => column.name);
  const shown = report.columns.filter(({ type }) => type !== 'uuid');
  return {
    ...{ rows: report.rows, heads, title: report.title, decimals, zone },
    columns: () => shown.map(({ name, label, type }) => ({ name, title: label, type })),
  };
}

function parametersOf(said: string[]): Record<string, string> {
  return Object.fromEntries(
    said.map((one) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(one) ?? [];
      if (!name) throw new WrongCall(`“${one}” is no parameter. Write name=value.`);
      return [name, value];
    }),
  );
}

function formatOf({ format, to }: ExportOptions): Format {
  const said = format ?? /\.(\w+)$/.exec(to)?.[1]?.toLowerCase() ?? 'csv';
  if (said === 'csv' || said === 'json' || said === 'xlsx') return said;
  throw new WrongCall(
    format
      ? `--format is csv, json or xlsx, not “${said}”.`
      : `${to}: name it .csv, .json or .xlsx, or say --format.`,
  );
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
