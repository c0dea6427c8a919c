import { job, type Run } from '../jobs/job.ts';
import { z } from '../operation.ts';
import { type Answer, post } from './post.ts';

interface Delivery {
  id: string;
  endpoint_id: string;
  event: string;
  table_name: string;
  row_id: string | null;
  store_id: string | null;
  verb: string;
  changed_at: string;
  url: string;
  with_row: boolean;
}

const MOST = 500;

/** Sends what waits for one endpoint, in order, as its owner; the first that fails ends the round. */
export const sendDeliveries = job({
  name: 'webhooks.delivery.send',
  label: 'Tell webhooks of changes',
  permission: 'webhooks.manage',
  attempts: 1,
  input: z.object({ endpoint_id: z.uuid() }),
  async run(run, { endpoint_id }) {
    let sent = 0;
    while (sent < MOST) {
      const delivery = await next(run, endpoint_id);
      if (!delivery) break;
      const answer = await tell(run, delivery);
      const became = answer === 'hidden' ? answer : isFine(answer.status) ? 'sent' : 'failed';
      await told(run, delivery.id, became, answer);
      if (became === 'failed') break;
      sent += 1;
    }
    return { sent };
  },
});

const isFine = (status = 0): boolean => status >= 200 && status < 300;

const next = (run: Run, endpoint: string): Promise<Delivery | null> =>
  run.write(async ({ sql }) => {
    const { said } = await sql.one<{ said: string | null }>`
      select webhooks_logic.next(${endpoint}) as said`;
    return said ? (JSON.parse(said) as Delivery) : null;
  });

const told = (run: Run, id: string, became: string, answer: Answer | 'hidden') =>
  run.write(({ sql }) => {
    const { status = null, said = null } = answer === 'hidden' ? {} : (answer as Partial<Answer>);
    return sql.many`select webhooks_logic.told(${id}, ${became}, ${status}, ${said})`;
  });

async function tell(run: Run, delivery: Delivery): Promise<Answer | 'hidden'> {
  const row = await rowOf(run, delivery);
  if (row === 'hidden') return row;
  const { event, table_name, row_id, verb, changed_at, endpoint_id } = delivery;
  const body = JSON.stringify({
    type: `${table_name}.${verb}`,
    timestamp: new Date(changed_at).toISOString(),
    data: { id: event, table: table_name, row_id, verb, ...(row ? { row } : {}) },
  });
  const seconds = String(Math.floor(Date.now() / 1000));
  const { signature } = await run.write(
    ({ sql }) => sql.one<{ signature: string }>`
      select webhooks_logic.sign(${endpoint_id}, ${`${event}.${seconds}.${body}`}) as signature`,
  );
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Kontor',
    'webhook-id': event,
    'webhook-timestamp': seconds,
    'webhook-signature': signature,
  };
  const inside = process.env.WEBHOOKS_INSIDE === '1';
  return post(delivery.url, headers, body, { inside, signal: run.signal });
}

/** The row as the owner may see it now; hidden where they may not, also not that it changed. */
async function rowOf(run: Run, { verb, table_name, row_id, store_id, with_row }: Delivery) {
  if (verb === 'test') return undefined;
  const filter: [string, string, string][] = row_id
    ? [['id', '=', row_id]]
    : store_id
      ? [['store_id', '=', store_id]]
      : [];
  const { rows } = await run.list(table_name, { filter, limit: 1 });
  if (!rows[0]) return 'hidden';
  return with_row && row_id ? rows[0] : undefined;
}
