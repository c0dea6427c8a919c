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
  /** A PostgreSQL of one's own; without it Kontor runs the embedded one. */
  databaseUrl?: string;
  /** Connections of the application's pool. */
  pool: number;
  env: 'production' | 'development' | 'test';
  logLevel: LogLevel;
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
    sentence:
      'DATABASE_URL must look like postgres://user:password@host:5432/database, but {reason}.',
  },
  plain_http_leaves_machine: {
    status: 500,
    sentence:
      'HOST is {host}: passwords would travel unencrypted to other machines. Put a proxy with ' +
      'HTTPS before Kontor and leave HOST at 127.0.0.1, or start with --insecure.',
  },
});

const ENVIRONMENTS = ['production', 'development', 'test'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Reads the settings from the environment; `given` (from the command line) comes first.
 * Throws a Problem that names the variable: setting_not_a_number, setting_not_one_of,
 * database_url_wrong.
 */
export function settings(
  given: Partial<Settings> = {},
  env: Record<string, string | undefined> = process.env,
): Settings {
  const databaseUrl = given.databaseUrl ?? readDatabaseUrl(env.DATABASE_URL);
  return {
    home: resolve(given.home ?? (env.KONTOR_HOME || defaultHome())),
    host: given.host ?? (env.HOST || '127.0.0.1'),
    port: given.port ?? readNumber(env, 'PORT', 7070, 0, 65535),
    insecure: given.insecure ?? false,
    ...(databaseUrl ? { databaseUrl } : {}),
    pool: given.pool ?? readNumber(env, 'DATABASE_POOL', 10, 1, 1000),
    env: given.env ?? readChoice(env, 'KONTOR_ENV', 'production', ENVIRONMENTS),
    logLevel: given.logLevel ?? readChoice(env, 'LOG_LEVEL', 'info', LOG_LEVELS),
  };
}

/** Refuses to serve plain HTTP beyond this machine unless asked to: plain_http_leaves_machine. */
export function checkAddress(given: Pick<Settings, 'host' | 'insecure'>): void {
  const own = given.host === 'localhost' || given.host === '::1' || given.host.startsWith('127.');
  if (!own && !given.insecure) throw problem('plain_http_leaves_machine', { host: given.host });
}

function defaultHome(): string {
  // The database server runs as a user of its own when started by root, and /root is closed to it.
  return process.getuid?.() === 0 ? '/var/lib/kontor' : join(homedir(), '.kontor');
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

function readDatabaseUrl(value: string | undefined): string | undefined {
  if (!value?.trim()) return undefined;
  const url = URL.parse(value.trim());
  // The value itself stays out of the message: it holds a password.
  if (!url) throw problem('database_url_wrong', { reason: 'it is no URL' });
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw problem('database_url_wrong', { reason: `it begins with ${url.protocol}` });
  }
  if (!url.pathname.slice(1)) {
    throw problem('database_url_wrong', { reason: 'the name of the database is missing' });
  }
  return value.trim();
}
