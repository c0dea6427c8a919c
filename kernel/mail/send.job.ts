import { job, type Run } from '../jobs/job.ts';
import { z } from '../operation.ts';
import { Problem } from '../problem.ts';
import type { Server } from './message.ts';

interface Message {
  id: string;
  table_name: string;
  row_id: string;
  recipient: string;
  language: string;
  server: Server;
}

/** 5 s, 10 s, 20 s …: the last is some five hours after the first. */
const ATTEMPTS = 13;

/** Sends a document by e-mail, once: what the mail server took is not sent again. */
export const sendMessage = job({
  name: 'mail.message.send',
  label: 'Send by e-mail',
  permission: 'mail.send',
  attempts: ATTEMPTS,
  input: z.object({ id: z.uuid() }),
  async run(run, { id }) {
    const message = await toSend(run, id);
    if (!message) return { sent: false };
    try {
      const said = await send(run, message);
      await told(run, id, 'sent', said);
      return { sent: true };
    } catch (error) {
      const why = error instanceof Problem ? error : undefined;
      const isOver = run.attempt >= ATTEMPTS || (why && why.status < 500);
      await told(run, id, isOver ? 'failed' : 'waiting', why?.message ?? null);
      throw error;
    }
  },
});

async function send(run: Run, message: Message): Promise<string> {
  const { id, table_name: document, row_id, recipient: to, language, server } = message;
  const printed = await run.print({ document, id: row_id }, { language });
  const [{ letterOf }, { post }] = await Promise.all([import('./letter.ts'), import('./post.ts')]);
  const letter = await letterOf(document, printed);
  const password = await run.secret('mail.password');
  return await post(server, password, { id, to, ...letter }, run.signal);
}

const toSend = (run: Run, id: string): Promise<Message | null> =>
  run.write(async ({ sql }) => {
    const { said } = await sql.one<{
      said: string | null;
    }>`select mail_logic.to_send(${id}) as said`;
    return said ? (JSON.parse(said) as Message) : null;
  });

const told = (run: Run, id: string, became: string, said: string | null) =>
  run.write(({ sql }) => sql.many`select mail_logic.told(${id}, ${became}, ${said})`);
