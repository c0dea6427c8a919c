import { createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { atDesk } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { printJson, printTable } from '../output/print.ts';

type Options = { url?: string; json?: boolean };

/** Puts files of this machine on a record, one after the other. */
export async function fileAdd(table: string, id: string, paths: string[], options: Options) {
  for (const path of paths) {
    await access(path).catch(() => {
      throw new WrongCall(`There is no file ${path}, or it can’t be read.`);
    });
  }
  await atDesk(options, async (desk) => {
    const added = [];
    for (const path of paths) added.push(await desk.upload(table, id, path));
    printJson({ added });
  });
}

export async function fileList(table: string, id: string, options: Options): Promise<void> {
  await atDesk(options, async (desk) => {
    const { rows } = await desk.list('files.attachment', {
      filter: [
        ['table_name', '=', table],
        ['row_id', '=', id],
        ['is_active', '=', true],
      ],
      limit: 200,
    });
    if (options.json) return printJson({ rows });
    const names = ['id', 'name', 'content_type', 'size', 'attached_at'];
    printTable(
      names.map((name) => ({ name, title: name })),
      rows,
    );
  });
}

export async function fileGet(id: string, options: Options & { to: string }): Promise<void> {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new WrongCall(`“${id}” is no id of a file.`);
  await atDesk(options, async (desk) => {
    const bytes = await desk.download(id);
    if (options.to === '-') return pipeline(bytes, process.stdout, { end: false });
    await pipeline(bytes, createWriteStream(options.to, { mode: 0o600 }));
  });
}
