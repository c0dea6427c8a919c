import { translated } from '../i18n/language.ts';
import { job } from '../jobs/job.ts';
import { z } from '../operation.ts';
import { phrase } from '../problem.ts';
import { Address, Language } from './address.ts';
import { serverOf } from './message.ts';

const SUBJECT = phrase('Test of your mail server');
const TEXT = phrase('This e-mail came by {host}. Receipts can be sent from now on.');

/** Sends an e-mail that holds nothing, once: who asked looks at what became of it. */
export const tryServer = job({
  name: 'mail.server.try',
  label: 'Test of the mail server',
  permission: 'kernel.administer',
  attempts: 1,
  input: z.object({ to: Address, language: Language }),
  async run(run, { to, language }) {
    const server = await serverOf(run);
    const { post } = await import('./post.ts');
    const say = (text: string) => translated(text, language).replace('{host}', server.host);
    const letter = { id: run.id, to, language, subject: say(SUBJECT), text: say(TEXT) };
    return { said: await post(server, await run.secret('mail.password'), letter, run.signal) };
  },
});
