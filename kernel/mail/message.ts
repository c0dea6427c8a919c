import type { Run } from '../jobs/job.ts';
import type { Call } from '../operation.ts';
import { sendMessage } from './send.job.ts';

/** The mail server as it is set, without its password. */
export interface Server {
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string | null;
  from_address: string;
  from_name: string | null;
}

/** What is to be sent, and to whom. */
interface Wanted {
  /** `module.table`, as the module declares its document. */
  document: string;
  id: string;
  to: string;
  language: string;
}

/**
 * Puts an e-mail with a document down and queues the job that sends it, in the call's transaction.
 * Errors: not_found, mail_not_set_up, mailed_often, mailed_often_to, not_permitted.
 */
export async function mailDocument(call: Call, { document, id, to, language }: Wanted) {
  const { message } = await call.sql.one<{ message: string }>`
    select mail_logic.queue(${document}, ${id}, ${to}, ${language}) as message`;
  return { id: message, run_id: await call.enqueue(sendMessage, { id: message }) };
}

export const serverOf = (run: Run): Promise<Server> =>
  run.write(async ({ sql }) => {
    const { server } = await sql.one<{ server: string }>`select mail_logic.server() as server`;
    return JSON.parse(server) as Server;
  });
