import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { exportColumns, type ListSpec, list, listAll, type Row } from '../database/reading/list.ts';
import type { SheetColumn } from '../import/sheet.ts';
import { hook } from '../modules.ts';
import { catalogue } from './catalogue.ts';
import { tokenOf } from './who.ts';
import { zoneOf } from './zone.ts';

interface Wish {
  spec: ListSpec;
  format?: 'csv' | 'json' | 'xlsx' | undefined;
  time_zone?: string | undefined;
}

/** Every row of a list as a file, streamed. */
export async function answerExport(
  db: Database,
  request: FastifyRequest<{ Params: { table: string } }>,
  reply: FastifyReply,
  { spec: asked, format = 'csv', time_zone }: Wish,
): Promise<unknown> {
  const { table } = request.params;
  const token = tokenOf(request);
  // What goes out comes back by import: it keeps the texts that rows were written with.
  const { language: _, ...spec } = asked;
  // Asked first, while a problem can still be answered.
  const [own, page] = await Promise.all([
    exportColumns(db, token, table),
    list(db, token, table, { ...spec, limit: 1 }),
  ]);
  const { exportRows, headsOf } = await import('../import/export.ts');
  const heads = headsOf(spec, own, page.rows[0]);
  const rows = listAll(db, token, table, spec);
  if (format === 'xlsx') {
    const { tables } = await catalogue(db, token);
    const { sheetColumns } = await import('../import/sheet_columns.ts');
    const title = tables.find(({ name }) => name === table)?.label ?? table;
    const columns = sheetColumns(tables, table, heads);
    return sendSheet(db, request, reply, { rows, columns, title, name: table, time_zone });
  }
  reply
    .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
    .header('content-disposition', `attachment; filename="${table}.${format}"`);
  return reply.send(exportRows(rows, heads, format, { bom: true }));
}

interface Sheet {
  rows: AsyncIterable<Row> | Row[];
  columns: SheetColumn[];
  title: string;
  /** Of the file. */
  name: string;
  time_zone?: string | undefined;
}

/** Rows as an Excel file: amounts as the company writes them, moments by the shop's clocks. */
export async function sendSheet(
  db: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  { rows, columns, title, name, time_zone }: Sheet,
): Promise<unknown> {
  const { decimals, zone } = await mannerOf(db, tokenOf(request), time_zone);
  const { sheetRows, XLSX_TYPE } = await import('../import/sheet.ts');
  reply.type(XLSX_TYPE).header('content-disposition', `attachment; filename="${name}.xlsx"`);
  return reply.send(sheetRows(rows, columns, { title, decimals, zone }));
}

/** How the company writes amounts, and the zone that was asked for or most of its stores have. */
export async function mannerOf(
  db: Database,
  token: string,
  asked?: string,
): Promise<{ decimals: number; zone: string }> {
  const { rows } = await db.app.query(`select ${await hook('around')}($1) as around`, [token]);
  const { company, stores = [] } = JSON.parse(rows[0].around) as {
    company?: { decimals: number };
    stores?: { time_zone: string }[];
  };
  return { decimals: company?.decimals ?? 2, zone: zoneOf(stores, asked) };
}
