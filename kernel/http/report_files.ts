import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import { reports, runReport } from '../database/reports.ts';
import { language } from '../i18n/language.ts';
import { hook } from '../modules.ts';
import { problem, registerSentences } from '../problem.ts';
import { tokenOf } from './who.ts';

registerSentences({
  report_has_no_chart: {
    status: 400,
    sentence: 'The report {report} has no chart. Ask for it as json or csv.',
  },
});

const FORMATS = ['json', 'csv', 'svg'];
/** How wide a picture is, in pixels: a page of a letter or a mail holds it. */
const WIDTH = 720;

/** A report as JSON, as a CSV file, or its chart as a picture that is read alone. */
export async function answerReport(
  db: Database,
  request: FastifyRequest<{ Params: { name: string }; Querystring: Record<string, string> }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { name } = request.params;
  const { format = 'json', ...given } = request.query;
  if (!FORMATS.includes(format)) {
    throw problem('parameter_wrong', { parameter: 'format', why: 'must be json, csv or svg' });
  }
  const known = (await reports()).get(name);
  const token = tokenOf(request);
  if (format === 'svg' && known && !known.chart) {
    throw problem('report_has_no_chart', { report: name });
  }
  const report = await runReport(db, token, name, given);
  if (format === 'json') return report;
  reply.header(
    'content-disposition',
    `${format === 'csv' ? 'attachment' : 'inline'}; filename="${name}.${format}"`,
  );
  if (format === 'csv') {
    const { exportRows } = await import('../transfer/export.ts');
    const columns = report.columns.map(({ name }) => name);
    return reply
      .type('text/csv; charset=utf-8')
      .send(exportRows(report.rows, columns, 'csv', { bom: true }));
  }
  const wished = String(request.headers['accept-language'] ?? '').split(/[,;]/)[0];
  const picture = await pictureOf(report, await decimalsOf(db, token), wished?.trim());
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
      import('../ui/chart.ts'),
      import('../ui/chart_marks.ts'),
      import('../ui/writing.ts'),
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

async function decimalsOf(db: Database, token: string): Promise<number> {
  const { rows } = await db.app.query(`select ${await hook('around')}($1) as around`, [token]);
  const { company } = JSON.parse(rows[0].around) as { company?: { decimals: number } };
  return company?.decimals ?? 2;
}
