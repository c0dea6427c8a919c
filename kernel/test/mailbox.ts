import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail server on this machine that keeps what it takes. */
export interface Mailbox {
  port: number;
  came: Email[];
  /** How it answers the next e-mails: a code such as 451, or `cut` to take one and say nothing. */
  answers: (number | 'cut')[];
  close(): Promise<void>;
}

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const came: Email[] = [];
  const answers: Mailbox['answers'] = [];
  const server = new SMTPServer({
    logger: false,
    closeTimeout: 100,
    ...options,
    async onData(stream, session, done) {
      const raw = await text(stream.setEncoding('utf8'));
      const answer = answers.shift();
      if (typeof answer === 'number') {
        const refused = new Error(`said ${answer}`) as Error & { responseCode: number };
        refused.responseCode = answer;
        return done(refused);
      }
      came.push(await PostalMime.parse(raw));
      if (answer !== 'cut') return done(null, 'kept');
      for (const connection of server.connections) {
        if (connection.session.id === session.id) connection.close();
      }
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { port, came, answers, close };
}
