import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { readXlsx } from 'hucre/xlsx';
import { pino } from 'pino';
import { story, theWorld } from '#kernel/test';
import { makeServer } from './server.ts';

let app: FastifyInstance;
before(async () => {
  const { db } = await theWorld();
  const log = pino({ enabled: false });
  app = await makeServer({ db, home: tmpdir(), log, version: 'test' }, async () => {});
});
after(() => app.close());

async function sheetOf(url: string, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'accept-language': 'en' };
  const { statusCode, rawPayload, ...rest } = await app.inject({ url, headers });
  assert.equal(statusCode, 200, rawPayload.toString());
  assert.match(String(rest.headers['content-disposition']), /filename="[\w.]+\.xlsx"/);
  const [sheet] = (await readXlsx(rawPayload)).sheets;
  return sheet!;
}

story('a list goes out as Excel, with its filters and in one’s own words', async ({ as }) => {
  const { token } = await as('manager');
  const headers = { authorization: `Bearer ${token}` };
  const { rows } = (await app.inject({ url: '/api/v1/master/store', headers })).json();
  const [{ code }] = rows as { code: string }[] as [{ code: string }];
  const wish = 'format=xlsx&language=ar&columns=code,company_id,company_id.currency,is_active';
  const one = encodeURIComponent(JSON.stringify([['code', '=', code]]));
  const sheet = await sheetOf(`/api/v1/export/master.store?${wish}&filter=${one}`, token);
  const heads = ['الرمز', 'الشركة', 'العملة في الشركة', 'نشط'];
  assert.deepEqual(sheet.rows[0], heads);
  assert.ok(rows.length > 1);
  assert.deepEqual(
    sheet.rows.slice(1).map(([first]) => first),
    [code],
  );
  assert.equal(sheet.rows[1]?.[3], true);
  assert.match(String(sheet.rows[1]?.[1]), /[a-z]/i);
});

story('groups go out as Excel, a label in the place of each id', async ({ as }) => {
  const { token } = await as('administrator');
  const groups = 'format=xlsx&group=made_at:month&totals=max:made_at';
  const sheet = await sheetOf(`/api/v1/export/audit.request?${groups}`, token);
  assert.deepEqual(sheet.rows[0], ['Made at by month', 'Rows', 'Most: Made at']);
  assert.ok(sheet.rows[1]?.[0] instanceof Date);
  const stores = await sheetOf('/api/v1/export/master.store?format=xlsx&group=company_id', token);
  assert.deepEqual(stores.rows[0], ['Company', 'Rows']);
  assert.doesNotMatch(String(stores.rows[1]?.[0]), /^[0-9a-f-]{36}$/);
});

story('a report goes out as Excel', async ({ as }) => {
  const { token } = await as('administrator');
  const sheet = await sheetOf('/api/v1/report/trial_balance?to=2026-12-31&format=xlsx', token);
  assert.ok(sheet.rows[0]?.includes('Debit'));
});

story('moments stand by the shop’s clocks, or those that were asked for', async ({ as }) => {
  const { token } = await as('administrator');
  const at = 'format=xlsx&columns=made_at,operation&q=';
  const of = async (zone: string) => {
    const path = `/api/v1/export/audit.request?${at}&time_zone=${zone}&sort=made_at`;
    return (await sheetOf(path, token)).rows[1]?.[0] as Date;
  };
  const [tokyo, utc] = [await of('Asia/Tokyo'), await of('UTC')];
  assert.equal(tokyo.getTime() - utc.getTime(), 9 * 3_600_000);
  const url = '/api/v1/export/audit.request?format=xlsx&time_zone=Nowhere';
  const wrong = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  assert.equal(wrong.json().code, 'parameter_wrong');
});
