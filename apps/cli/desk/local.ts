import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Database } from '../../../kernel/database/connect.ts';
import { hasDatabase, open } from '../../../kernel/database/open.ts';
import { list } from '../../../kernel/database/reading/list.ts';
import { asProblem } from '../../../kernel/database/refusal.ts';
import type { ShownTable } from '../../../kernel/import/sheet_columns.ts';
import { problem } from '../../../kernel/problem.ts';
import type { Settings } from '../../../kernel/settings.ts';
import type { ColumnOf, Desk } from './desk.ts';
import { type ShellSession, startShellSession } from './shell.ts';

/** The desk at this machine, with what else its commands ask for. */
export interface LocalDesk extends Desk {
  db: Database;
  session: ShellSession;
}

/** Opens the database of this machine as the person at its shell. */
export async function openLocal(given: Settings): Promise<LocalDesk> {
  if (!hasDatabase(given)) throw problem('no_database_here', { home: given.home });
  const db = await open(given);
  try {
    const session = await startShellSession(db);
    return localDesk(db, session, given.home);
  } catch (error) {
    await db.close();
    throw asProblem(error);
  }
}

function localDesk(db: Database, session: ShellSession, home: string): LocalDesk {
  const { token } = session;
  return {
    db,
    session,
    list: (table, spec) => list(db, token, table, spec),
    pageRows: 5000,
    columns: (table) => columns(db, token, table),
    async manner() {
      const { mannerOf } = await import('../../../kernel/http/export.ts');
      const { rows } = await db.app.query('select kernel_logic.catalogue($1) as c', [token]);
      return { tables: JSON.parse(rows[0].c) as ShownTable[], ...(await mannerOf(db, token)) };
    },
    async report(name, parameters) {
      const { runReport } = await import('../../../kernel/database/reading/reports.ts');
      return await runReport(db, token, name, parameters);
    },
    async call(name, input, key = randomUUID()) {
      const { call } = await import('../../../kernel/database/writing/call.ts');
      const { operations } = await import('../../../kernel/modules.ts');
      const op = (await operations()).get(name);
      if (!op) throw problem('operation_unknown', { operation: name });
      return await call(db, op, { token, key, request_id: randomUUID(), address: 'shell' }, input);
    },
    async upload(table, id, path) {
      const { attachFrom } = await import('../../../kernel/files/receive.ts');
      const given = { name: basename(path), bytes: createReadStream(path) };
      return await attachFrom({ db, home }, { token, address: 'shell' }, { table, id }, given);
    },
    async download(id) {
      const { rows } = await list(db, token, 'files.attachment', { filter: [['id', '=', id]] });
      const [file] = rows;
      if (!file) throw problem('not_found');
      const { fileStore } = await import('../../../kernel/files/store.ts');
      return fileStore(home).read(String(file.hash), 0, Number(file.size) - 1);
    },
    async print(document, id, wish) {
      const { readLanguages } = await import('../../../kernel/i18n/read_languages.ts');
      await readLanguages();
      const { printDocument } = await import('../../../kernel/print/document.ts');
      return (await printDocument(db, token, { document, id }, wish)).pdf;
    },
    async close() {
      await session.end().catch(() => {});
      await db.close();
    },
  };
}

async function columns(db: Database, token: string, table: string): Promise<ColumnOf[]> {
  if (!/^[a-z_]+\.[a-z_]+$/.test(table)) throw problem('table_unknown', { table });
  const client = await db.app.connect();
  try {
    const [, , found] = await Promise.all([
      client.query('begin read only'),
      client.query('select kernel_logic.set_actor($1)', [token]),
      client.query(
        `select name, label, type, refers_to from kernel_logic.columns_of(to_regclass($1))`,
        [table],
      ),
      client.query('commit'),
    ]);
    if (found.rows.length === 0) throw problem('table_unknown', { table });
    return found.rows;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw asProblem(error);
  } finally {
    client.release();
  }
}
