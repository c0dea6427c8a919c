import { setTimeout as wait } from 'node:timers/promises';
import { embeddedStatus } from '../../../kernel/database/postgres/embedded.ts';
import { signal } from '../../../kernel/database/postgres/processes.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';
import { runningServer } from '../desk/running.ts';
import { printJson } from '../output/print.ts';
import { version } from '../program.ts';

registerSentences({
  server_not_stopping: {
    status: 500,
    sentence: 'Process {pid} is still finishing what it does after a minute. Look at it yourself.',
  },
});

const MOST_MS = 60_000;

/** Stops the server of this home in good order. Error: server_not_stopping. */
export async function stopCommand(): Promise<void> {
  const { home } = settings();
  const running = runningServer(home);
  if (!running) {
    process.stdout.write('Kontor doesn’t run.\n');
    return;
  }
  signal(running.pid, 'SIGTERM');
  for (const start = Date.now(); runningServer(home); await wait(50)) {
    if (Date.now() - start > MOST_MS) throw problem('server_not_stopping', { pid: running.pid });
  }
  process.stdout.write('Kontor has stopped.\n');
}

/** How things stand, without starting anything. */
export function statusCommand({ json }: { json?: boolean }): void {
  const { home, databaseUrl } = settings();
  const server = runningServer(home);
  const embedded = embeddedStatus(home);
  const said = {
    version: version(),
    home,
    running: Boolean(server),
    url: server?.url ?? null,
    pid: server?.pid ?? null,
    since: server?.since ?? null,
    database: databaseUrl
      ? { kind: 'foreign' as const }
      : { kind: 'embedded' as const, initialised: embedded.initialised, running: embedded.running },
  };
  if (json) {
    printJson(said);
    return;
  }
  const lines = [
    server
      ? `Kontor ${said.version} runs at ${server.url} (process ${server.pid})`
      : 'Kontor doesn’t run.',
    `Data home: ${home}`,
    `Database: ${databaseSaid(said.database)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function databaseSaid(
  database: { kind: 'foreign' } | { kind: 'embedded'; initialised: boolean; running: boolean },
): string {
  if (database.kind === 'foreign') return 'at DATABASE_URL';
  if (!database.initialised) return 'not made yet (kontor init, or kontor start)';
  return database.running ? 'Kontor’s own, running' : 'Kontor’s own, at rest';
}
