import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import '../../../kernel/sentences.ts';
import { openHome } from '../../../kernel/home.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { type Settings, settings } from '../../../kernel/settings.ts';
import { MADE_ROOM } from '../../server/make_room.ts';

registerSentences({
  service_not_here: {
    status: 500,
    sentence:
      'There is no systemd here to start Kontor with the machine. Let what your system has for ' +
      'that run: {command}',
  },
  service_refused: {
    status: 500,
    sentence: 'systemd refused “systemctl {words}”. What it said stands above.',
  },
});

const root = join(import.meta.dirname, '..', '..', '..');
const UNIT = 'kontor.service';

/** Whose systemd: the machine's for root, else one's own. */
const isRoot = (): boolean => process.getuid?.() === 0;
const unitFile = (): string =>
  isRoot()
    ? join('/etc/systemd/system', UNIT)
    : join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'systemd', 'user', UNIT);

export interface ServiceOptions {
  print?: boolean;
  lan?: boolean;
  behindProxy?: boolean;
}

/** Starts Kontor with the machine, and again when it fails. Errors: service_not_here. */
export function serviceInstall(options: ServiceOptions): void {
  const given = settings();
  const unit = unitOf(given, options);
  if (options.print) {
    process.stdout.write(unit);
    return;
  }
  checkSystemd(`${program} ${wordsOf(options)}`);
  openHome(given.home);
  mkdirSync(dirname(unitFile()), { recursive: true });
  writeFileSync(unitFile(), unit);
  systemctl('daemon-reload');
  systemctl('enable', '--now', UNIT);
  if (!isRoot()) spawnSync('loginctl', ['enable-linger'], { stdio: 'ignore' });
  process.stdout.write(
    `Kontor starts with this machine. Look after it with: systemctl ${isRoot() ? '' : '--user '}status kontor\n`,
  );
}

/** Stops it, and starts it with the machine no more; nothing else is touched. */
export function serviceRemove(): void {
  checkSystemd(`${program} start`);
  if (!existsSync(unitFile())) {
    process.stdout.write('Kontor does not start with this machine.\n');
    return;
  }
  systemctl('disable', '--now', UNIT);
  rmSync(unitFile());
  systemctl('daemon-reload');
  process.stdout.write('Kontor no longer starts with this machine. Its data stays.\n');
}

const program = join(root, 'kontor');
const wordsOf = ({ lan, behindProxy }: ServiceOptions): string =>
  ['start', lan ? '--lan' : '', behindProxy ? '--behind-proxy' : ''].filter(Boolean).join(' ');

/** The unit; the environment that this call has, but for what holds a password, goes along. */
function unitOf(given: Settings, options: ServiceOptions): string {
  const kept = ['HOST', 'PORT', 'DATABASE_POOL', 'LOG_LEVEL', 'LOG_SLOW_MS', 'DRAIN_SECONDS'];
  const environment = [
    ['KONTOR_HOME', given.home],
    ['KONTOR_SUPERVISED', '1'],
    ['PATH', `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`],
    ...kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  ];
  return `[Unit]
Description=Kontor, the back office of a shop
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=${quoted(program)} ${wordsOf(options)}
${environment.map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`).join('\n')}
# DATABASE_URL and the like, which hold passwords: mode 0600.
EnvironmentFile=-${given.home.replaceAll('%', '%%')}/secrets/environment
Restart=on-failure
RestartForceExitStatus=${MADE_ROOM}
RestartSec=2
TimeoutStopSec=45
UMask=0077

[Install]
WantedBy=${isRoot() ? 'multi-user.target' : 'default.target'}
`;
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

function checkSystemd(command: string): void {
  const { status } = spawnSync('systemctl', ['--version'], { stdio: 'ignore' });
  if (status !== 0 || !existsSync('/run/systemd/system')) {
    throw problem('service_not_here', { command });
  }
}

function systemctl(...words: string[]): void {
  const all = isRoot() ? words : ['--user', ...words];
  if (spawnSync('systemctl', all, { stdio: 'inherit' }).status !== 0) {
    throw problem('service_refused', { words: all.join(' ') });
  }
}
