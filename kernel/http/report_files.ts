import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { reports, runReport } from '../database/reading/reports.ts';
import { language } from '../i18n/language.ts';
import { problem, registerSentences } from '../problem.ts';
import { mannerOf, sendSheet } from './export.ts';
import { tokenOf } from './who.ts';

registerSentences({
  report_has_no_chart: {
    status: 400,
    sentence: 'The report {report} has no chart. Ask for it as json, csv or xlsx.',
  },
});

const FORMATS = ['json', 'csv', 'xlsx', 'svg'];
/** How wide a picture is, in pixels: a page of a letter or a mail holds it. */
const WIDTH = 720;

/** A report as JSON, as a CSV or Excel file, or its chart as a picture that is read alone. */
export async function answerReport(
  db: Database,
  request: FastifyRequest<{ Params: { name: string }; Querystring: Record<string, string> }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { name } = request.params;
  const { format = 'json', language: _, time_zone, ...given } = request.query;
  if (!FORMATS.includes(format)) {
    throw problem('parameter_wrong', {
      parameter: 'format',
      why: 'must be json, csv, xlsx or svg',
    });
  }
  const known = (await reports()).get(name);
  const token = tokenOf(request);
  if (format === 'svg' && known && !known.chart) {
    throw problem('report_has_no_chart', { report: name });
  }
  const report = await runReport(db, token, name, given);
  if (format === 'json') return report;
  if (format === 'xlsx') {
    const columns = report.columns
      .filter((column) => column.type !== 'uuid' && column.name !== 'id')
      .map((column) => ({ ...column, title: column.label }));
    const { title, rows } = report;
    return sendSheet(db, request, reply, { rows, columns, title, name, time_zone });
  }
  reply.header(
    'content-disposition',
    `${format === 'csv' ? 'attachment' : 'inline'}; filename="${name}.${format}"`,
  );
  if (format === 'csv') {
    const { exportRows } = await import('../import/export.ts');
    const columns = report.columns.map(({ name }) => name);
    return reply
      .type('text/csv; charset=utf-8')
      .send(exportRows(report.rows, columns, 'csv', { bom: true }));
  }
  const wished = String(request.headers['accept-language'] ?? '').split(/[,;]/)[0];
  const { decimals } = await mannerOf(db, token);
  const picture = await pictureOf(report, decimals, wished?.trim());
  return reply.type('image/svg+xml; charset=utf-8').send(picture);
}

/** Loaded when the first picture is asked for: most servers never draw one. */
async function pictureOf(
  report: Awaited<ReturnType<typeof runReport>>,
  decimals: number,
  wished: string | undefined,
): Promise<string> {
  const [{ renderToStaticMarkup }, { chartOf }, { kindOf, marksOf }, { isRightToLeft, tagOf }] =
    await Promise.all([
      import('react-dom/server'),
      import('../ui/chart/chart.ts'),
      import('../ui/chart/chart_marks.ts'),
      import('../ui/base/writing.ts'),
    ]);
  const tag = tagOf(language(), wished);
  const draw = chartOf(kindOf(report));
  if (!draw) throw problem('report_has_no_chart', { report: report.title });
  const told = report as Parameters<typeof marksOf>[0];
  const drawing = {
    ...{ title: report.title, marks: marksOf(told, { tag, decimals }), width: WIDTH, tag },
    ...{ rtl: isRightToLeft(language()), alone: true },
  };
  return renderToStaticMarkup(draw(drawing));
}
