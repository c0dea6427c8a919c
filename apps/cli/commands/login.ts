import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { request } from '../desk/remote.ts';
import { forgetSession, savedSession, saveSession } from '../desk/saved_session.ts';
import { Told, WrongCall } from '../output/fail.ts';
import { readPassword } from '../output/input.ts';

registerSentences({
  plain_http_elsewhere: {
    status: 422,
    sentence:
      '{url} is plain HTTP to another machine: your password would travel unencrypted. Use its ' +
      'https address, or add --insecure.',
  },
});

interface LoginOptions {
  url?: string;
  username?: string;
  passwordFile?: string;
  insecure?: boolean;
}

/** Signs in to a Kontor elsewhere, for the commands that follow. */
export async function loginCommand(options: LoginOptions): Promise<void> {
  const url = urlOf(
    options.url ?? `http://localhost:${settings().port}`,
    options.insecure ?? false,
  );
  const login = options.username ?? (await ask('text', 'Username?'));
  const password = options.passwordFile
    ? readPassword(options.passwordFile)
    : await ask('password', 'Password?');
  const me = await request<Me>(url, 'POST', '/session', {
    body: { login, password, bearer: true },
  });
  saveSession({ url, username: me.user.username, token: me.token });
  process.stdout.write(`Signed in to ${url} as ${me.user.username}.\n`);
}

interface Me {
  token: string;
  user: { username: string };
}

export async function logoutCommand(): Promise<void> {
  const saved = savedSession();
  if (!saved) {
    process.stdout.write('Nobody is signed in.\n');
    return;
  }
  const ended = request(saved.url, 'DELETE', '/session', { token: saved.token });
  // A server that is gone, or a session that ended already, keeps nobody signed in here.
  await ended.catch(() => {});
  forgetSession();
  process.stdout.write(`Signed out of ${saved.url}.\n`);
}

/** The address without its end. Error: plain_http_elsewhere. */
function urlOf(said: string, insecure: boolean): string {
  const url = URL.parse(said);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new WrongCall(`“${said}” is no address. One looks like https://shop.example.`);
  }
  const own = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !own && !insecure) {
    throw problem('plain_http_elsewhere', { url: url.origin });
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

async function ask(kind: 'text' | 'password', message: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new WrongCall('Name --username and --password-file, or call it at a terminal.');
  }
  const prompts = await import('@clack/prompts');
  const said = await prompts[kind]({ message });
  if (prompts.isCancel(said)) throw new Told();
  return said;
}
