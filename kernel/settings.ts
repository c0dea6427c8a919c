import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { problem, registerSentences } from './problem.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export type Settings = {
  /** The data home: an absolute path. */
  home: string;
  host: string;
  port: number;
  /** Whether plain HTTP may leave this machine; only ever set by `--insecure`. */
  insecure: boolean;
  /** HTTPS by the shop's own certificate authority, for the devices of its network; by `--lan`. */
  lan: boolean;
  /** A proxy before Kontor speaks HTTPS; by `--behind-proxy`. */
  behindProxy: boolean;
  /** Addresses or networks of proxies on other machines, whose X-Forwarded-… are believed. */
  proxies?: string[];
  /** A PostgreSQL of one's own; without it Kontor runs the embedded one. */
  databaseUrl?: string;
  /** A streaming replica, for reports only; while it is away or late the primary answers them. */
  databaseReadUrl?: string;
  /** The same database without a transaction pooler between: deploy, LISTEN, session locks. */
  databaseDirectUrl?: string;
  /** Connections of the application's pool. */
  pool: number;
  /** Whether something starts Kontor again when it ends, such as systemd. */
  supervised: boolean;
  /** For how long a server that leaves says so at /health before it takes no more requests. */
  drainSeconds: number;
  env: 'production' | 'development' | 'test';
  logLevel: LogLevel;
  /** Operations, lists and reports that take longer (milliseconds) are named in the log. */
  slowMs: number;
};

registerSentences({
  setting_not_a_number: {
    status: 500,
    sentence: '{name} must be a whole number from {least} to {most}, but is "{value}".',
  },
  setting_not_one_of: {
    status: 500,
    sentence: '{name} must be one of {choices}, but is "{value}".',
  },
  database_url_wrong: {
    status: 500,
    sentence: '{name} must look like postgres://user:password@host:5432/database, but {reason}.',
  },
  setting_needs_database_url: {
    status: 500,
    sentence: '{name} is for a PostgreSQL of your own. Set DATABASE_URL too, or unset {name}.',
  },
  plain_http_leaves_machine: {
    status: 500,
    sentence:
      'HOST is {host}: passwords would travel unencrypted to other machines. Start with --lan for ' +
      'HTTPS in your own network, with --behind-proxy where a proxy speaks HTTPS before Kontor, or ' +
      'with --insecure.',
  },
});

const ENVIRONMENTS = ['production', 'development', 'test'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Reads the settings from the environment; `given` (from the command line) comes first.
 * Throws a Problem that names the variable: setting_not_a_number, setting_not_one_of,
 * database_url_wrong, setting_needs_database_url.
 */
export function settings(
  given: Partial<Settings> = {},
  env: Record<string, string | undefined> = process.env,
): Settings {
  const databaseUrl = given.databaseUrl ?? readDatabaseUrl(env, 'DATABASE_URL');
  const databaseReadUrl = given.databaseReadUrl ?? readDatabaseUrl(env, 'DATABASE_READ_URL');
  const databaseDirectUrl = given.databaseDirectUrl ?? readDatabaseUrl(env, 'DATABASE_DIRECT_URL');
  if (!databaseUrl && (databaseReadUrl || databaseDirectUrl)) {
    const name = databaseReadUrl ? 'DATABASE_READ_URL' : 'DATABASE_DIRECT_URL';
    throw problem('setting_needs_database_url', { name });
  }
  return {
    home: given.home ? resolve(given.home) : homeFolder(env),
    host: given.host ?? (env.HOST || (given.lan ? '0.0.0.0' : '127.0.0.1')),
    port: given.port ?? readNumber(env, 'PORT', 7070, 0, 65535),
    insecure: given.insecure ?? false,
    lan: given.lan ?? false,
    behindProxy: given.behindProxy ?? false,
    ...(env.KONTOR_PROXIES ? { proxies: env.KONTOR_PROXIES.split(',').map((p) => p.trim()) } : {}),
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(databaseReadUrl ? { databaseReadUrl } : {}),
    ...(databaseDirectUrl ? { databaseDirectUrl } : {}),
    pool: given.pool ?? readNumber(env, 'DATABASE_POOL', 10, 1, 1000),
    supervised: given.supervised ?? isSupervised(env),
    drainSeconds: given.drainSeconds ?? readNumber(env, 'DRAIN_SECONDS', 10, 0, 300),
    env: given.env ?? readChoice(env, 'KONTOR_ENV', 'production', ENVIRONMENTS),
    logLevel: given.logLevel ?? readChoice(env, 'LOG_LEVEL', 'info', LOG_LEVELS),
    slowMs: given.slowMs ?? readNumber(env, 'LOG_SLOW_MS', 500, 1, 3_600_000),
  };
}

/** Refuses to serve plain HTTP beyond this machine unless asked to: plain_http_leaves_machine. */
export function checkAddress({
  host,
  insecure,
  lan,
  behindProxy,
}: Pick<Settings, 'host' | 'insecure'> & Partial<Settings>): void {
  const own = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (!own && !insecure && !lan && !behindProxy)
    throw problem('plain_http_leaves_machine', { host });
}

/** The data home that the environment names, else the usual one. */
export function homeFolder(env: Record<string, string | undefined> = process.env): string {
  return resolve(env.KONTOR_HOME || defaultHome());
}

function defaultHome(): string {
  // The database server runs as a user of its own when started by root, and /root is closed to it.
  return process.getuid?.() === 0 ? '/var/lib/kontor' : join(homedir(), '.kontor');
}

// Every child of a service inherits systemd's variables; this one names the process it started.
function isSupervised(env: Record<string, string | undefined>): boolean {
  return env.KONTOR_SUPERVISED === '1' || env.SYSTEMD_EXEC_PID === String(process.pid);
}

function readNumber(
  env: Record<string, string | undefined>,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = env[name]?.trim();
  if (!value) return otherwise;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw problem('setting_not_a_number', { name, value, least, most });
  }
  return number;
}

function readChoice<T extends string>(
  env: Record<string, string | undefined>,
  name: string,
  otherwise: T,
  choices: readonly T[],
): T {
  const value = env[name]?.trim();
  if (!value) return otherwise;
  const choice = choices.find((one) => one === value.toLowerCase());
  if (!choice) throw problem('setting_not_one_of', { name, value, choices: choices.join(', ') });
  return choice;
}

function readDatabaseUrl(
  env: Record<string, string | undefined>,
  name: string,
): string | undefined {
  const value = env[name]?.trim();
  if (!value) return undefined;
  const wrong = (reason: string) => problem('database_url_wrong', { name, reason });
  const url = URL.parse(value);
  // The value itself stays out of the message: it holds a password.
  if (!url) throw wrong('it is no URL');
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw wrong(`it begins with ${url.protocol}`);
  }
  if (!url.pathname.slice(1)) throw wrong('the name of the database is missing');
  return value;
}
