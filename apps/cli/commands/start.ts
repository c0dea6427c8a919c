import { setTimeout as wait } from 'node:timers/promises';
import '../../../kernel/sentences.ts';
import { openHome } from '../../../kernel/home.ts';
import { Problem, problem, registerSentences } from '../../../kernel/problem.ts';
import { checkAddress, type Settings, settings } from '../../../kernel/settings.ts';
import type { Lan } from '../../server/lan/lan.ts';
import type { RunningServer } from '../../server/start.ts';
import { listenerAt, runningServer, sayRunning, sayStopped } from '../desk/running.ts';
import { WrongCall } from '../output/fail.ts';

registerSentences({
  port_taken_by: {
    status: 500,
    sentence:
      'Port {port} is taken by process {pid} ({command}). Stop that one, or choose another port ' +
      'with --port or PORT.',
  },
  port_taken_by_someone: {
    status: 500,
    sentence: 'Port {port} is taken by another program. Choose another with --port or PORT.',
  },
  port_not_allowed: {
    status: 500,
    sentence: 'This user may not open port {port} at {host} ({why}). Choose another with --port.',
  },
});

export interface StartOptions {
  insecure?: boolean;
  lan?: boolean;
  behindProxy?: boolean;
  host?: string;
  port?: string;
}

/** Serves in the foreground until it is stopped; a second start finds the first. */
export async function startCommand(options: StartOptions): Promise<void> {
  const given = settings({
    ...(options.insecure ? { insecure: true } : {}),
    ...(options.lan ? { lan: true } : {}),
    ...(options.behindProxy ? { behindProxy: true } : {}),
    ...(options.host ? { host: options.host } : {}),
    ...(options.port !== undefined ? { port: portOf(options.port) } : {}),
  });
  checkAddress(given);
  given.home = openHome(given.home);
  if (sayWhereItRuns(given.home)) return;
  process.stderr.write('Starting Kontor …\n');
  const { startServer } = await import('../../server/start.ts');
  const { MADE_ROOM } = await import('../../server/make_room.ts');
  let server: RunningServer;
  try {
    server = await startServer(given);
  } catch (error) {
    if (portOfError(error) && (await startedMeanwhile(given.home))) return;
    throw withHolder(error, given);
  }
  sayRunning(given.home, server.url);
  stopOnSignal(async () => {
    await server.close();
    sayStopped(given.home);
  });
  void server.madeRoom.then(() => {
    sayStopped(given.home);
    process.stderr.write('A newer Kontor was deployed; this one makes room for it.\n');
    process.exit(MADE_ROOM);
  });
  process.stdout.write(`Kontor is at ${server.url}\n`);
  if (server.lan) sayLan(server.lan);
}

function sayLan({ url, trustUrl, fingerprint }: Lan): void {
  process.stdout.write(
    `In your network it is at ${url}\n` +
      `Each device first opens ${trustUrl} and trusts it once. Compare the fingerprint there:\n` +
      `${fingerprint}\n`,
  );
}

function portOf(said: string): number {
  const port = /^\d{1,5}$/.test(said) ? Number(said) : Number.NaN;
  if (!(port <= 65535)) throw new WrongCall(`--port is a number from 0 to 65535, not “${said}”.`);
  return port;
}

function sayWhereItRuns(home: string): boolean {
  const running = runningServer(home);
  if (running) process.stdout.write(`Kontor runs already at ${running.url}\n`);
  return Boolean(running);
}

// Of two starts at once one gets the port; it says where it is a moment later.
async function startedMeanwhile(home: string): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (sayWhereItRuns(home)) return true;
    await wait(100);
  }
  return false;
}

const portOfError = (error: unknown): boolean => {
  const { code } = error as { code?: string };
  return code === 'port_taken' || code === 'EADDRINUSE';
};

function withHolder(error: unknown, { port, host }: Settings): unknown {
  if (portOfError(error)) {
    const holder = listenerAt(port);
    if (!holder) return problem('port_taken_by_someone', { port }, error);
    const command = shortened(holder.command);
    return problem('port_taken_by', { port, pid: holder.pid, command }, error);
  }
  const { code } = error as { code?: string };
  if (
    !(error instanceof Problem) &&
    ['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code ?? '')
  ) {
    return problem('port_not_allowed', { port, host, why: code ?? '' }, error);
  }
  return error;
}

const shortened = (command: string): string =>
  command.length > 80 ? `${command.slice(0, 79)}…` : command;

const ONE_SIGNAL_MS = 1000;
const MOST_MS = 30_000;

/** The first signal stops in good order; npm and the terminal often send it twice. */
function stopOnSignal(stop: () => Promise<void>): void {
  let first = 0;
  const onSignal = async (): Promise<void> => {
    if (first > 0) {
      if (Date.now() - first > ONE_SIGNAL_MS) process.exit(1);
      return;
    }
    first = Date.now();
    process.stderr.write('Stopping …\n');
    setTimeout(() => process.exit(1), MOST_MS).unref();
    await stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`kontor: It did not stop in good order: ${error?.message}\n`);
        process.exit(1);
      },
    );
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
}
