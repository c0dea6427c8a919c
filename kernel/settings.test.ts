import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { checkAddress, settings } from './settings.ts';

test('without any variable the settings suit one machine', () => {
  const root = process.getuid?.() === 0;
  assert.deepEqual(settings({}, {}), {
    home: root ? '/var/lib/kontor' : join(homedir(), '.kontor'),
    host: '127.0.0.1',
    port: 7070,
    insecure: false,
    lan: false,
    behindProxy: false,
    pool: 10,
    supervised: false,
    drainSeconds: 10,
    env: 'production',
    logLevel: 'info',
    slowMs: 500,
  });
});

test('variables are read, and what the command line gives comes first', () => {
  const env = {
    KONTOR_HOME: 'some/home',
    HOST: '::1',
    PORT: '8080',
    DATABASE_URL: 'postgres://a:b@host/shop',
    DATABASE_READ_URL: 'postgres://a:b@copy/shop',
    DATABASE_DIRECT_URL: 'postgres://a:b@host:5433/shop',
    DATABASE_POOL: '5',
    KONTOR_SUPERVISED: '1',
    DRAIN_SECONDS: '30',
    KONTOR_ENV: 'Test',
    LOG_LEVEL: 'debug',
    LOG_SLOW_MS: '250',
  };
  assert.deepEqual(settings({ port: 9090, insecure: true }, env), {
    home: resolve('some/home'),
    host: '::1',
    port: 9090,
    insecure: true,
    lan: false,
    behindProxy: false,
    databaseUrl: 'postgres://a:b@host/shop',
    databaseReadUrl: 'postgres://a:b@copy/shop',
    databaseDirectUrl: 'postgres://a:b@host:5433/shop',
    pool: 5,
    supervised: true,
    drainSeconds: 30,
    env: 'test',
    logLevel: 'debug',
    slowMs: 250,
  });
});

test('what makes no sense is named, with what would', () => {
  const refused: [Record<string, string>, string, RegExp][] = [
    [{ PORT: '70a' }, 'setting_not_a_number', /PORT must be .* from 0 to 65535, but is "70a"/],
    [{ PORT: '65536' }, 'setting_not_a_number', /65536/],
    [{ DATABASE_POOL: '0' }, 'setting_not_a_number', /DATABASE_POOL/],
    [{ KONTOR_ENV: 'prod' }, 'setting_not_one_of', /production, development, test/],
    [{ LOG_LEVEL: 'loud' }, 'setting_not_one_of', /LOG_LEVEL/],
    [{ DATABASE_URL: 'mysql://x/y' }, 'database_url_wrong', /begins with mysql:/],
    [{ DATABASE_URL: 'postgres://a:geheim@host' }, 'database_url_wrong', /name of the database/],
    [{ DATABASE_READ_URL: 'x' }, 'database_url_wrong', /^DATABASE_READ_URL .* it is no URL/],
    [{ DATABASE_READ_URL: 'postgres://h/d' }, 'setting_needs_database_url', /DATABASE_READ_URL/],
    [{ DATABASE_DIRECT_URL: 'postgres://h/d' }, 'setting_needs_database_url', /_DIRECT_URL/],
    [{ DATABASE_URL: 'host geheim' }, 'database_url_wrong', /it is no URL/],
  ];
  for (const [env, code, message] of refused) {
    assert.throws(
      () => settings({}, env),
      (error: Error & { code?: string }) =>
        error.code === code && message.test(error.message) && !error.message.includes('geheim'),
    );
  }
});

test('plain HTTP does not leave the machine unasked', () => {
  checkAddress({ host: 'localhost', insecure: false });
  checkAddress({ host: '0.0.0.0', insecure: true });
  assert.throws(() => checkAddress({ host: '0.0.0.0', insecure: false }), /--insecure/);
});
