import { createTransport } from 'nodemailer';
import { type Problem, problem, registerSentences } from '../problem.ts';
import { isRightToLeft } from '../ui/base/writing.ts';
import type { Server } from './message.ts';

registerSentences({
  mail_unreachable: {
    status: 503,
    sentence:
      'The mail server {host} isn’t reached at port {port} ({why}). Check both, and the line.',
  },
  mail_not_secure: {
    status: 422,
    sentence:
      'No secure connection to the mail server {host} came about ({why}). Check the security that is set, and its port: mostly 465 for TLS, 587 for STARTTLS.',
  },
  mail_sign_in_refused: {
    status: 422,
    sentence: 'The mail server {host} took neither user name nor password ({why}). Set them again.',
  },
  mail_refused: {
    status: 422,
    sentence: 'The mail server {host} didn’t take the e-mail: {why}',
  },
  mail_put_off: {
    status: 503,
    sentence: 'The mail server {host} doesn’t take the e-mail now: {why}',
  },
});

/** What is sent. The id makes the Message-ID: sent twice it is one e-mail to who gets it. */
export interface Post {
  id: string;
  to: string;
  language: string;
  subject: string;
  text: string;
  attachment?: { name: string; bytes: Buffer };
}

const CONNECT_MS = 20_000;
const SILENCE_MS = 60_000;

/** Sends an e-mail; answers what the mail server said when it took it. Errors: as above. */
export async function post(
  server: Server,
  password: string | null,
  letter: Post,
  signal: AbortSignal,
): Promise<string> {
  const { host, port, security, username, from_address, from_name } = server;
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls' },
    // What was set is what is spoken: no quiet return to plain text, and no certificate unchecked.
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(username ? { auth: { user: username, pass: password ?? '' } } : {}),
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // What is sent is what is given here: no file of this machine, no address elsewhere is read.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const give = () => transport.close();
  signal.addEventListener('abort', give);
  try {
    const taken = await transport.sendMail({
      from: { name: from_name ?? '', address: from_address },
      to: { name: '', address: letter.to },
      subject: letter.subject,
      messageId: `<${letter.id}@${from_address.split('@')[1]}>`,
      text: letter.text,
      html: htmlOf(letter),
      // It is answered by no machine: an absence is not told to the shop for each receipt.
      headers: { 'auto-submitted': 'auto-generated', 'content-language': letter.language },
      attachments: letter.attachment
        ? [
            {
              filename: letter.attachment.name,
              content: letter.attachment.bytes,
              contentType: 'application/pdf',
            },
          ]
        : [],
    });
    return String(taken.response);
  } catch (error) {
    signal.throwIfAborted();
    throw asMailProblem(error as MailError, server);
  } finally {
    signal.removeEventListener('abort', give);
    transport.close();
  }
}

function htmlOf({ language, subject, text }: Post): string {
  const escaped = (said: string) =>
    said.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replaceAll('\n', '<br>');
  const paragraphs = text
    .split(/\n{2,}/)
    .map((one) => `<p>${escaped(one)}</p>`)
    .join('');
  const dir = isRightToLeft(language) ? 'rtl' : 'ltr';
  return `<!doctype html><html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="font-family:sans-serif">${paragraphs}</body></html>`;
}

type MailError = Error & { code?: string; responseCode?: number; response?: string };

function asMailProblem(error: MailError, { host, port }: Server): Problem {
  const { code = '', responseCode = 0, response = '', message } = error;
  // The server's own words; of a refused sign-in only the number, for some repeat what they were told.
  const said = response.slice(0, 200) || /\bE[A-Z]{4,}\b/.exec(message)?.[0] || code || message;
  const isForNow = responseCode >= 400 && responseCode < 500;
  if (code === 'EAUTH') {
    const why = responseCode || 'EAUTH';
    return problem(isForNow ? 'mail_put_off' : 'mail_sign_in_refused', { host, why });
  }
  if (code === 'ETLS' || /certificate|SSL|TLS|wrong version/i.test(message)) {
    return problem('mail_not_secure', { host, why: message.slice(0, 200) });
  }
  if (responseCode >= 500) return problem('mail_refused', { host, why: said });
  if (isForNow) return problem('mail_put_off', { host, why: said });
  return problem('mail_unreachable', { host, port, why: said });
}
